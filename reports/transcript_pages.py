"""The transcript of one record: as a page, and as a file for a spreadsheet."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from reports.models import DocumentKind
from reports.month_pages import gathered
from reports.paper_kinds import Wanted
from reports.spreadsheets import csv_answer
from reports.transcript_csv import transcript_as_csv
from reports.transcript_papers import Transcript

WANTED = Wanted(DocumentKind.TRANSCRIPT)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_transcript(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Everything that was earned of related instruction, with what the PDF is made from."""
    record = gathered(request, WANTED, apprenticeship)
    if isinstance(record, HttpResponse):
        return record
    may_order = permits(viewer_of(request), Permission.REQUEST_DOCUMENT, on=apprenticeship)
    context = {"book": apprenticeship, "record": record, "wanted": WANTED, "may_order": may_order}
    return render(request, "reports/record_transcript.html", context)


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_transcript_csv(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The same transcript as a CSV file."""
    record = gathered(request, WANTED, apprenticeship)
    if not isinstance(record, Transcript):
        return record if isinstance(record, HttpResponse) else HttpResponse(status=HTTPStatus.NOT_FOUND)
    return csv_answer(transcript_as_csv(record), "transcript")
