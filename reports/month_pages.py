"""One month of one record: as a page, and as a file for a spreadsheet."""

from datetime import date, timedelta
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from apprenticeship.record import EntryIllegible
from apprenticeship.work_month_views import month_of
from apprenticeship.work_months import next_month
from reports.gathering import BookKeepsMoving
from reports.gathering_months import NoSuchMonth
from reports.models import DocumentKind
from reports.month_csv import month_as_csv
from reports.month_papers import MonthPage
from reports.paper_kinds import Wanted, gather_wanted
from reports.papers import Paper
from reports.spreadsheets import csv_answer


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_month(request: HttpRequest, apprenticeship: Apprenticeship, code: str) -> HttpResponse:
    """The month page on the screen, with what it is printed from."""
    month = month_of(code)
    wanted = Wanted(DocumentKind.MONTH_PAGE, month)
    record = gathered(request, wanted, apprenticeship)
    if isinstance(record, HttpResponse):
        return record
    context = {"book": apprenticeship, "record": record, "wanted": wanted, "month": month}
    return render(request, "reports/record_month.html", context | _offered(request, apprenticeship, month))


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_month_csv(request: HttpRequest, apprenticeship: Apprenticeship, code: str) -> HttpResponse:
    """The same month as a CSV file."""
    record = gathered(request, Wanted(DocumentKind.MONTH_PAGE, month_of(code)), apprenticeship)
    if not isinstance(record, MonthPage):
        return record if isinstance(record, HttpResponse) else HttpResponse(status=HTTPStatus.NOT_FOUND)
    return csv_answer(month_as_csv(record), f"month-{record.month}")


def gathered(request: HttpRequest, wanted: Wanted, book: Apprenticeship) -> Paper | HttpResponse:
    """What a document would print now, in the language of the page; or the answer that says why there is none."""
    try:
        return gather_wanted(wanted, book, viewer=viewer_of(request), language=get_language() or "en")
    except NoSuchMonth as error:
        raise Http404 from error
    except BookKeepsMoving:
        return render(request, "documents/busy.html", {"book": book, "wanted": wanted}, status=HTTPStatus.CONFLICT)
    except EntryIllegible:
        return render(request, "documents/illegible.html", {"book": book}, status=HTTPStatus.CONFLICT)


def _offered(request: HttpRequest, book: Apprenticeship, month: date) -> dict[str, object]:
    """The months beside this one, and what the viewer may do with it."""
    viewer = viewer_of(request)
    today = viewer.today(book.sponsor)
    return {
        "before": _month_or_none(month - timedelta(days=1), book, today),
        "after": _month_or_none(next_month(month), book, today),
        "may_order": permits(viewer, Permission.REQUEST_DOCUMENT, on=book),
        "may_sign": permits(viewer, Permission.APPROVE_WORK, on=book) and next_month(month) <= today,
    }


def _month_or_none(day: date, book: Apprenticeship, today: date) -> date | None:
    """The month of `day`, if the book has a page of it."""
    month = day.replace(day=1)
    return month if book.starts_on.replace(day=1) <= month <= today else None
