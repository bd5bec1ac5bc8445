"""Ordering a document, watching it being made, and getting its file."""

from http import HTTPStatus

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_valid_filename
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from apprenticeship.record import EntryIllegible
from reports import documents
from reports.forms import DocumentForm
from reports.gathering import BookKeepsMoving
from reports.gathering_months import NoSuchMonth
from reports.getters import get_document, get_job
from reports.models import Document, RenderJob
from reports.paper_kinds import file_words, paper_of, wanted_of


@page(Permission.REQUEST_DOCUMENT, on=get_apprenticeship)
@require_POST
def request_document(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Order a document as it stands now; leads to the page that shows it being made."""
    form = DocumentForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
    ordered = {name: form.cleaned_data[name] for name in ("language", "paper", "wanted")}
    key, wanted = str(form.cleaned_data["key"]), ordered["wanted"]
    try:
        job = documents.request_document(viewer=viewer_of(request), key=key, apprenticeship=apprenticeship, **ordered)
    except NoSuchMonth as error:
        raise Http404 from error
    except BookKeepsMoving:
        context = {"book": apprenticeship, "wanted": wanted}
        return render(request, "documents/busy.html", context, status=HTTPStatus.CONFLICT)
    except EntryIllegible:
        return render(request, "documents/illegible.html", {"book": apprenticeship}, status=HTTPStatus.CONFLICT)
    return redirect("document_job", pk=job.pk)


@page(Permission.READ_RECORD, on=get_job)
@never_cache
@require_safe
def document_job(request: HttpRequest, job: RenderJob) -> HttpResponse:
    """How far a document is; the page asks again by itself until it is ready or given up."""
    record = paper_of(job.document.frozen)
    context = {
        "job": job,
        "book": job.document.apprenticeship,
        "record": record,
        "wanted": wanted_of(record),
        "ahead": RenderJob.objects.ahead_of(job).count(),
        "may_order": permits(viewer_of(request), Permission.REQUEST_DOCUMENT, on=job),
    }
    return render(request, "documents/job.html", context)


@page(Permission.READ_RECORD, on=get_document)
@require_safe
def document_file(_request: HttpRequest, document: Document) -> FileResponse:
    """The PDF, as a file to keep."""
    return file_of(document)


def file_of(document: Document) -> FileResponse:
    """The answer with the document's bytes; Http404 while it is not made, or when its bytes were removed."""
    try:
        file = document.file.file.open("rb") if document.file else None
    except FileNotFoundError:
        file = None
    if file is None:
        raise Http404
    response = FileResponse(file, as_attachment=True, filename=file_name(document), content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_name(document: Document) -> str:
    """A name to keep it by: whose it is, of which date in the sponsor's zone."""
    book, day = document.apprenticeship, document.apprenticeship.sponsor.local_date(document.as_of)
    words = file_words(paper_of(document.frozen), name=book.apprentice.name, day=day)
    return get_valid_filename(words) + ".pdf"
