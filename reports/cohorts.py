"""Panels across many apprentices: the grid of a cohort, and the totals of every cohort.

Each works from the projection's sums and takes the same number of queries at any size. The scope
is required and is what the asker may see; nothing here widens it.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext as _

from accounts.states import State
from apprenticeship.models import Cohort, Method, SignOff, SkillStanding, Verification
from apprenticeship.querysets import WAITS_FOR_OK, ApprenticeshipQuerySet
from competencies.models import SkillSet, StandardVersion
from instruction.sums import NONE, BookHours, hours_of_many, plain_hours
from reports.overview import ApprenticeLine, apprentice_lines


class Order(StrEnum):
    """How the people of a grid are put in order; the code is what stands in the address."""

    NAME = "name"
    PROGRESS = "progress"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class GridColumn:
    """One skill set of the standard."""

    id: uuid.UUID
    order: int
    title: str
    role_track: str
    total: int


@dataclass(frozen=True)
class GridCell:
    """One apprentice's skills of one set: `attained` of `total`, and the state that matters most in it.

    `credited` of those attained were granted for earlier learning, `on_paper` transcribed from paper.
    `verified`: the sponsor has verified all that counts in it; `changed`: it was verified, and something counts now
    that this does not cover, or no longer does.
    """

    column: GridColumn
    attained: int
    state: State
    credited: int = 0
    on_paper: int = 0
    verified: bool = False
    changed: bool = False

    @property
    def total(self) -> int:
        return self.column.total

    @property
    def needs_words(self) -> bool:
        """Whether the figure alone would hide something: a skill fell back, is due again, or lacks an OK."""
        return self.state in (State.NO_LONGER_STANDS, State.DUE_AGAIN, State.WAITING)


@dataclass(frozen=True)
class GridRow:
    """One apprentice: the line of totals, a cell for each set, the hours of classes."""

    line: ApprenticeLine
    cells: tuple[GridCell, ...]
    hours: BookHours

    @property
    def hours_words(self) -> str:
        """For example "28.5 of 44"; only what was recorded where the standard asks for no number."""
        return _of(self.hours.recorded, self.hours.required)


@dataclass(frozen=True)
class GridPanel:
    """The apprentices who follow one version of one standard; its sets are the columns."""

    version: StandardVersion
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]

    @property
    def tracks(self) -> list[tuple[str, int]]:
        """The role tracks over the columns, each with how many neighbors it spans; "" is for everybody."""
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if spans and spans[-1][0] == column.role_track:
                spans[-1] = (column.role_track, spans[-1][1] + 1)
            else:
                spans.append((column.role_track, 1))
        return spans


@dataclass(frozen=True)
class CohortGrid:
    """The apprentices of a scope by skill sets; one panel for each standard version among them."""

    panels: tuple[GridPanel, ...]

    @property
    def people(self) -> int:
        return sum(len(panel.rows) for panel in self.panels)


@dataclass(frozen=True)
class CohortCard:
    """One cohort's totals over all its apprentices. `cohort` is None for those who are in none.

    `months` counts what was signed in each of the last twelve months, the running one last.
    """

    cohort: Cohort | None
    lines: tuple[ApprenticeLine, ...]
    hours: tuple[BookHours, ...]
    months: tuple[int, ...]

    @property
    def bars(self) -> list[tuple[int, int]]:
        """The year as bars: by month its place (from 0) and its height in tenths of the highest."""
        highest = max(self.months, default=0) or 1
        return [(place, -(-10 * count // highest)) for place, count in enumerate(self.months)]

    @property
    def hours_words(self) -> str:
        """Hours of classes of everybody together, "276 of 352"; the whole only where every standard names its hours."""
        required = [book.required for book in self.hours]
        recorded = sum((book.recorded for book in self.hours), NONE)
        return _of(recorded, None if None in required else sum((hours or NONE for hours in required), NONE))

    @property
    def attained(self) -> int:
        return sum(line.attained for line in self.lines)

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def done(self) -> int:
        """How many have attained every required skill."""
        return sum(line.done for line in self.lines)

    @property
    def stalled(self) -> int:
        """How many have had nothing signed for four weeks."""
        return sum(line.stalled for line in self.lines)


def cohort_grid(scope: ApprenticeshipQuerySet, *, at: datetime, order: Order = Order.NAME) -> CohortGrid:
    """The grid of every apprenticeship in `scope` as it stands, "due again" judged at the instant `at`.

    The same number of queries whether one apprentice or fifty.
    """
    lines = sorted(apprentice_lines(scope, at=at), key=lambda line: _place(line, order))
    columns = _columns(line.apprenticeship.terms.standard_version_id for line in lines)
    sums = _sums(scope, lines, at)
    hours = hours_of_many(scope)
    verified = _verified(scope)
    rows: dict[uuid.UUID, list[GridRow]] = defaultdict(list)
    for line in lines:
        version_id = line.apprenticeship.terms.standard_version_id
        book = line.apprenticeship.pk
        cells = tuple(_cell(column, sums.get((book, column.id)), verified, book) for column in columns[version_id])
        rows[version_id].append(GridRow(line, cells, hours[book]))
    versions = StandardVersion.objects.filter(pk__in=rows).select_related("standard")
    ordered = sorted(versions, key=lambda version: (version.title, version.number))
    return CohortGrid(tuple(GridPanel(v, tuple(columns[v.pk]), tuple(rows[v.pk])) for v in ordered))


def cohort_cards(cohorts: Iterable[Cohort], scope: ApprenticeshipQuerySet, *, at: datetime) -> tuple[CohortCard, ...]:
    """A card for each of `cohorts`, and a last one for those of `scope` in no cohort, if there are any."""
    lines: dict[uuid.UUID | None, list[ApprenticeLine]] = defaultdict(list)
    for line in apprentice_lines(scope, at=at):
        lines[line.apprenticeship.cohort_id].append(line)
    hours = hours_of_many(scope)
    signed = _signed_by_month(scope)

    def card(cohort: Cohort | None) -> CohortCard:
        members = lines[cohort.pk if cohort else None]
        books = [line.apprenticeship.pk for line in members]
        months = last_months(members[0].today if members else at.date(), 12)
        counts = tuple(sum(signed.get((book, *month), 0) for book in books) for month in months)
        return CohortCard(cohort, tuple(members), tuple(hours[book] for book in books), counts)

    return tuple(card(cohort) for cohort in [*cohorts, *([None] if lines[None] else [])])


def last_months(today: date, count: int) -> list[tuple[int, int]]:
    """The last `count` months as (year, month), the one of `today` at the end."""
    running = today.year * 12 + today.month - 1
    return [_year_and_month(month) for month in range(running - count + 1, running + 1)]


def _year_and_month(months: int) -> tuple[int, int]:
    """Year and month (from 1) of a number of months since year 0."""
    return months // 12, months % 12 + 1


def _signed_by_month(scope: ApprenticeshipQuerySet) -> dict[tuple[uuid.UUID, int, int], int]:
    """How much was signed in each book, by the year and month of the day it was shown; one query."""
    signed = (
        SignOff.objects.filter(apprenticeship__in=scope.order_by())
        .values_list("apprenticeship", ExtractYear("observed_on"), ExtractMonth("observed_on"))
        .annotate(Count("pk"))
    )
    return {(book, year, month): count for book, year, month, count in signed}


def _of(part: Decimal, whole: Decimal | None) -> str:
    if whole is None:
        return plain_hours(part)
    return _("%(part)s of %(whole)s") % {"part": plain_hours(part), "whole": plain_hours(whole)}


@dataclass(frozen=True)
class _Sum:
    """What the projection counts for one apprentice in one set."""

    attained: int
    begun: int
    ended: int
    due: int
    waiting: int
    credited: int
    on_paper: int


def _place(line: ApprenticeLine, order: Order) -> tuple[float, str, str]:
    """By name; the least progress first; or the longest silence first, so that who is stuck stands on top."""
    by = {
        Order.NAME: 0.0,
        Order.PROGRESS: line.attained / line.total if line.total else 0.0,
        Order.ACTIVITY: float(-line.quiet_days),
    }[order]
    return by, line.name.casefold(), str(line.apprenticeship.pk)


def _columns(version_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[GridColumn]]:
    sets = (
        SkillSet.objects.filter(version__in=set(version_ids))
        .annotate(total=Count("skills", filter=Q(skills__required=True)))
        .order_by("order")
    )
    found: dict[uuid.UUID, list[GridColumn]] = defaultdict(list)
    for part in sets:
        found[part.version_id].append(GridColumn(part.pk, part.order, part.title, part.role_track, part.total))
    return found


def _sums(
    scope: ApprenticeshipQuerySet, lines: Iterable[ApprenticeLine], at: datetime
) -> Mapping[tuple[uuid.UUID, uuid.UUID], _Sum]:
    """By apprenticeship and set. A day is due in the calendar of the apprentice's own sponsor."""
    due = Q(pk__in=[])
    for sponsor in {line.apprenticeship.sponsor_id: line.apprenticeship.sponsor for line in lines}.values():
        due |= Q(apprenticeship__sponsor=sponsor, due_on__lte=sponsor.local_date(at))
    counted = (
        SkillStanding.objects.filter(apprenticeship__in=scope.order_by(), skill__required=True)
        .values_list("apprenticeship", "skill__skill_set")
        .annotate(
            all_attained=Count("pk", filter=Q(attained=True)),
            all_begun=Count("pk", filter=Q(sign_off__isnull=False)),
            all_ended=Count("pk", filter=Q(revocation__isnull=False)),
            all_due=Count("pk", filter=due & Q(attained=True)),
            all_waiting=Count("pk", filter=WAITS_FOR_OK),
            all_credited=Count("pk", filter=Q(attained=True, sign_off__method=Method.CREDIT)),
            all_on_paper=Count("pk", filter=Q(attained=True, sign_off__method=Method.TRANSCRIBED)),
        )
    )
    return {(book, skill_set): _Sum(*numbers) for book, skill_set, *numbers in counted}


