"""Handing out the bytes of evidence: to those who may see them, never as anything that a browser would run.

Photos were made anew by us and are shown; all else is a download under a policy that runs nothing.
"""

from http import HTTPStatus

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page
from acts.incoming import is_photo
from acts.models import StoredFile
from apprenticeship.evidence_shown import shown
from apprenticeship.getters import get_draft, get_evidence
from apprenticeship.models import Evidence, EvidenceDraft

RUNS_NOTHING = "default-src 'none'; sandbox; frame-ancestors 'none'"


@page(Permission.READ_EVIDENCE, on=get_evidence)
@at_station(Reach.TURN)
@require_safe
def evidence_file(request: HttpRequest, evidence: Evidence) -> HttpResponse | FileResponse:
    """The file itself; once it is removed, a page that says by whom and when. A shared device keeps no download."""
    book = evidence.apprenticeship
    (file,) = shown([evidence], book=book, viewer=viewer_of(request))
    if file.removed_at is not None:
        return render(request, "evidence/removed.html", {"file": file, "book": book}, status=HTTPStatus.GONE)
    if viewer_of(request).station and not is_photo(evidence.file.content_type):
        return render(request, "stations/no_download.html", status=HTTPStatus.FORBIDDEN)
    return answer_with(evidence.file, name=file.download_name)


@page(Permission.READ_EVIDENCE, on=get_evidence)
@at_station(Reach.TURN)
@require_safe
def evidence_thumbnail(_request: HttpRequest, evidence: Evidence) -> FileResponse:
    """The small picture of a photo."""
    return _small(evidence)


@page(Permission.READ_EVIDENCE, on=get_draft)
@at_station(Reach.TURN)
@require_safe
def evidence_draft_thumbnail(_request: HttpRequest, draft: EvidenceDraft) -> FileResponse:
    """The small picture of a photo that its uploader has chosen and not given yet."""
    return _small(draft)


def answer_with(stored: StoredFile, *, name: str) -> FileResponse:
    """The answer with these bytes; Http404 where they are gone."""
    try:
        bytes_of = default_storage.open(str(stored.file))
    except FileNotFoundError as error:
        raise Http404 from error
    inline = is_photo(stored.content_type)
    response = FileResponse(bytes_of, as_attachment=not inline, filename=name, content_type=stored.content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = RUNS_NOTHING
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _small(row: Evidence | EvidenceDraft) -> FileResponse:
    if row.thumbnail is None or row.thumbnail.removed_at is not None:
        raise Http404
    return answer_with(row.thumbnail, name=f"{row.thumbnail.sha256[:12]}.jpg")
