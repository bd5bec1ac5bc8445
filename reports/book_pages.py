"""Reading the book behind a record, and checking it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.pages import page
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.verifying import verify_record
from reports.book import line_of

ENTRIES_ON_A_PAGE = 50


@page(Permission.READ_RECORD, on=get_apprenticeship)
@never_cache
@require_safe
def record_verification(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Recompute the whole book now and say in words what was checked and what, if anything, is off."""
    verdict = verify_record(apprenticeship)
    # Each finding leads to the page of the book on which its entry stands.
    findings = [(found, (found.sequence - 1) // ENTRIES_ON_A_PAGE + 1) for found in verdict.findings]
    context = {"book": apprenticeship, "verdict": verdict, "findings": findings}
    return render(request, "reports/verification.html", context)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_entries(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The book's entries in their order, each with its exact bytes to unfold."""
    entries = RecordEntry.objects.filter(apprenticeship=apprenticeship).in_order()
    shown = Paginator(entries, ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"book": apprenticeship, "page": shown, "lines": [line_of(entry) for entry in shown]}
    return render(request, "reports/entries.html", context)
