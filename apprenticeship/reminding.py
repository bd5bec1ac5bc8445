"""What nobody does, but time: requests that wait too long, are with nobody or got a new signer; skills due again.

Everything here may run at any moment, twice, or after days of standstill: a Reminder is written in the
same transaction as the message, and tells what was told before.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Notice, Sponsor, User
from accounts.viewer import Viewer
from acts.models import OutboxMessage
from apprenticeship.announcing import HANDLER, Telling, announce
from apprenticeship.answering import who_may_sign
from apprenticeship.limits import MOST_DAYS, days_of
from apprenticeship.models import AskKind, AskState, Reminder, ReminderKind, RequestedSkill, SkillStanding, Terms
from apprenticeship.querysets import RequestedSkillQuerySet
from apprenticeship.statuses import RUNNING

DUE_LIMITS = ("due_notice_last_days", "due_notice_second_days", "due_notice_first_days")
AT_ONCE = 200
"""How many books one message about due skills names at most."""


def given_now(kind: ReminderKind, of: Iterable[tuple[uuid.UUID, str]], *, at: datetime) -> set[uuid.UUID]:
    """Note these reminders (subject and stage); the subjects of those that nobody had given before.

    In the caller's transaction. Of two callers at once the second waits, and then finds them given.
    """
    new = set()
    for subject, stage in of:
        _row, made = Reminder.objects.get_or_create(kind=kind, subject=subject, stage=stage, defaults={"given_at": at})
        if made:
            new.add(subject)
    return new


def stage_of(asked: RequestedSkill) -> str:
    """Which wait it is: asked again, a skill waits anew."""
    return asked.asked_at.isoformat()


def has_waited(asked: RequestedSkill, *, at: datetime) -> bool:
    """Whether it waits so long that the coordinator has it too. Its book's terms are loaded."""
    return asked.asked_at + timedelta(days=days_of(asked.apprenticeship.terms, "hand_on_after_days")) <= at


def hand_on(*, at: datetime) -> int:
    """Bring what has waited too long before the coordinators; returns how many skills."""
    waiting = _waiting().select_related("apprenticeship__terms")
    return _announce_asked(
        Telling.ESCALATED, ReminderKind.HANDED_ON, (row for row in waiting if has_waited(row, at=at)), at=at
    )


def alert(*, at: datetime) -> int:
    """Tell the coordinators what nobody may answer any more; returns how many skills.

    What nobody might answer from the start was told at the asking.
    """
    alone = (row for row, signers in _with_signers(_waiting(), at=at) if not signers)
    return _announce_asked(Telling.NOBODY_MAY_ANSWER, ReminderKind.NOBODY, alone, at=at)


def tell_later_signers(*, at: datetime) -> int:
    """Tell who may sign what waits and was not told of it, a mentor since after the asking; returns how many people.

    Whatever made them so: a new mentorship, a wider one, the mentor's role given later. What is announced and
    not delivered yet is left to its message, which finds them itself.
    """
    on_their_way = OutboxMessage.objects.filter(handler=HANDLER, act__isnull=False, delivered_at=None, failed_at=None)
    pairs = [
        (row, person)
        for row, signers in _with_signers(_waiting().exclude(events__act__in=on_their_way.values("act")), at=at)
        for person in signers
    ]
    informed = _informed({row.request_id for row, _person in pairs})
    later = [(row, person.pk) for row, person in pairs if (person.pk, str(row.pk)) not in informed]
    given = Reminder.objects.filter(kind=ReminderKind.NEW_SIGNER, subject__in=[row.pk for row, _person in later])
    known = set(given.values_list("subject", "stage"))
    groups: dict[tuple[uuid.UUID, uuid.UUID], list[uuid.UUID]] = defaultdict(list)
    for row, person in later:
        if (row.pk, str(person)) not in known:
            groups[row.apprenticeship_id, person].append(row.pk)
    return sum(_tell_later_signer(book, person, asked, at=at) for (book, person), asked in groups.items())


def _tell_later_signer(book: uuid.UUID, person: uuid.UUID, asked: Iterable[uuid.UUID], *, at: datetime) -> bool:
    """Announce to one person what waits in one book, and note it in the same transaction; False: it was before."""
    with transaction.atomic():
        new = given_now(ReminderKind.NEW_SIGNER, [(pk, str(person)) for pk in asked], at=at)
        if new:
            viewer = Viewer(user=None, at=at)
            announce(Telling.WAITS_FOR_YOU, act=None, viewer=viewer, books=[book], asked=sorted(new), people=[person])
    return bool(new)


