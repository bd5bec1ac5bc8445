"""Logging and approving hours on the job, with facts that a test need not name."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from accounts.models import User
from apprenticeship.models import Apprenticeship, MonthSignature, WorkHours, WorkLog, Worksite
from apprenticeship.work_days import WorkLine
from apprenticeship.work_logging import log_work
from apprenticeship.work_months import hours_of_month, sign_month
from apprenticeship.work_review import Decision, review_work
from apprenticeship.work_voiding import void_work
from competencies.models import SkillSet
from tests.cast import NOW, fresh, viewer_for

WORKDAY = date(2026, 2, 25)
"""A Wednesday before NOW."""
MONTH = date(2026, 2, 1)


def set_of(book: Apprenticeship, order: int = 1) -> SkillSet:
    """The skill set of this number, of the standard that the apprentice follows."""
    return SkillSet.objects.get(version=book.terms.standard_version_id, order=order)


def work_line(
    book: Apprenticeship,
    hours: str = "8",
    *,
    day: date = WORKDAY,
    order: int = 1,
    worksite: Worksite | None = None,
    skill_set: SkillSet | None = None,
) -> WorkLine:
    """Eight hours on WORKDAY at their own worksite on the first skill set, if nothing else is said."""
    place = worksite or book.worksite
    assert place
    return WorkLine(fresh(book), day, place, skill_set or set_of(book, order), Decimal(hours))


def logged(*lines: WorkLine, by: User | None = None, at: datetime = NOW) -> list[WorkLog]:
    """These lines, logged by `by` or else by the apprentice of the first."""
    who = by or lines[0].apprenticeship.apprentice
    return log_work(viewer=viewer_for(who, at), key=str(uuid.uuid4()), lines=lines)


def decided(log: WorkLog, hours: str | None = "same", words: str = "") -> Decision:
    """What a mentor says of the row as it is now; None sends it back."""
    now = WorkLog.objects.with_place().with_book().get(pk=log.pk)
    approved = now.hours if hours == "same" else Decimal(hours) if hours is not None else None
    return Decision(now, now.revision, approved, words)


def reviewed(by: User, decisions: Sequence[Decision], *, at: datetime = NOW, key: str = "") -> list[WorkHours]:
    """The decisions, carried out by `by`."""
    return review_work(viewer=viewer_for(by, at), key=key or str(uuid.uuid4()), decisions=decisions)


def approved(by: User, *lines: WorkLine, at: datetime = NOW) -> list[WorkHours]:
    """These lines, logged by their apprentice and approved by `by` as they are."""
    return reviewed(by, [decided(log) for log in logged(*lines, at=at)], at=at)


def month_signed(by: User, book: Apprenticeship, *, at: datetime = NOW, key: str = "") -> MonthSignature:
    """The month of WORKDAY with eight hours more, signed by `by` as it stands."""
    approved(by, work_line(book))
    return signed_as_it_stands(by, book, at=at, key=key)


def signed_as_it_stands(by: User, book: Apprenticeship, *, at: datetime = NOW, key: str = "") -> MonthSignature:
    """The month of WORKDAY, signed by `by`."""
    seen = [row.pk for row in hours_of_month(book, MONTH)]
    viewer = viewer_for(by, at)
    return sign_month(viewer=viewer, key=key or str(uuid.uuid4()), apprenticeship=fresh(book), month=MONTH, seen=seen)


def work_taken_back(by: User, hours: Sequence[WorkHours], reason: str = "She was on leave.") -> None:
    """These approved hours, taken back by `by`."""
    rows = WorkHours.objects.select_related("entry", "skill_set", "apprenticeship__sponsor")
    found = list(rows.filter(pk__in=[row.pk for row in hours]))
    void_work(viewer=viewer_for(by), key=str(uuid.uuid4()), hours=found, reason=reason)
