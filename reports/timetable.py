"""Pages of the timetable: what is planned as a list and as a month, one class, and the sheet to sign by hand."""

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.viewer import Viewer
from apprenticeship.models import Cohort
from instruction.getters import get_class_file, get_planned
from instruction.models import ClassFile, PlannedClass
from instruction.timetables import (
    SHOWN,
    names_of,
    sessions_of,
    shown_many,
    timetable_of,
    weeks_of,
)
from reports.evidence_files import answer_with

CLASSES_ON_A_PAGE = 25
EMPTY_ROWS = 3
"""Lines of the sheet for people whom nobody expected."""


@page(Permission.READ_TIMETABLE)
@require_safe
def timetable(request: HttpRequest) -> HttpResponse:
    """The planned classes one may see: upcoming, held or cancelled."""
    viewer, show, mine = viewer_of(request), request.GET.get("show", ""), "mine" in request.GET
    show = show if show in SHOWN else "upcoming"
    rows = timetable_of(viewer, show=show, mine=mine).with_topics()
    shown = Paginator(rows, CLASSES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "classes": shown_many(shown, viewer=viewer),
        "show": show,
        "mine": mine,
        "cohorts": cohorts_to_plan(viewer),
        "today": viewer.at.date(),
        "oversees": bool(viewer.overseen_sponsor_ids),
        "may_bring_in": any(permits(viewer, Permission.BRING_IN_HOURS, on=sponsor) for sponsor in viewer.sponsors),
    }
    return render(request, "instruction/timetable.html", context)


@page(Permission.READ_TIMETABLE)
@require_safe
def timetable_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """A month of the timetable."""
    if not (1 <= month <= 12 and 1990 <= year <= 2200):
        raise Http404
    viewer, mine = viewer_of(request), "mine" in request.GET
    first = date(year, month, 1)
    context = {
        "weeks": weeks_of(year, month, viewer=viewer, mine=mine),
        "first": first,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "mine": mine,
        "oversees": bool(viewer.overseen_sponsor_ids),
    }
    return render(request, "instruction/timetable_month.html", context)


@page(Permission.READ_TIMETABLE, on=get_planned)
@require_safe
def planned_class(request: HttpRequest, planned: PlannedClass) -> HttpResponse:
    """One planned class: when, where, what, who, and what may be done with it."""
    viewer = viewer_of(request)
    (shown,) = shown_many(PlannedClass.objects.filter(pk=planned.pk).with_topics(), viewer=viewer)
    reads_names = permits(viewer, Permission.READ_CLASSES, on=planned)
    context = {
        "planned": planned,
        "shown": shown,
        "names": names_of(planned, viewer=viewer),
        "sessions": sessions_of(planned) if reads_names else [],
        "reads_names": reads_names,
        "may_plan": permits(viewer, Permission.PLAN_CLASSES, on=planned),
        "may_attend": permits(viewer, Permission.TAKE_ATTENDANCE, on=planned),
    }
    return render(request, "instruction/planned_class.html", context)


@page(Permission.READ_CLASSES, on=get_planned)
@require_safe
def attendance_sheet(request: HttpRequest, planned: PlannedClass) -> HttpResponse:
    """The sheet to print and sign by hand, with a few empty lines."""
    viewer = viewer_of(request)
    (shown,) = shown_many(PlannedClass.objects.filter(pk=planned.pk).with_topics(), viewer=viewer)
    names = names_of(planned, viewer=viewer)
    context = {"planned": planned, "shown": shown, "names": names, "empty": range(EMPTY_ROWS)}
    return render(request, "instruction/attendance_sheet.html", context)


@page(Permission.READ_TIMETABLE, on=get_class_file)
@require_safe
def class_file(_request: HttpRequest, file: ClassFile) -> FileResponse:
    """A file of a planned class."""
    return answer_with(file.file, name=file.name)


def cohorts_to_plan(viewer: Viewer) -> list[Cohort]:
    """The cohorts for which the viewer may plan classes."""
    rows = Cohort.objects.visible_to(viewer).order_by("name")
    return [cohort for cohort in rows if permits(viewer, Permission.PLAN_CLASSES, on=cohort)]
