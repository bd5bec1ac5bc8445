"""Telling people: one notice a person and a thing, in the app at once and by mail as each has chosen.

What can be told is registered in settings.NOTICE_KINDS by the layers above, as tables of NoticeKind.
Whoever delivers a message calls `give` in a transaction that holds the message's row; then nothing is
told twice, whatever happens to the worker.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.models import Mail, Membership, Notice, NoticeChoice, NoticeGroup, Sponsor, User, Way
from accounts.viewer import Viewer
from acts.models import OutboxMessage
from acts.outbox import enqueue

Data = Mapping[str, Any]
MAIL_HANDLER = "mail"
"""The name in settings.OUTBOX_HANDLERS of what sends one mail."""

USUAL: Mapping[str, Way] = {
    NoticeGroup.WAITING: Way.AT_ONCE,
    NoticeGroup.ANSWERS: Way.DAILY,
    NoticeGroup.DUE: Way.DAILY,
}
"""How mail comes where neither the person nor the sponsor chose: at once what waits, once a day everything else."""


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice: its words in the reader's language, where it leads, and whether it still holds.

    `now` answers what the notice would say at this moment, or None where nothing is left to tell; it is
    asked before mail goes out, because minutes or hours lie between. `over` is said of one that is over.
    """

    code: str
    group: NoticeGroup
    shape: str
    title: Callable[[Data], str]
    detail: Callable[[Data], str]
    address: Callable[[Notice], str]
    now: Callable[[Notice], Data | None]
    over: "str | Promise"


@dataclass(frozen=True)
class ToTell:
    """One thing to tell one person: its kind, the row it is about, and the names and numbers of its words."""

    person: User
    sponsor: Sponsor
    kind: str
    about: uuid.UUID
    data: Data


def kind_of(code: str) -> NoticeKind:
    """The kind with this code. Raises KeyError for one that is not registered."""
    return _kinds(tuple(settings.NOTICE_KINDS))[code]


@cache
def _kinds(paths: tuple[str, ...]) -> Mapping[str, NoticeKind]:
    return {kind.code: kind for path in paths for kind in import_string(path)}


def give(told: Iterable[ToTell], *, message: OutboxMessage, wait: timedelta = timedelta(0)) -> list[Notice]:
    """Write a notice for each of `told` and queue the mails of those who want them at once.

    Inside the caller's transaction, which holds the row of `message`; a second call for the same message
    gives the first result and does nothing. `wait` holds mail back, counted from the act.
    """
    before = list(Notice.objects.filter(message=message))
    if before:
        return before
    wanted = list({(one.person.pk, one.kind, one.about): one for one in told}.values())
    still_to_come = _still_to_come(wanted)
    wanted = [one for one in wanted if (one.person.pk, one.sponsor.pk) not in still_to_come]
    ways = {
        sponsor: ways_of({one.person.pk for one in wanted if one.sponsor == sponsor}, sponsor=sponsor)
        for sponsor in {one.sponsor for one in wanted}
    }
    notices = [_notice(one, message, ways[one.sponsor][one.person.pk], wait) for one in wanted]
    Mail.objects.bulk_create([notice.mail for notice in notices if notice.mail])
    Notice.objects.bulk_create(notices)
    for notice in notices:
        if notice.mail:
            queue(notice.mail, at=message.created_at, due_at=notice.mail_after)
    return notices


def _still_to_come(told: Collection[ToTell]) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """The people among them, by sponsor, who have not yet accepted that sponsor's invitation. One query.

    Until then nobody but the invitation's mail tells them anything: their account may be another sponsor's.
    """
    if not told:
        return set()
    waiting = Membership.objects.filter(user__in={one.person.pk for one in told}, pending=True)
    return set(waiting.values_list("user", "sponsor"))


def queue(mail: Mail, *, at: datetime, due_at: datetime | None = None) -> None:
    """Put one mail into the outbox, as a message of its own: one that fails is tried again alone."""
    enqueue(MAIL_HANDLER, {"mail": str(mail.pk)}, act=None, at=at, due_at=due_at)


def _notice(one: ToTell, message: OutboxMessage, ways: Mapping[str, Way], wait: timedelta) -> Notice:
    group = kind_of(one.kind).group
    may_mail = bool(one.person.email) and one.person.is_active
    notice = Notice(
        message=message,
        person=one.person,
        sponsor=one.sponsor,
        kind=one.kind,
        group=group,
        about=one.about,
        data=dict(one.data),
        at=message.created_at,
        mail_after=message.created_at + wait,
        for_daily_mail=may_mail and ways[group] == Way.DAILY,
    )
    if may_mail and ways[group] == Way.AT_ONCE:
        notice.mail = Mail(person=one.person, sponsor=one.sponsor, created_at=message.created_at)
    return notice


def usual_ways(sponsor: Sponsor | None) -> dict[str, Way]:
    """By group how mail comes to people of `sponsor` who have not chosen themselves."""
    set_by_sponsor = sponsor.usual_mail if sponsor else {}
    return {group: Way(set_by_sponsor.get(group, way)) for group, way in USUAL.items()}


def ways_of(people: Collection[uuid.UUID], *, sponsor: Sponsor | None) -> Mapping[uuid.UUID, Mapping[str, Way]]:
    """By person and group how mail of `sponsor` comes: as chosen, else as is usual there. One query."""
    chosen = NoticeChoice.objects.filter(person__in=people).values_list("person", "group", "way")
    ways: dict[uuid.UUID, dict[str, Way]] = {person: usual_ways(sponsor) for person in people}
    for person, group, way in chosen:
        ways[person][group] = Way(way)
    return ways


def choose(viewer: Viewer, ways: Mapping[str, Way]) -> None:
    """Let mail come to `viewer` in these ways from now on; what was told before is sent so, too."""
    for group, way in ways.items():
        NoticeChoice.objects.update_or_create(person=viewer.person, group=group, defaults={"way": way})


def unread(viewer: Viewer) -> int:
    """How many notices of `viewer` want to be looked at; one query, none for an anonymous visitor."""
    return 0 if viewer.is_anonymous else Notice.objects.visible_to(viewer).unread().count()


def mark_read(viewer: Viewer, notices: Collection[uuid.UUID] | None = None) -> int:
    """Note that `viewer` has read these notices of theirs, or all; returns how many had been unread."""
    rows = Notice.objects.visible_to(viewer).filter(read_at=None)
    return (rows if notices is None else rows.filter(pk__in=notices)).update(read_at=viewer.at)


def refresh(notices: Iterable[Notice], *, at: datetime) -> None:
    """Bring notices to what is true now: over where nothing is left to tell, alive again where there is."""
    changed = []
    for notice in notices:
        now = kind_of(notice.kind).now(notice)
        over_at = None if now is not None else notice.over_at or at
        data = dict(now) if now is not None else notice.data
        if (over_at, data) != (notice.over_at, notice.data):
            notice.over_at, notice.data = over_at, data
            changed.append(notice)
    Notice.objects.bulk_update(changed, ["over_at", "data"])


@dataclass(frozen=True)
class Told:
    """Who was told of something, and when."""

    name: str
    at: datetime
    kind: str


def told_about(about: uuid.UUID, kinds: Sequence[str]) -> list[Told]:
    """Who was told of these kinds about the row `about`, the first first; one query."""
    rows = Notice.objects.filter(about=about, kind__in=kinds).order_by("at", "person__name")
    return [Told(*row) for row in rows.values_list("person__name", "at", "kind")]