@dataclass(frozen=True)
class _Verified:
    """What was verified in each book, the whole (no set) or a set; how many skills of a set count, and are covered."""

    said: frozenset[tuple[uuid.UUID, uuid.UUID | None]]
    counting: Mapping[tuple[uuid.UUID, uuid.UUID], tuple[int, int]]


def _verified(scope: ApprenticeshipQuerySet) -> _Verified:
    """Two queries. What was taken back says nothing and covers nothing."""
    said = Verification.objects.filter(apprenticeship__in=scope.order_by(), void=None)
    covered = Q(sign_off__verified__isnull=False, sign_off__verified__verification__void=None)
    counted = (
        SkillStanding.objects.filter(apprenticeship__in=scope.order_by(), attained=True)
        .values_list("apprenticeship", "skill__skill_set")
        .annotate(Count("pk", distinct=True), covered=Count("pk", distinct=True, filter=covered))
    )
    return _Verified(
        frozenset(said.values_list("apprenticeship", "skill_set")),
        {(book, skill_set): (count, covers) for book, skill_set, count, covers in counted},
    )


def _cell(column: GridColumn, counted: _Sum | None, verified: _Verified, book: uuid.UUID) -> GridCell:
    cell = _standing_cell(column, counted)
    if not {(book, column.id), (book, None)} & verified.said:
        return cell
    counting, covered = verified.counting.get((book, column.id), (0, 0))
    holds = cell.attained == column.total and 0 < counting == covered
    return replace(cell, verified=holds, changed=not holds)


def _standing_cell(column: GridColumn, counted: _Sum | None) -> GridCell:
    if counted is None:
        return GridCell(column, 0, State.NOT_STARTED)
    if counted.ended:
        state = State.NO_LONGER_STANDS
    elif counted.due:
        state = State.DUE_AGAIN
    elif counted.attained == column.total:
        state = {counted.on_paper: State.TRANSCRIBED, counted.credited: State.CREDIT}.get(
            column.total, State.SIGNED_OFF
        )
    elif counted.waiting:
        state = State.WAITING
    else:
        state = State.IN_TRAINING if counted.begun else State.NOT_STARTED
    return GridCell(column, counted.attained, state, counted.credited, counted.on_paper)
