"""The page on which a mentor reviews weeks: what waits, and what was sent of it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.models import Apprenticeship, WorkLog
from apprenticeship.plain_hours import plain_hours, typed_hours
from apprenticeship.work_days import WorkProblem
from apprenticeship.work_review import Decision

MOST_ROWS = 400
"""How many rows one page shows at most, the oldest first; the next ones come after these."""


@dataclass
class Row:
    """One logged line with what was sent of it: the hours as typed, and whether it goes back."""

    log: WorkLog
    hours: str
    back: bool = False


@dataclass
class Week:
    """What one apprentice logged in one week, with what was sent of it."""

    book: Apprenticeship
    monday: date
    rows: list[Row] = field(default_factory=list)
    ticked: bool = False
    words: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return f"{self.book.pk}_{self.monday.isoformat()}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def total(self) -> str:
        return plain_hours(sum((row.log.hours for row in self.rows), Decimal(0)))

    @property
    def place(self) -> str:
        """The worksite of all its lines, said once; blank where they are of several."""
        names = {row.log.worksite.name for row in self.rows}
        return names.pop() if len(names) == 1 else ""

    @property
    def chosen(self) -> bool:
        """Whether it is to be reviewed now; who wrote a word about it or sends a line back means it."""
        return self.ticked or bool(self.words) or any(row.back for row in self.rows)

    @property
    def opened(self) -> bool:
        """Whether its lines are shown open: something was changed or is wrong there."""
        return bool(self.words or self.problems) or any(
            row.back or row.hours != plain_hours(row.log.hours) for row in self.rows
        )


def monday_of(day: date) -> date:
    """The Monday on which the week of `day` begins."""
    return day - timedelta(days=day.weekday())


def weeks_of(logs: Iterable[WorkLog]) -> list[Week]:
    """`logs` by week and apprentice, the oldest week first."""
    weeks: dict[tuple[date, str, uuid.UUID], Week] = {}
    for log in logs:
        monday, book = monday_of(log.worked_on), log.apprenticeship
        week = weeks.setdefault((monday, book.apprentice.name, book.pk), Week(book, monday))
        week.rows.append(Row(log, plain_hours(log.hours)))
    return [weeks[place] for place in sorted(weeks)]


class ReviewSheet:
    """All weeks that wait for one mentor, and what the mentor sent of them."""

    def __init__(self, viewer: Viewer, data: Mapping[str, str] | None = None, ticked: Sequence[str] = ()) -> None:
        rows = WorkLog.objects.to_review_by(viewer).with_place().with_book().by_day()
        self.key = (data or {}).get("key") or new_key()
        self.weeks = weeks_of(rows[:MOST_ROWS])
        self.problem = ""
        self._data = data or {}
        for week in self.weeks if data is not None else ():
            self._read(week, ticked)

    @property
    def books(self) -> list[Apprenticeship]:
        return [week.book for week in self.weeks]

    def _read(self, week: Week, ticked: Sequence[str]) -> None:
        week.ticked = week.code in ticked
        week.words = self._data.get(f"words-{week.code}", "").strip()
        for row in week.rows:
            row.hours = self._data.get(f"hours-{row.log.pk}", row.hours).strip()
            row.back = f"back-{row.log.pk}" in self._data

    def decisions(self) -> list[Decision]:
        """What the mentor decided; empty, with the problem named, where something cannot be read."""
        found = [self._decision(week, row) for week in self.weeks if week.chosen for row in week.rows]
        if not found:
            self.problem = _("Tick at least one week.")
        return [] if self.refused else [decision for decision in found if decision]

    @property
    def refused(self) -> bool:
        return bool(self.problem) or any(week.problems for week in self.weeks)

    def _decision(self, week: Week, row: Row) -> Decision | None:
        try:
            revision = int(self._data.get(f"seen-{row.log.pk}", "0"))
        except ValueError:
            revision = 0  # of no row: it is refused as one that was not seen
        if (hours := typed_hours(row.hours)) is None:
            week.problems.append(_("Enter the hours in quarters, more than 0 and at most 24, for example 7.5."))
            return None
        words = week.words if row.back or hours != row.log.hours else ""
        return Decision(row.log, revision, None if row.back else hours, words)

    def refuse(self, problems: Iterable[WorkProblem]) -> None:
        """Show what the transition refused beside its week; the sheet gets a key that was not used."""
        rows = [week for week in self.weeks if week.chosen for _row in week.rows]
        for problem in problems:
            if problem.message not in rows[problem.line].problems:
                rows[problem.line].problems.append(problem.message)
        self.key = new_key()
