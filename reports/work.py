"""Hours on the job as people read them: what waits, what is approved by skill set, by month and by program year.

Never mixed with hours of classes. The rotation over skill sets and worksites is a table by month (12 NYCRR 601.8).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Prefetch, QuerySet, Sum
from django.db.models.functions import TruncWeek

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, MonthSignature, WorkHours, WorkLog, WorkLogEvent, WorkLogEventKind
from apprenticeship.plain_hours import in_words, read_hours
from apprenticeship.work_months import MonthToSign, months_to_sign
from apprenticeship.work_review_forms import Week, weeks_of
from apprenticeship.work_sums import WorkOfSet, work_of_sets

NONE = Decimal(0)


@dataclass(frozen=True)
class Share:
    """The hours of one skill set, or at one worksite."""

    name: str
    hours: str


@dataclass(frozen=True)
class Month:
    """One month of work: its hours over skill sets and over worksites, and its newest signature, if any.

    `stands` says that the signature covers exactly the hours that stand now.
    """

    first: date
    hours: str
    sets: tuple[Share, ...]
    worksites: tuple[Share, ...]
    signature: MonthSignature | None
    stands: bool


@dataclass(frozen=True)
class Year:
    """One year of the program, counted from its beginning; it has no verdict, only hours."""

    number: int
    since: date
    until: date
    hours: str


@dataclass(frozen=True)
class Work:
    """The hours on the job of one book."""

    sets: list[WorkOfSet]
    months: list[Month]
    years: list[Year]
    words: str

    @property
    def any(self) -> bool:
        return bool(self.months)


def work_of_book(book: Apprenticeship, *, at: datetime) -> Work:
    """The sums of the approved hours of `book` that stand; five queries."""
    rows, sets = standing_hours(book), work_of_sets(book, at=at)
    total = sum((row.hours for row in rows), NONE)
    least = book.terms.standard_version.job_hours_min
    return Work(
        sets=sets, months=_months(rows, _signatures(book)), years=_years(book, rows), words=in_words(total, least)
    )


def standing_hours(book: Apprenticeship) -> list[WorkHours]:
    """The approved hours of one book that stand; one query."""
    rows = WorkHours.objects.standing().filter(apprenticeship=book)
    return list(rows.select_related("worksite__employer", "skill_set").order_by("worked_on", "pk"))


def _signatures(book: Apprenticeship) -> dict[date, MonthSignature]:
    """By month its newest signature, with what it covers; two queries."""
    rows = MonthSignature.objects.filter(apprenticeship=book).select_related("by", "entry").prefetch_related("covers")
    return {row.month: row for row in rows.order_by("entry__sequence")}


def _months(rows: Sequence[WorkHours], signatures: Mapping[date, MonthSignature]) -> list[Month]:
    """By month, the newest first."""
    by_month: dict[date, list[WorkHours]] = defaultdict(list)
    for row in rows:
        by_month[row.worked_on.replace(day=1)].append(row)
    return [
        Month(
            first=first,
            hours=_total(found),
            sets=_shares((row.skill_set.order, f"{row.skill_set.order} {row.skill_set.title}", row) for row in found),
            worksites=_shares(((row.worksite.name, str(row.worksite_id)), row.worksite.name, row) for row in found),
            signature=signatures.get(first),
            stands=_stands(signatures.get(first), found),
        )
        for first, found in sorted(by_month.items(), reverse=True)
    ]


def _stands(signature: MonthSignature | None, rows: Iterable[WorkHours]) -> bool:
    """Whether the signature covers exactly these hours."""
    return signature is not None and {c.work_hours_id for c in signature.covers.all()} == {row.pk for row in rows}


def _shares(named: Iterable[tuple[Any, str, WorkHours]]) -> tuple[Share, ...]:
    names: dict[Any, str] = {}
    hours: dict[Any, Decimal] = defaultdict(Decimal)
    for place, name, row in named:
        names[place] = name
        hours[place] += row.hours
    return tuple(Share(names[place], read_hours(hours[place])) for place in sorted(hours))


def _years(book: Apprenticeship, rows: Sequence[WorkHours]) -> list[Year]:
    """By year of the program, each from the anniversary of its beginning."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[_year_of(book.starts_on, row.worked_on)] += row.hours
    return [
        Year(number + 1, anniversary(book.starts_on, number), anniversary(book.starts_on, number + 1), read_hours(sum_))
        for number, sum_ in sorted(found.items())
    ]


def anniversary(day: date, years: int) -> date:
    """The same day `years` later; of February 29 the 1st of March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _year_of(start: date, day: date) -> int:
    years = day.year - start.year
    return years if day >= anniversary(start, years) else years - 1


def _total(rows: Iterable[WorkHours]) -> str:
    return read_hours(sum((row.hours for row in rows), NONE))


def under_way(book: Apprenticeship) -> list[Week]:
    """What of one book waits or was sent back, by week, each with the last comment; two queries."""
    back = WorkLogEvent.objects.filter(kind=WorkLogEventKind.SENT_BACK).select_related("by").order_by("-pk")
    logs = WorkLog.objects.under_way().filter(apprenticeship=book).with_place().by_day()
    found = list(logs.prefetch_related(Prefetch("events", queryset=back, to_attr="sent_back")))
    for log in found:
        log.apprenticeship = book
    return weeks_of(found)


def waiting_weeks(viewer: Viewer) -> "QuerySet[WorkLog, Any]":
    """By apprentice and week what waits in the books that `viewer` oversees, the oldest first; one query."""
    weeks = WorkLog.objects.overseen_by(viewer).annotate(monday=TruncWeek("worked_on"))
    named = weeks.values("monday", name=F("apprenticeship__apprentice__name"), book=F("apprenticeship"))
    return named.annotate(lines=Count("pk"), total=Sum("hours")).order_by("monday", "name", "book")


def weeks_to_approve(viewer: Viewer) -> int:
    """How many weeks of apprentices wait for `viewer` as mentor; one query."""
    weeks = WorkLog.objects.to_review_by(viewer).annotate(monday=TruncWeek("worked_on"))
    return weeks.values("apprenticeship", "monday").distinct().count()


def late_months(viewer: Viewer) -> list[MonthToSign]:
    """The months that nobody signed by their day, in the books that `viewer` oversees; five queries at most."""
    sponsors = [s.pk for s in viewer.sponsors if permits(viewer, Permission.READ_COHORT, on=s)]
    if not sponsors:
        return []
    months = months_to_sign(Apprenticeship.objects.filter(sponsor__in=sponsors), viewer=viewer)
    return [one for one in months if one.is_late(viewer.today(one.book.sponsor))]
