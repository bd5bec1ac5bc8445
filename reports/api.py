"""Progress and documents for other systems: the same figures and the same files as the pages."""

import uuid
from http import HTTPStatus
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.access import Permission
from accounts.api import Endpoint, RowOf, asked, sent
from accounts.describing import operation
from accounts.paging import By, PagedParameters, instant, listed
from accounts.problems import INVALID_INPUT, Problem, ProblemType, problem_of
from apprenticeship.api_shapes import head_tag
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from apprenticeship.record import EntryIllegible
from reports import downloads
from reports.api_shapes import (
    DocumentPage,
    DocumentSent,
    DocumentShape,
    JobShape,
    ProgressShape,
    document_shape,
    job_shape,
    progress_shape,
)
from reports.documents import request_document
from reports.gathering import BookKeepsMoving
from reports.gathering_months import NoSuchMonth
from reports.getters import get_document, get_job
from reports.models import Document, RenderJob
from reports.overview import last_signed
from reports.progress import progress_of

BOOKS, DOCUMENTS = "apprenticeships", "documents"
NEWEST_FIRST = (By("frozen_at", instant, newest_first=True), By("pk", uuid.UUID, newest_first=True))
BOOK_BUSY = ProblemType("book-busy", HTTPStatus.CONFLICT, gettext_lazy("The book is being written to right now"))

ILLEGIBLE = ProblemType("entry-illegible", HTTPStatus.CONFLICT, gettext_lazy("An entry of the book cannot be read"))


@problem_of.register
def _busy(_error: BookKeepsMoving) -> Problem:
    return Problem(BOOK_BUSY, _("Nothing was ordered. Ask again in a moment."))


@problem_of.register
def _no_month(_error: NoSuchMonth) -> Problem:
    detail = _("The apprenticeship has no such month.")
    return Problem(INVALID_INPUT, str(detail), [{"pointer": "#/month", "detail": str(detail)}])


@problem_of.register
def _illegible(_error: EntryIllegible) -> Problem:
    return Problem(ILLEGIBLE, _("Nothing was ordered. Check the record: it names the entry that was changed."))


class ProgressOf(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("progress", {200: ProgressShape}, tag=BOOKS, row=True, conditional=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What stands for every skill of the standard, and how many are attained of how many."""
        # What is due again changes with the day, all else with the book.
        tag = f"{head_tag(self.row)}-{self.viewer.today(self.row.sponsor)}"
        return self.tagged(tag, self._told)

    def _told(self) -> dict[str, Any]:
        signed = last_signed(Apprenticeship.objects.filter(pk=self.row.pk))
        return progress_shape(progress_of(self.row, at=self.viewer.at), last_signed_at=signed.get(self.row.pk))


class Documents(Endpoint):
    declared = Permission.READ_RECORD
    needs = {"POST": Permission.REQUEST_DOCUMENT}
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("documents", {200: DocumentPage}, parameters=PagedParameters, tag=DOCUMENTS, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """What was printed of one book, the newest first."""
        wanted = asked(PagedParameters, request)
        rows = Document.objects.filter(apprenticeship=self.row)

        def shape(document: Document) -> dict[str, object]:
            return document_shape(document, request)

        return Response(listed(rows, by=NEWEST_FIRST, request=request, wanted=wanted, shape=shape))

    @operation(
        "request_document",
        {202: JobShape},
        body=DocumentSent,
        problems=(BOOK_BUSY, ILLEGIBLE),
        tag=DOCUMENTS,
        row=True,
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        """Order a document as it stands now: the progress record, the transcript or a month page.

        `Location` is the job to ask until it is done.

        A state that was printed before is not printed again: its job is done at once.
        """
        key, wanted = self.key(), sent(DocumentSent, request)
        again = self.was_done()
        job = request_document(viewer=self.viewer, key=key, apprenticeship=self.row, **wanted)
        answer = self.written(job_shape(job, request), again=again, status=HTTPStatus.ACCEPTED)
        answer["Location"] = reverse("api_document_job", kwargs={"pk": job.pk}, request=request)
        return answer


class OneJob(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_job)
    row: RenderJob

    @operation("document_job", {200: JobShape}, tag=DOCUMENTS, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """How far the order of a document is."""
        return Response(job_shape(self.row, request))


class OneDocument(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_document)
    row: Document

    @operation("document", {200: DocumentShape}, tag=DOCUMENTS, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """One printed state of one book."""
        return Response(document_shape(self.row, request))


class DocumentFile(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_document)
    row: Document

    @operation("document_file", {(200, "application/pdf"): OpenApiTypes.BINARY}, tag=DOCUMENTS, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> FileResponse:
        """The PDF; 404 while it is not made."""
        return downloads.file_of(self.row)
