"""What nobody does, but time: requests that wait too long or are with nobody, and skills that come due again.

Everything here may run at any moment, twice, or after days of standstill: a Reminder is written in the
same transaction as the message, and tells what was told before.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Sponsor
from accounts.viewer import Viewer
from apprenticeship.announcing import Telling, announce
from apprenticeship.answering import who_may_sign
from apprenticeship.limits import MOST_DAYS, days_of
from apprenticeship.models import AskKind, AskState, Reminder, ReminderKind, RequestedSkill, SkillStanding, Terms
from apprenticeship.querysets import RequestedSkillQuerySet

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
    rows = list(
        _waiting()
        .filter(kind=AskKind.SIGN_OFF)
        .select_related("apprenticeship__sponsor", "skill__skill_set")
        .prefetch_related("apprenticeship__mentorships__mentor")
    )
    pairs = [(row.apprenticeship, row.skill.skill_set.role_track) for row in rows]
    signers = who_may_sign(pairs, viewer=Viewer(user=None, at=at))
    alone = (row for row, (book, track) in zip(rows, pairs, strict=True) if not signers[book.pk, track])
    return _announce_asked(Telling.NOBODY_MAY_ANSWER, ReminderKind.NOBODY, alone, at=at)


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

    After a standstill only the nearest of the stages that were missed is told.
    """
    horizon = (at + timedelta(days=MOST_DAYS + 1)).date()
    rows = SkillStanding.objects.filter(sign_off__isnull=False, due_on__lte=horizon)
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
