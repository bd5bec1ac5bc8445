"""Hours on the job for papers: what stands, by skill set and by month, with the signatures on the months."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Sum

from apprenticeship.models import Apprenticeship, MonthCover, MonthSignature, WorkHours, WorkLog, WorkLogEvent
from apprenticeship.plain_hours import plain_hours
from apprenticeship.work_months import next_month
from apprenticeship.work_sums import WorkOfSet, work_of_sets
from reports.papers import MonthSigned, WorkMonth, WorkPart, WorkSet
from reports.signed_entries import signed_in

NONE = Decimal(0)
Hours = Mapping[uuid.UUID, Decimal]


@dataclass(frozen=True)
class Waiting:
    """Hours that were logged and are not approved; `since` is when something last happened to such lines."""

    hours: Decimal
    since: datetime | None

    @property
    def plain(self) -> str:
        """As it is printed; blank where nothing waits."""
        return plain_hours(self.hours) if self.hours else ""


def waiting_in(book: Apprenticeship, month: date | None = None) -> Waiting:
    """What of one book, or of one month of it, was logged and is not approved; one query, two where something is."""
    logs = WorkLog.objects.under_way().filter(apprenticeship=book)
    events = WorkLogEvent.objects.filter(log__apprenticeship=book)
    if month is not None:
        after = next_month(month)
        logs = logs.filter(worked_on__gte=month, worked_on__lt=after)
        events = events.filter(log__events__worked_on__gte=month, log__events__worked_on__lt=after)
    hours = logs.aggregate(hours=Sum("hours"))["hours"]
    if not hours:
        return Waiting(NONE, None)
    return Waiting(hours, events.aggregate(last=Max("at"))["last"])


def work_part(book: Apprenticeship, waiting: Waiting, *, at: datetime) -> WorkPart | None:
    """The hours on the job of one book; None where there are none and none wait. Six queries at any size."""
    by_month: dict[date, dict[uuid.UUID, Decimal]] = defaultdict(dict)
    rows = WorkHours.objects.standing().filter(apprenticeship=book).order_by("worked_on", "pk")
    for pk, day, hours in rows.values_list("pk", "worked_on", "hours"):
        by_month[day.replace(day=1)][pk] = hours
    if not by_month and not waiting.hours:
        return None
    least = book.terms.standard_version.job_hours_min
    signed = month_signatures(book, by_month)
    return WorkPart(
        hours=plain_hours(sum((sum_of(hours) for hours in by_month.values()), NONE)),
        required="" if least is None else plain_hours(least),
        waiting=waiting.plain,
        sets=tuple(_set(work) for work in work_of_sets(book, at=at)),
        months=tuple(
            WorkMonth(f"{month:%Y-%m}", plain_hours(sum_of(hours)), signed.get(month))
            for month, hours in by_month.items()
        ),
    )


def sum_of(hours: Hours) -> Decimal:
    return sum(hours.values(), NONE)


def _set(work: WorkOfSet) -> WorkSet:
    return WorkSet(
        order=work.skill_set.order,
        title=work.skill_set.title,
        hours=plain_hours(work.approved),
        required="" if work.least is None else plain_hours(work.least),
    )


def month_signatures(book: Apprenticeship, standing: Mapping[date, Collection[uuid.UUID]]) -> dict[date, MonthSigned]:
    """By month its newest signature, as its entry tells it, held against the hours that stand; two queries.

    Raises EntryIllegible where the entry of one cannot be read.
    """
    rows = MonthSignature.objects.filter(apprenticeship=book).select_related("entry").order_by("entry__sequence")
    newest = {row.month: row for row in rows}
    covers: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    pairs = MonthCover.objects.filter(signature__in=list(newest.values())).values_list("signature", "work_hours")
    for signature, hours in pairs:
        covers[signature].add(hours)
    return {
        month: MonthSigned(
            signed=signed_in(row.entry),
            hours=plain_hours(row.hours),
            stands=covers[row.pk] == set(standing.get(month, ())),
        )
        for month, row in newest.items()
    }
