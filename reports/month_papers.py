"""The month page as paper: one month of an apprentice's hours on the job by day and skill set, and its classes.

Hours on the job and hours of classes stand in tables of their own and are never added to each other.
"""

from dataclasses import dataclass

from reports.papers import MonthSigned, Paper

MONTH_TEMPLATE = 1
"""Raised whenever the printed month page would look or read otherwise for the same facts."""


@dataclass(frozen=True)
class Column:
    """One column as the site's file names it: what it shows, and its heading in the language of the paper."""

    value: str
    heading: str


@dataclass(frozen=True)
class SetSums:
    """One skill set with its approved hours: of the month, before it, and both together. Blank where there are none."""

    order: int
    title: str
    month: str
    before: str
    since: str


@dataclass(frozen=True)
class DayLine:
    """One day of the month. `hours` are in the order of the skill sets; blank where there are none."""

    day: str
    hours: tuple[str, ...]
    total: str
    worksites: tuple[str, ...]
    approved_by: tuple[str, ...]


@dataclass(frozen=True)
class EarnedLine:
    """Hours of one topic, from a class or earned otherwise. `kind` is "class" or how else they were earned."""

    day: str
    course: str
    topic: str
    hours: str
    kind: str
    provider: str
    instructor: str
    sequence: int


@dataclass(frozen=True)
class Sums:
    """Hours of the month, those before it, and both together."""

    month: str
    before: str
    since: str


@dataclass(frozen=True)
class MonthPage(Paper):
    """One month of one apprentice. `waiting` are hours that were logged and are not approved: they are not counted."""

    month: str
    job_columns: tuple[Column, ...]
    sets: tuple[SetSums, ...]
    days: tuple[DayLine, ...]
    job: Sums
    waiting: str
    class_columns: tuple[Column, ...]
    lines: tuple[EarnedLine, ...]
    classes: Sums
    signed: MonthSigned | None

    @property
    def first(self) -> str:
        """The first day of the month."""
        return f"{self.month}-01"