def _informed(requests: Iterable[uuid.UUID]) -> set[tuple[uuid.UUID, str]]:
    """Who was told of which skill of these requests, as they were asked or reminded of."""
    notices = Notice.objects.filter(about__in=list(requests), kind__in=[Telling.ASKED, Telling.NUDGED])
    return {
        (person, row[0])
        for person, data in notices.values_list("person", "data")
        for row in data.get("all", data["rows"])
    }


def _with_signers(waiting: RequestedSkillQuerySet, *, at: datetime) -> list[tuple[RequestedSkill, tuple[User, ...]]]:
    """What waits for a signature, each with those who may give it."""
    rows = list(
        waiting.filter(kind=AskKind.SIGN_OFF)
        .select_related("apprenticeship__sponsor", "skill__skill_set")
        .prefetch_related("apprenticeship__mentorships__mentor")
    )
    pairs = [(row.apprenticeship, row.skill.skill_set.role_track) for row in rows]
    signers = who_may_sign(pairs, viewer=Viewer(user=None, at=at))
    return [(row, signers[book.pk, track]) for row, (book, track) in zip(rows, pairs, strict=True)]


def _waiting() -> RequestedSkillQuerySet:
    return RequestedSkill.objects.filter(state=AskState.OPEN)


def _announce_asked(telling: Telling, kind: ReminderKind, rows: Iterable[RequestedSkill], *, at: datetime) -> int:
    """Announce those of `rows` that were not reminded of before, each book in a transaction of its own."""
    found = list(rows)
    known = set(Reminder.objects.filter(kind=kind, subject__in=[r.pk for r in found]).values_list("subject", "stage"))
    books: dict[uuid.UUID, list[RequestedSkill]] = defaultdict(list)
    for row in found:
        if (row.pk, stage_of(row)) not in known:
            books[row.apprenticeship_id].append(row)
    told = 0
    for book, group in books.items():
        with transaction.atomic():
            new = given_now(kind, [(row.pk, stage_of(row)) for row in group], at=at)
            if new:
                announce(telling, act=None, viewer=Viewer(user=None, at=at), books=[book], asked=sorted(new))
                told += len(new)
    return told


# ------------------------------------------------------------ due again
def announce_due(*, at: datetime) -> int:
    """Tell of skills that come due again, 60, 30 and 7 days before or as the Terms say; returns how many.

    After a standstill only the nearest of the stages that were missed is told. Nobody is told while an apprenticeship
    rests or after its end: nothing can be signed then.
    """
    horizon = (at + timedelta(days=MOST_DAYS + 1)).date()
    rows = SkillStanding.objects.filter(sign_off__isnull=False, due_on__lte=horizon, apprenticeship__status__in=RUNNING)
    groups: dict[tuple[Sponsor, int], list[tuple[SkillStanding, str]]] = defaultdict(list)
    for row in rows.select_related("apprenticeship__sponsor", "apprenticeship__terms").order_by("apprenticeship", "pk"):
        if stage := _due_stage(row, at=at):
            days, name = stage
            groups[row.apprenticeship.sponsor, days].append((row, name))
    return sum(_announce_due(days, found, at=at) for (_sponsor, days), found in groups.items())


def _due_stage(row: SkillStanding, *, at: datetime) -> tuple[int, str] | None:
    """Within how many days it is due (0: it is now) and the stage's name; None while that is far off."""
    if row.due_on is None:
        return None
    left = (row.due_on - row.apprenticeship.sponsor.local_date(at)).days
    stages = sorted(_due_days(row.apprenticeship.terms))
    nearest = next((days for days in stages if left <= days), None)
    if nearest is None:
        return None
    return (nearest if left > 0 else 0), str(nearest)


def _due_days(terms: Terms) -> Sequence[int]:
    return [days_of(terms, limit) for limit in DUE_LIMITS]


def _announce_due(days: int, found: Sequence[tuple[SkillStanding, str]], *, at: datetime) -> int:
    subjects = [row.sign_off_id for row, _stage in found if row.sign_off_id]
    known = set(Reminder.objects.filter(kind=ReminderKind.DUE, subject__in=subjects).values_list("subject", "stage"))
    fresh = [(row, stage) for row, stage in found if (row.sign_off_id, stage) not in known]
    told = 0
    for start in range(0, len(fresh), AT_ONCE):
        part = fresh[start : start + AT_ONCE]
        with transaction.atomic():
            pairs = [(row.sign_off_id, stage) for row, stage in part if row.sign_off_id]
            new = given_now(ReminderKind.DUE, pairs, at=at)
            if new:
                books = dict.fromkeys(row.apprenticeship_id for row, _stage in part if row.sign_off_id in new)
                viewer = Viewer(user=None, at=at)
                announce(Telling.DUE_AGAIN, act=None, viewer=viewer, books=books, sign_offs=sorted(new), days=days)
                told += len(new)
    return told
