"""What one day of an apprentice may hold: the guards that logging and approving hours on the job share.

They are asked under the book's lock. What classes fill of a day is known to the layer above, so it is a dotted
path in the settings (OTHER_HOURS_OF_A_DAY).
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Protocol, cast

from django.conf import settings
from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, WorkHours, Worksite
from apprenticeship.plain_hours import is_within_a_day, plain_hours
from competencies.models import SkillSet

NONE = Decimal(0)
DayOfBook = tuple[uuid.UUID, date]


class HoursOfDays(Protocol):
    """What each entry of settings.OTHER_HOURS_OF_A_DAY is."""

    def __call__(self, books: Collection[uuid.UUID], days: Collection[date]) -> Mapping[DayOfBook, Decimal]: ...


@dataclass(frozen=True)
class WorkLine:
    """One piece of work: on which day, where, on which skill set, how long."""

    apprenticeship: Apprenticeship
    worked_on: date
    worksite: Worksite
    skill_set: SkillSet
    hours: Decimal

    @property
    def day(self) -> DayOfBook:
        return self.apprenticeship.pk, self.worked_on


@dataclass(frozen=True)
class WorkProblem:
    """What is wrong with one line, in words that say what to do; `line` is its place in the caller's list."""

    line: int
    field: str
    message: str


class WorkRefused(Exception):
    """Some lines are refused, and so all are; nothing was written."""

    def __init__(self, problems: Sequence[WorkProblem]) -> None:
        super().__init__("; ".join(f"{problem.line}: {problem.message}" for problem in problems))
        self.problems = list(problems)


class WorkInvalid(WorkRefused):
    """Wrong input. The edge answers 400."""


class WorkConflict(WorkRefused):
    """The lines clash with what stands already, or with what somebody did meanwhile. The edge answers 409."""


def problems_of(viewer: Viewer, line: WorkLine) -> list[tuple[str, str]]:
    """What is wrong with one line by itself, as field and message."""
    book = line.apprenticeship
    problems = []
    if not is_within_a_day(line.hours):
        problems.append(("hours", _("Enter the hours in quarters, more than 0 and at most 24, for example 7.5.")))
    if line.worked_on > viewer.today(book.sponsor):
        problems.append(("worked_on", _("This day is in the future. Log it once you have worked.")))
    if line.worked_on < book.starts_on:
        message = _("This day is before the apprenticeship began, on %(day)s.")
        problems.append(("worked_on", message % {"day": date_format(book.starts_on)}))
    if line.worksite.employer.sponsor_id != book.sponsor_id:
        problems.append(("worksite", _("This worksite does not belong to the apprentice's sponsor.")))
    if line.skill_set.version_id != book.terms.standard_version_id:
        problems.append(("skill_set", _("This skill set is not part of the standard this apprentice follows.")))
    return problems


def approved_on(days: Collection[DayOfBook]) -> dict[DayOfBook, Decimal]:
    """The approved hours that stand on these days of these books; one query."""
    rows = WorkHours.objects.standing().filter(
        apprenticeship__in={book for book, _day in days}, worked_on__in={day for _book, day in days}
    )
    return {(book, day): hours for book, day, hours in _summed(rows.values_list("apprenticeship", "worked_on"))}


def _summed(rows: object) -> Sequence[tuple[uuid.UUID, date, Decimal]]:
    return cast("Sequence[tuple[uuid.UUID, date, Decimal]]", rows.annotate(Sum("hours")))  # type: ignore[attr-defined]  # a queryset of values


def other_hours_on(days: Collection[DayOfBook]) -> dict[DayOfBook, Decimal]:
    """What else fills these days, as the layers above know it: one query each."""
    found: dict[DayOfBook, Decimal] = defaultdict(Decimal)
    for hours_on in _others(tuple(settings.OTHER_HOURS_OF_A_DAY)):
        for day, hours in hours_on({book for book, _day in days}, {day for _book, day in days}).items():
            found[day] += hours
    return found


@cache
def _others(paths: tuple[str, ...]) -> tuple[HoursOfDays, ...]:
    return tuple(import_string(path) for path in paths)


def too_long(book: Apprenticeship, *, work: Decimal, other: Decimal) -> str | None:
    """Why a day may not have `work` hours on the job beside `other` ones; None where it may."""
    most = book.sponsor.most_work_hours_a_day
    if work + other > 24:
        if other:
            return _("With the %(classes)s hours of classes that day would have %(hours)s hours; a day has 24.") % {
                "classes": plain_hours(other),
                "hours": plain_hours(work + other),
            }
        return _("That day would have %(hours)s hours; a day has 24.") % {"hours": plain_hours(work)}
    if most is not None and work > most:
        return _("That day would have %(hours)s hours on the job; %(sponsor)s allows at most %(most)s.") % {
            "hours": plain_hours(work),
            "sponsor": book.sponsor.name,
            "most": plain_hours(most),
        }
    return None
