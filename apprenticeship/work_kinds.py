"""The kinds of entry of hours on the job, and how each typed row must agree with its entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from apprenticeship.kinds import RecordKind, digest_or_none
from apprenticeship.models import Apprenticeship, MonthSignature, WorkHours, WorkHoursVoid, WorkLogState
from apprenticeship.plain_hours import plain_hours
from apprenticeship.verification import set_in_entry


def _hours(apprenticeship: Apprenticeship) -> Iterable[WorkHours]:
    rows = WorkHours.objects.filter(apprenticeship=apprenticeship)
    return rows.select_related("skill_set", "reason", "log")


def _describe_hours(row: WorkHours) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.approved_by_id),
        "body.worked_on": row.worked_on.isoformat(),
        "body.worksite.id": str(row.worksite_id),
        "body.skill_set": set_in_entry(row.skill_set),
        "body.hours": plain_hours(row.hours),
        "body.logged": plain_hours(row.logged_hours) if _is_of_its_log(row) else None,
        "body.reason": digest_or_none(row.reason),
    }


def _is_of_its_log(row: WorkHours) -> bool:
    """Whether the line that these hours come from says what they say, and says that it was approved."""
    log = row.log
    told = (log.apprenticeship_id, log.worked_on, log.worksite_id, log.skill_set_id, log.hours, log.state)
    hours = (row.apprenticeship_id, row.worked_on, row.worksite_id, row.skill_set_id, row.logged_hours)
    return told == (*hours, WorkLogState.APPROVED)


def _voids(apprenticeship: Apprenticeship) -> Iterable[WorkHoursVoid]:
    rows = WorkHoursVoid.objects.filter(entry__apprenticeship=apprenticeship)
    return rows.select_related("reason", "work_hours__entry", "work_hours__skill_set")


def _describe_void(row: WorkHoursVoid) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.work_hours.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.work_hours": row.work_hours.entry.sequence,
        "body.worked_on": row.work_hours.worked_on.isoformat(),
        "body.skill_set": set_in_entry(row.work_hours.skill_set),
        "body.hours": plain_hours(row.work_hours.hours),
        "body.reason": row.reason.digest,
    }


def _months(apprenticeship: Apprenticeship) -> Iterable[MonthSignature]:
    rows = MonthSignature.objects.filter(apprenticeship=apprenticeship)
    return rows.prefetch_related("covers__work_hours__entry")


def _describe_month(row: MonthSignature) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.month": f"{row.month:%Y-%m}",
        "body.hours": plain_hours(row.hours),
        "body.covers": sorted(cover.work_hours.entry.sequence for cover in row.covers.all()),
    }


WORK_MONTH = RecordKind(code="work_month", rows=_months, describe=_describe_month)
WORK_HOURS = RecordKind(code="work_hours", rows=_hours, describe=_describe_hours)
WORK_HOURS_VOID = RecordKind(code="work_hours_void", rows=_voids, describe=_describe_void)
