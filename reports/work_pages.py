"""The pages of hours on the job: those of one record, and what waits across all."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page, signed_in
from accounts.viewer import Viewer
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship, WorkHours
from apprenticeship.work_sums import work_requirements
from reports.homes import apprentice_home
from reports.work import late_months, under_way, waiting_weeks, work_of_book

LINES_ON_A_PAGE = 50
WEEKS_ON_A_PAGE = 50


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_work(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The hours on the job of one record: what waits, the sums, the rotation, and every line behind them."""
    lines = WorkHours.objects.filter(apprenticeship=apprenticeship).with_place()
    newest = lines.order_by("-worked_on", "-entry__sequence")
    context = _told(viewer_of(request), apprenticeship)
    context["lines"] = Paginator(newest, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/record_work.html", context)


@signed_in
@require_safe
def my_work(request: HttpRequest) -> HttpResponseBase:
    """One's own hours on the job, of the newest apprenticeship; without one what one's record says."""
    viewer = viewer_of(request)
    own = Apprenticeship.objects.visible_to(viewer).filter(apprentice=viewer.user_id).order_by("-starts_on", "pk")
    newest = own.values_list("pk", flat=True).first()
    return record_work(request, pk=newest) if newest else apprentice_home(request)


def _told(viewer: Viewer, book: Apprenticeship) -> dict[str, object]:
    """What the page says of one book, and what `viewer` may do there."""
    may = {
        "may_log": Permission.LOG_WORK,
        "may_approve": Permission.APPROVE_WORK,
        "may_void": Permission.VOID_WORK,
        "may_read_texts": Permission.READ_SEALED_TEXT,
    }
    return {
        "book": book,
        "this_month": viewer.today(book.sponsor),
        "is_own": viewer.user_id == book.apprentice_id,
        "weeks": under_way(book),
        "work": work_of_book(book, at=viewer.at),
        "requirements": work_requirements(book, at=viewer.at),
        **{name: permits(viewer, permission, on=book) for name, permission in may.items()},
    }


@page(Permission.READ_COHORT)
@require_safe
def work_waiting(request: HttpRequest) -> HttpResponse:
    """Every week of work that waits for a mentor and every late month, of all whom one oversees; the oldest first."""
    viewer = viewer_of(request)
    weeks = Paginator(waiting_weeks(viewer), WEEKS_ON_A_PAGE).get_page(request.GET.get("page"))
    may_bring_in = any(permits(viewer, Permission.BRING_IN_TIMESHEETS, on=sponsor) for sponsor in viewer.sponsors)
    context = {"weeks": weeks, "late": late_months(viewer), "may_bring_in": may_bring_in}
    return render(request, "reports/work_waiting.html", context)
