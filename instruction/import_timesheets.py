"""Timesheets: what each row will do, by the same guards that logging by hand asks, and logging them."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from accounts.access import Permission, permits
from accounts.import_columns import CellProblem, day_in, plain, text_in
from accounts.import_rows import Row, refuse_twice, whole
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.cells import Cell
from acts.models import Act
from apprenticeship.models import WorkHours, WorkLog, Worksite
from apprenticeship.plain_hours import plain_hours
from apprenticeship.work_days import WorkLine, problems_of
from apprenticeship.work_logging import conflicts_of, log_lines
from competencies.models import SkillSet
from instruction.import_columns import TIMESHEET_COLUMNS, hours_in
from instruction.import_rows import Books

COLUMN_OF = {"worked_on": "date"}
Place = tuple[uuid.UUID, date, uuid.UUID, uuid.UUID]


def check(rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor) -> None:
    """Say of each row what it will do; as many queries at any number of rows."""
    books, places = Books(rows, viewer=viewer, sponsor=sponsor), _Places(sponsor)
    sets = _Sets(books)
    for row in rows:
        row.take("date", day_in)
        row.take("apprentice", books.of)
        row.take("worksite", places.of)
        row.take("hours", hours_in)
        if "apprentice" in row.read:
            row.take("skill_set", partial(sets.of, version=row.read["apprentice"].terms.standard_version_id))
    found = whole(rows, TIMESHEET_COLUMNS)
    for row in found:
        if not permits(viewer, Permission.LOG_WORK, on=row.read["apprentice"]):
            row.refuse("apprentice", _("Nobody whose hours you may bring in is known by this."))
            continue
        for name, message in problems_of(viewer, line_of(row)):
            row.refuse(COLUMN_OF.get(name, name), message)
    refuse_twice(found, lambda row: _place(line_of(row)), "skill_set")
    _find_known([row for row in found if not row.problems])
    new = [row for row in found if not row.problems and not row.is_there]
    for problem in conflicts_of([line_of(row) for row in new]):
        new[problem.line].refuse(COLUMN_OF.get(problem.field, problem.field), problem.message)


def write(
    rows: Sequence[Row],
    *,
    viewer: Viewer,
    sponsor: Sponsor,  # noqa: ARG001  # asked of every kind of file
    act: Act,
) -> list[uuid.UUID]:
    """Log the hours that checked rows tell; they wait for a mentor, as when logged by hand."""
    return [log.pk for log in log_lines([line_of(row) for row in rows], viewer=viewer, act=act)]


def line_of(row: Row) -> WorkLine:
    """What a row says, as logging takes it."""
    said = row.read
    return WorkLine(said["apprentice"], said["date"], said["worksite"], said["skill_set"], said["hours"])


def _place(line: WorkLine) -> Place:
    return line.apprenticeship.pk, line.worked_on, line.worksite.pk, line.skill_set.pk


def _find_known(rows: Sequence[Row]) -> None:
    """Mark the rows that are logged or approved already; of hours that a mentor changed, both numbers count."""
    lines = [line_of(row) for row in rows]
    known: dict[Place, set[Decimal]] = defaultdict(set)
    those = {
        "apprenticeship__in": {line.apprenticeship.pk for line in lines},
        "worked_on__in": {line.worked_on for line in lines},
    }
    columns = ("apprenticeship_id", "worked_on", "worksite_id", "skill_set_id")
    for *place, hours in WorkLog.objects.under_way().filter(**those).values_list(*columns, "hours"):
        known[_as_place(place)].add(hours)
    approved = WorkHours.objects.standing().filter(**those).values_list(*columns, "hours", "logged_hours")
    for *place, hours, logged in approved:
        known[_as_place(place)] |= {hours, logged}
    for row, line in zip(rows, lines, strict=True):
        hours = known.get(_place(line), set())
        row.is_there = line.hours in hours
        if hours and not row.is_there:
            said = _("%(hours)s h are logged for this already. Change them on the apprentice's page of hours.")
            row.refuse("hours", said % {"hours": plain_hours(max(hours))})


def _as_place(columns: Sequence[object]) -> Place:
    book, day, worksite, skill_set = columns
    return book, day, worksite, skill_set  # type: ignore[return-value]  # as the columns were asked for


class _Places:
    """The sponsor's worksites by name, and by employer and name; one query."""

    def __init__(self, sponsor: Sponsor) -> None:
        self.by_name: dict[str, list[Worksite]] = defaultdict(list)
        for place in Worksite.objects.filter(employer__sponsor=sponsor).select_related("employer"):
            self.by_name[plain(place.name)].append(place)
            self.by_name[plain(f"{place.employer.name}, {place.name}")].append(place)

    def of(self, cell: Cell) -> Worksite:
        """The worksite that the cell names. Raises CellProblem."""
        found = {place.pk: place for place in self.by_name.get(plain(text_in(cell)), [])}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            raise CellProblem(_("Several employers have a worksite of this name. Write employer, worksite."))
        raise CellProblem(_("No worksite has this name."))


class _Sets:
    """The skill sets of the standards that these apprentices follow, by number and title; one query."""

    def __init__(self, books: Books) -> None:
        self.by_name: dict[tuple[uuid.UUID, str], SkillSet] = {}
        for part in SkillSet.objects.filter(version__in=books.versions):
            for name in (str(part.order), part.title, f"{part.order} {part.title}"):
                self.by_name[part.version_id, plain(name)] = part

    def of(self, cell: Cell, version: uuid.UUID) -> SkillSet:
        """The skill set that the cell names in this version. Raises CellProblem."""
        found = self.by_name.get((version, plain(text_in(cell))))
        if found is None:
            raise CellProblem(_("The standard that this apprentice follows has no such skill set."))
        return found
