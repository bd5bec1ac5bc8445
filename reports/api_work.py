"""Hours on the job for other systems: approved lines, their sums, and the months with their signatures.

Never mixed with hours of classes, which have an address of their own.
"""

import uuid
from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Permission
from accounts.api import Endpoint, RowOf, asked
from accounts.describing import operation
from accounts.paging import By, PagedParameters, listed
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship, MonthSignature, WorkHours
from apprenticeship.work_months import next_month
from competencies.api_shapes import hours
from reports.api_months import MonthField
from reports.gathering_work import waiting_in
from reports.work import Month, Work, work_of_book

TAG = "apprenticeships"
NEWEST_FIRST = (By("entry__sequence", int, newest_first=True),)
HOURS = 'Hours as text, for example "7.5".'


class WorksiteNamed(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    employer = serializers.CharField()


class WorkHoursShape(serializers.Serializer[Any]):
    """The hours of one day, worksite and skill set, as a mentor approved them."""

    id = serializers.UUIDField()
    worked_on = serializers.DateField(help_text='The sponsor\'s local date, for example "2026-02-25".')
    worksite = WorksiteNamed()
    skill_set = serializers.UUIDField()
    hours = serializers.CharField(help_text=HOURS)
    logged_hours = serializers.CharField(help_text="What was logged, where the mentor approved other hours.")
    approved_by = serializers.UUIDField()
    entry = serializers.IntegerField(help_text="Its number in the book.")
    taken_back = serializers.BooleanField(help_text="Whether it counts no more.")


class WorkHoursPage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    results = WorkHoursShape(many=True)


class WorkHoursParameters(PagedParameters):
    month = MonthField(required=False, help_text='Only of one month, for example "2026-02".')


class WorkOfSetShape(serializers.Serializer[Any]):
    """One skill set. `met` is null where the standard names no hours for it."""

    id = serializers.UUIDField()
    order = serializers.IntegerField()
    title = serializers.CharField()
    approved = serializers.CharField(help_text=HOURS)
    minimum = serializers.CharField(allow_null=True, help_text="Null where the standard gives none.")
    maximum = serializers.CharField(allow_null=True)
    met = serializers.BooleanField(allow_null=True)


class MonthSignatureShape(serializers.Serializer[Any]):
    """A supervisor's signature on a month. `hours` are those it was signed for."""

    id = serializers.UUIDField()
    by = serializers.UUIDField()
    recorded_at = serializers.DateTimeField()
    hours = serializers.CharField(help_text=HOURS)
    entry = serializers.IntegerField()


class WorkMonthShape(serializers.Serializer[Any]):
    """One month with approved hours. Where `signed` is false, it is still to be signed, or to be signed anew."""

    month = serializers.CharField(help_text='For example "2026-02".')
    approved = serializers.CharField(help_text=HOURS)
    signed = serializers.BooleanField(help_text="Whether the newest signature covers exactly the hours that stand.")
    signature = MonthSignatureShape(allow_null=True, help_text="The newest one.")


class WorkYearShape(serializers.Serializer[Any]):
    """One year of the program, from its first day to the one before `until`."""

    number = serializers.IntegerField()
    since = serializers.DateField()
    until = serializers.DateField()
    approved = serializers.CharField(help_text=HOURS)


class WorkShape(serializers.Serializer[Any]):
    """The hours on the job of one apprentice that stand, by skill set, month and year of the program."""

    apprenticeship = serializers.UUIDField()
    approved = serializers.CharField(help_text=HOURS)
    minimum = serializers.CharField(allow_null=True, help_text="Of the whole; null where the standard gives none.")
    waiting = serializers.CharField(help_text="Hours that were logged and are not approved. They count nowhere.")
    sets = WorkOfSetShape(many=True)
    months = WorkMonthShape(many=True)
    years = WorkYearShape(many=True)


class WorkOf(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("work", {200: WorkShape}, tag=TAG, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The sums of approved hours on the job against the standard, and the months with their signatures."""
        return Response(_work(self.row, work_of_book(self.row, at=self.viewer.at)))


class WorkHoursOf(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("work_hours", {200: WorkHoursPage}, parameters=WorkHoursParameters, tag=TAG, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The approved lines of one book, the newest entry first; what was taken back says so."""
        wanted = asked(WorkHoursParameters, request)
        rows = WorkHours.objects.with_place().visible_to(self.viewer).filter(apprenticeship=self.row)
        if month := wanted.get("month"):
            rows = rows.filter(worked_on__gte=month, worked_on__lt=next_month(month))
        return Response(listed(rows, by=NEWEST_FIRST, request=request, wanted=wanted, shape=_line))


def _line(row: WorkHours) -> dict[str, Any]:
    worksite = row.worksite
    return {
        "id": row.pk,
        "worked_on": row.worked_on,
        "worksite": {"id": worksite.pk, "name": worksite.name, "employer": worksite.employer.name},
        "skill_set": row.skill_set_id,
        "hours": hours(row.hours),
        "logged_hours": hours(row.logged_hours),
        "approved_by": row.approved_by_id,
        "entry": row.entry.sequence,
        "taken_back": hasattr(row, "void"),
    }


def _work(book: Apprenticeship, work: Work) -> dict[str, Any]:
    return {
        "apprenticeship": book.pk,
        "approved": hours(sum((part.approved for part in work.sets), Decimal(0))),
        "minimum": hours(book.terms.standard_version.job_hours_min),
        "waiting": hours(waiting_in(book).hours),
        "sets": [
            {
                "id": part.skill_set.pk,
                "order": part.skill_set.order,
                "title": part.skill_set.title,
                "approved": hours(part.approved),
                "minimum": hours(part.least),
                "maximum": hours(part.skill_set.hours_max),
                "met": part.met,
            }
            for part in work.sets
        ],
        "months": [_month(month) for month in work.months],
        "years": [
            {"number": year.number, "since": year.since, "until": year.until, "approved": year.hours}
            for year in work.years
        ],
    }


def _month(month: Month) -> dict[str, Any]:
    signature = month.signature
    return {
        "month": f"{month.first:%Y-%m}",
        "approved": month.hours,
        "signed": month.stands,
        "signature": _signature(signature) if signature else None,
    }


def _signature(row: MonthSignature) -> dict[str, Any]:
    return {
        "id": row.pk,
        "by": row.by_id,
        "recorded_at": row.entry.recorded_at,
        "hours": hours(row.hours),
        "entry": row.entry.sequence,
    }
