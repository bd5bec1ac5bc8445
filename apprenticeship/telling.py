"""Delivering what a transition announced: who is told, found when the message is delivered.

The message's row is held for the whole transaction, and the notices it made are its trace: a worker that
dies in between, or two at once, tell nothing twice. What is true is read anew, because minutes may have
passed: what was answered meanwhile is not asked of anybody.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import Membership, Notice, Role, Sponsor, User
from accounts.notices import ToTell, give, refresh
from accounts.viewer import Viewer
from acts.models import OutboxMessage
from apprenticeship import mentor_telling, work_telling
from apprenticeship.announcing import BY_METHOD, Telling
from apprenticeship.answering import who_may_sign
from apprenticeship.models import (
    Apprenticeship,
    AskState,
    RecordEntry,
    ReminderKind,
    RequestedSkill,
    Revocation,
    RevocationKind,
    SignOff,
    TakeBackRequest,
)
from apprenticeship.reminding import given_now, stage_of

ASKING_KINDS = ("asked", "nudged", "escalated", "nobody_may_answer", "credit_asked", "sent_back")
SIGNING_KINDS = ("signed", "ok_wanted", "credit_granted")
STANDING_KINDS = (
    "ok_wanted",
    "disagreed",
    "take_back_wanted",
    "due_again",
    "due_again_mentor",
    "work_sent_back",
    "month_due",
    "month_late",
)


@dataclass(frozen=True)
class Event:
    """One announced act on its way to people: the message, what it says, and the books it is about."""

    telling: Telling
    message: OutboxMessage
    payload: Mapping[str, Any]
    viewer: Viewer
    books: Mapping[uuid.UUID, Apprenticeship]

    @property
    def actor(self) -> User | None:
        return self.message.act.actor if self.message.act else None

    def ids(self, name: str) -> list[uuid.UUID]:
        """The ids that the message gives under `name`, be it one or a list."""
        given = self.payload.get(name, [])
        return [uuid.UUID(value) for value in ([given] if isinstance(given, str) else given)]

    def told(self, person: User, book: Apprenticeship, about: uuid.UUID, rows: Sequence[Any], **more: Any) -> ToTell:
        """One thing for one person; `kind` in `more` where it is not that of the telling."""
        kind = more.pop("kind", self.telling.value)
        by = self.actor.name if self.actor else book.sponsor.name
        data = {"name": book.apprentice.name, "by": by, "rows": list(rows), **more}
        return ToTell(person, book.sponsor, kind, about, data)


def tell(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:
    """Carry out one message of the outbox; safe to run twice. Raises ValueError for what nobody can tell."""
    telling = Telling(payload["telling"])
    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=message_id)
        message = OutboxMessage.objects.select_related("act__actor").get(pk=message_id)
        books = Apprenticeship.objects.with_context().in_bulk(_books(message, payload))
        event = Event(telling, message, payload, Viewer(user=None, at=at), books)
        told = [one for one in TELLERS[telling](event) if not event.actor or one.person.pk != event.actor.pk]
        give(told, message=message, wait=timedelta(seconds=payload.get("wait", 0)))
        refresh(_touched_by(event), at=at)


def _books(message: OutboxMessage, payload: Mapping[str, Any]) -> list[uuid.UUID]:
    """The books that a message names, or those that its act wrote to."""
    if "books" in payload:
        return [uuid.UUID(pk) for pk in payload["books"]]
    return list(RecordEntry.objects.filter(act=message.act_id).values_list("apprenticeship", flat=True).distinct())


def _touched_by(event: Event) -> Iterator[Notice]:
    """The earlier notices that may say something else after this act."""
    act = event.message.act
    if act is None:
        return
    requests = RequestedSkill.objects.filter(events__act=act).values("request")
    yield from Notice.objects.filter(about__in=requests, kind__in=ASKING_KINDS)
    yield from Notice.objects.filter(about__in=event.books, kind__in=STANDING_KINDS, over_at=None)
    if event.telling == Telling.TAKEN_BACK:
        for revocation in _revocations(event):
            yield from _notices_of(revocation.sign_off)


def _notices_of(sign_off: SignOff) -> Iterable[Notice]:
    """What was told of the act in which this was signed, in its book."""
    return Notice.objects.select_related("mail").filter(
        message__act=sign_off.entry.act_id, about=sign_off.apprenticeship_id, kind__in=SIGNING_KINDS
    )


# ------------------------------------------------------------ who
def coordinators_of(sponsor: Sponsor, *, viewer: Viewer) -> list[User]:
    """Who coordinates for `sponsor` today; where nobody does, who administers it."""
    today = viewer.today(sponsor)
    held = Membership.objects.filter(Q(until=None) | Q(until__gt=today), sponsor=sponsor, since__lte=today).accepted()
    held = held.filter(user__is_active=True, role__in=[Role.COORDINATOR, Role.ADMINISTRATOR]).select_related("user")
    by_role: dict[str, list[User]] = {Role.COORDINATOR: [], Role.ADMINISTRATOR: []}
    for membership in held.order_by("user__name", "pk"):
        by_role[membership.role].append(membership.user)
    return by_role[Role.COORDINATOR] or by_role[Role.ADMINISTRATOR]


def _overseers(event: Event, book: Apprenticeship) -> list[User]:
    """The coordinators, except of their own book."""
    return [p for p in coordinators_of(book.sponsor, viewer=event.viewer) if p.pk != book.apprentice_id]


# ------------------------------------------------------------ asking
def _asked_rows(event: Event) -> Iterator[tuple[Apprenticeship, uuid.UUID, list[RequestedSkill]]]:
    """What the event names and still waits, by book and request, in the order of the standard."""
    rows = RequestedSkill.objects.filter(pk__in=event.ids("asked")).select_related("skill__skill_set")
    ordered = rows.order_by("request", "skill__skill_set__order", "skill__order")
    groups: dict[tuple[uuid.UUID, uuid.UUID], list[RequestedSkill]] = {}
    for row in ordered:
        groups.setdefault((row.apprenticeship_id, row.request_id), []).append(row)
    for (book, request), found in groups.items():
        yield event.books[book], request, found


def _waiting_rows(event: Event) -> Iterator[tuple[Apprenticeship, uuid.UUID, list[RequestedSkill]]]:
    for book, request, rows in _asked_rows(event):
        waiting = [row for row in rows if row.state == AskState.OPEN]
        if waiting:
            yield book, request, waiting


def _as_rows(asked: Iterable[RequestedSkill]) -> list[list[str]]:
    return [[str(row.pk), row.skill.code, str(row.skill_id)] for row in asked]


def _to_signers(event: Event) -> Iterator[ToTell]:
    """All who may sign, primary and deputy alike, each of what they may; nobody may: the coordinators.

    What was answered before anybody could be told is told all the same and over at once (`refresh`): if the
    answer is undone, it waits for them again.
    """
    for book, request, found in _asked_rows(event):
        for_credit = [row for row in found if row.is_for_credit]
        for person in _overseers(event, book) if for_credit else []:
            yield event.told(person, book, request, _as_rows(for_credit))
        rows = [row for row in found if not row.is_for_credit]
        tracks = {row.skill.skill_set.role_track for row in rows}
        signers = who_may_sign([(book, track) for track in tracks], viewer=event.viewer)
        mine: dict[User, list[RequestedSkill]] = {}
        for row in rows:
            for person in signers[book.pk, row.skill.skill_set.role_track]:
                mine.setdefault(person, []).append(row)
        for person, theirs in mine.items():
            yield event.told(person, book, request, _as_rows(theirs))
        nobodys = [row for row in rows if not signers[book.pk, row.skill.skill_set.role_track]]
        if nobodys:
            yield from _alert(event, book, request, nobodys)


def _to_later_signers(event: Event) -> Iterator[ToTell]:
    """Those whom the message names and who may still sign what waits, in the words in which the others were told."""
    people = set(event.ids("people"))
    for book, request, rows in _waiting_rows(event):
        tracks = {row.skill.skill_set.role_track for row in rows if not row.is_for_credit}
        signers = who_may_sign([(book, track) for track in tracks], viewer=event.viewer)
        mine: dict[User, list[RequestedSkill]] = {}
        for row in rows:
            for person in signers.get((book.pk, row.skill.skill_set.role_track), ()):
                if person.pk in people and not row.is_for_credit:
                    mine.setdefault(person, []).append(row)
        for person, theirs in mine.items():
            yield event.told(person, book, request, _as_rows(theirs), kind=Telling.ASKED.value)


def _alert(event: Event, book: Apprenticeship, request: uuid.UUID, rows: Sequence[RequestedSkill]) -> Iterator[ToTell]:
    """Tell the coordinators what nobody may answer, and remember it, so that the timed look does not tell it again."""
    pairs = [(row.pk, stage_of(row)) for row in rows]
    new = given_now(ReminderKind.NOBODY, pairs, at=event.viewer.at)
    fresh = _as_rows(row for row in rows if row.pk in new)
    for person in _overseers(event, book) if fresh else []:
        yield event.told(person, book, request, fresh, kind=Telling.NOBODY_MAY_ANSWER.value)


def _waiting_to_coordinators(event: Event) -> Iterator[ToTell]:
    for book, request, rows in _waiting_rows(event):
        days = max((event.viewer.at - row.asked_at).days for row in rows)
        for person in _overseers(event, book):
            yield event.told(person, book, request, _as_rows(rows), days=days)


def _to_those_who_were_told(event: Event) -> Iterator[ToTell]:
    """Who had been told of the asking and has seen it, or had mail: the others need never know."""
    for book, request, rows in _asked_rows(event):
        seen = Q(read_at__isnull=False) | Q(mail__claimed_at__isnull=False)
        earlier = Notice.objects.filter(seen, about=request, kind__in=["asked", "nudged"]).select_related("person")
        for person in {notice.person for notice in earlier}:
            yield event.told(person, book, request, _as_rows(rows))


def _asked_to_apprentice(event: Event) -> Iterator[ToTell]:
    for book, request, rows in _asked_rows(event):
        back = [row for row in rows if row.state == AskState.SENT_BACK]
        if back:
            yield event.told(book.apprentice, book, request, _as_rows(back))


# ------------------------------------------------------------ signing
def _sign_offs(event: Event) -> Iterator[tuple[Apprenticeship, list[SignOff]]]:
    """The signatures that the event names, or that its act made, by book; mistakes are read as never given."""
    made = SignOff.objects.filter(_meant(event)).exclude(revocation__kind=RevocationKind.MISTAKE)
    groups: dict[uuid.UUID, list[SignOff]] = {}
    for sign_off in made.select_related("skill", "signer", "entry").order_by("entry__sequence"):
        groups.setdefault(sign_off.apprenticeship_id, []).append(sign_off)
    for book, found in groups.items():
        yield event.books[book], found


def _meant(event: Event) -> Q:
    """Which signatures the message is about."""
    if "sign_offs" in event.payload:
        return Q(pk__in=event.ids("sign_offs"))
    if "disagreement" in event.payload:
        return Q(counter_signatures__in=event.ids("disagreement"))
    if "answer" in event.payload:
        return Q(counter_signatures__answer__in=event.ids("answer"))
    return Q(entry__act=event.message.act) if event.message.act else Q(pk__in=[])


def _signed_rows(sign_offs: Iterable[SignOff]) -> list[list[str]]:
    return [[str(sign_off.pk), sign_off.skill.code, str(sign_off.skill_id)] for sign_off in sign_offs]


def _signed_to_apprentice(event: Event) -> Iterator[ToTell]:
    """What was signed, and apart from it what needs their OK, what is credit and what counts by a paper."""
    for book, made in _sign_offs(event):
        for kind in (Telling.OK_WANTED, *BY_METHOD.values(), Telling.SIGNED):
            rows = _signed_rows(sign_off for sign_off in made if _kind_of(sign_off) == kind)
            if rows:
                yield event.told(book.apprentice, book, book.pk, rows, kind=kind.value)


def _kind_of(sign_off: SignOff) -> Telling:
    if sign_off.needs_counter_signature:
        return Telling.OK_WANTED
    return BY_METHOD.get(sign_off.method, Telling.SIGNED)


def _to_apprentice(event: Event) -> Iterator[ToTell]:
    for book, made in _sign_offs(event):
        yield event.told(book.apprentice, book, book.pk, _signed_rows(made))


def _to_signer(event: Event) -> Iterator[ToTell]:
    for book, made in _sign_offs(event):
        for signer in {sign_off.signer for sign_off in made}:
            yield event.told(signer, book, book.pk, _signed_rows(s for s in made if s.signer_id == signer.pk))


def _to_the_named(event: Event) -> Iterator[ToTell]:
    """The people whom the message names: the mentor who wanted a signature taken back."""
    people = User.objects.filter(pk__in=event.ids("people"))
    for book, made in _sign_offs(event):
        for person in people:
            yield event.told(person, book, book.pk, _signed_rows(made))


def _to_coordinators(event: Event) -> Iterator[ToTell]:
    """Those who shall answer, with the way to where they do."""
    wanted = event.ids("disagreement")
    if event.message.act:
        wanted += TakeBackRequest.objects.filter(act=event.message.act).values_list("pk", flat=True)
    to = {"to": str(wanted[0])} if wanted else {}
    for book, made in _sign_offs(event):
        for person in _overseers(event, book):
            yield event.told(person, book, book.pk, _signed_rows(made), **to)


def _to_apprentice_of_each_book(event: Event) -> Iterator[ToTell]:
    for book in event.books.values():
        yield event.told(book.apprentice, book, book.pk, [])


def _revocations(event: Event) -> list[Revocation]:
    rows = Revocation.objects.filter(pk__in=event.ids("revocations"))
    found = rows.select_related("sign_off__skill", "sign_off__signer", "sign_off__entry")
    return list(found.order_by("entry__apprenticeship", "sign_off__entry__sequence"))


def _taken_back(event: Event) -> Iterator[ToTell]:
    """Apprentice and signer. A mistake is told only to who had seen it or had mail: to all others it never was."""
    for_each: dict[tuple[uuid.UUID, User], list[SignOff]] = {}
    for revocation in _revocations(event):
        signed = revocation.sign_off
        people = {event.books[signed.apprenticeship_id].apprentice, signed.signer}
        if revocation.kind == RevocationKind.MISTAKE:
            people = {person for person in people if person.pk in _who_knew(signed)}
        for person in people:
            for_each.setdefault((signed.apprenticeship_id, person), []).append(signed)
    for (book, person), made in for_each.items():
        yield event.told(person, event.books[book], book, _signed_rows(made))


def _who_knew(sign_off: SignOff) -> set[uuid.UUID]:
    """Who has read that this was signed, or had a mail about it."""
    notices = [n for n in _notices_of(sign_off) if any(row[0] == str(sign_off.pk) for row in n.data["rows"])]
    return {n.person_id for n in notices if n.read_at or (n.mail and n.mail.claimed_at)}


# ------------------------------------------------------------ due again
def _due(event: Event) -> Iterator[ToTell]:
    """The apprentice and their mentors, book by book; the coordinators in one notice a sponsor."""
    days = event.payload["days"]
    sponsors: dict[uuid.UUID, list[tuple[Apprenticeship, int]]] = {}
    for book, made in _sign_offs(event):
        rows = _signed_rows(made)
        yield event.told(book.apprentice, book, book.pk, rows, days=days)
        for person in who_may_sign([(book, "")], viewer=event.viewer)[book.pk, ""]:
            yield event.told(person, book, book.pk, rows, days=days, kind="due_again_mentor")
        sponsors.setdefault(book.sponsor_id, []).append((book, len(rows)))
    for found in sponsors.values():
        sponsor = found[0][0].sponsor
        people = sorted({book.apprentice.name for book, _skills in found})
        data = {"days": days, "skills": sum(skills for _book, skills in found), "people": people, "rows": []}
        for person in coordinators_of(sponsor, viewer=event.viewer):
            yield ToTell(person, sponsor, "due_again_sponsor", sponsor.pk, data)


def _month_late(event: Event) -> Iterator[ToTell]:
    """The coordinators: a month of hours on the job was not signed by its day."""
    for book in event.books.values():
        for person in _overseers(event, book):
            yield event.told(person, book, book.pk, [], month=event.payload["month"])


def _to_nobody(_event: Event) -> Iterator[ToTell]:
    """It only ends what had been told before."""
    yield from ()


def _both(*tellers: Callable[[Event], Iterator[ToTell]]) -> Callable[[Event], Iterator[ToTell]]:
    def both(event: Event) -> Iterator[ToTell]:
        for teller in tellers:
            yield from teller(event)

    return both


TELLERS: Mapping[Telling, Callable[[Event], Iterator[ToTell]]] = {
    Telling.ASKED: _to_signers,
    Telling.NUDGED: _to_signers,
    Telling.WAITS_FOR_YOU: _to_later_signers,
    Telling.WITHDRAWN: _to_those_who_were_told,
    Telling.SENT_BACK: _asked_to_apprentice,
    Telling.ESCALATED: _waiting_to_coordinators,
    Telling.NOBODY_MAY_ANSWER: _waiting_to_coordinators,
    Telling.CREDIT_ASKED: _waiting_to_coordinators,
    Telling.SIGNED: _signed_to_apprentice,
    Telling.OK_WANTED: _to_apprentice,
    Telling.AGREED: _to_nobody,
    Telling.CREDIT_GRANTED: _signed_to_apprentice,
    Telling.PAPER_VERIFIED: _signed_to_apprentice,
    Telling.TAKEN_BACK: _taken_back,
    Telling.DISAGREED: _both(_to_coordinators, _to_signer),
    Telling.DISAGREEMENT_ANSWERED: _both(_to_apprentice, _to_signer),
    Telling.TAKE_BACK_WANTED: _to_coordinators,
    Telling.TAKE_BACK_DECLINED: _to_the_named,
    Telling.VERIFIED: _to_apprentice_of_each_book,
    Telling.STATUS_CHANGED: _to_apprentice_of_each_book,
    Telling.ASSIGNED: _to_apprentice_of_each_book,
    Telling.MENTORS_CHANGED: mentor_telling.mentors_changed,
    Telling.DUE_AGAIN: _due,
    Telling.WORK_REVIEWED: work_telling.reviewed,
    Telling.WORK_VOIDED: work_telling.voided,
    Telling.MONTH_SIGNED: work_telling.month_signed,
    Telling.MONTH_DUE: work_telling.month_due,
    Telling.MONTH_LATE: _month_late,
}
