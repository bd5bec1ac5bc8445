"""Files of a record for other systems: that they are there and by which hash, and their bytes for who may have them."""

import uuid
from typing import Any

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.access import Permission, permits
from accounts.api import Endpoint, RowOf, asked
from accounts.describing import operation
from accounts.paging import By, PagedParameters, instant, listed
from apprenticeship.evidence_shown import shown
from apprenticeship.getters import get_apprenticeship, get_evidence
from apprenticeship.models import Apprenticeship, Evidence
from reports.evidence_files import answer_with

NEWEST_FIRST = (By("uploaded_at", instant, newest_first=True), By("pk", uuid.UUID, newest_first=True))
TAG = "evidence"


class EvidenceShape(serializers.Serializer[Any]):
    """One file of a record: a photo, a PDF or an office file."""

    id = serializers.UUIDField()
    apprenticeship = serializers.UUIDField()
    sha256 = serializers.CharField(help_text="Of the bytes that are kept, as entries name them.")
    type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    uploaded_at = serializers.DateTimeField()
    removed_at = serializers.DateTimeField(allow_null=True, help_text="When its bytes were removed for good.")
    sign_offs = serializers.ListField(
        child=serializers.UUIDField(), help_text="The signatures that it was signed with."
    )
    file = serializers.URLField(allow_null=True, help_text="Where its bytes are, for who may have them.")


class EvidencePage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    results = EvidenceShape(many=True)


class EvidenceOf(Endpoint):
    declared = Permission.READ_RECORD
    on = RowOf(get_apprenticeship)
    row: Apprenticeship

    @operation("evidence", {200: EvidencePage}, parameters=PagedParameters, tag=TAG, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The files of one record, the newest first. Their names are sealed and not told."""
        may_open = permits(self.viewer, Permission.READ_EVIDENCE, on=self.row)
        rows = Evidence.objects.filter(apprenticeship=self.row).select_related("file").prefetch_related("sign_off_uses")

        def shape(evidence: Evidence) -> dict[str, Any]:
            return evidence_shape(evidence, request, may_open=may_open)

        wanted = asked(PagedParameters, request)
        return Response(listed(rows, by=NEWEST_FIRST, request=request, wanted=wanted, shape=shape))


class EvidenceBytes(Endpoint):
    declared = Permission.READ_EVIDENCE
    on = RowOf(get_evidence)
    row: Evidence

    @operation("evidence_file", {(200, "application/octet-stream"): OpenApiTypes.BINARY}, tag=TAG, row=True)
    def get(self, request: Request, pk: uuid.UUID) -> FileResponse:
        """The bytes, by the type that they have; 404 once they are removed."""
        (file,) = shown([self.row], book=self.row.apprenticeship, viewer=self.viewer)
        if file.removed_at is not None:
            raise Http404
        return answer_with(self.row.file, name=file.download_name)


def evidence_shape(evidence: Evidence, request: Request, *, may_open: bool) -> dict[str, Any]:
    """With `file` and `sign_off_uses` loaded, no query of its own."""
    opens = may_open and evidence.file.removed_at is None
    return {
        "id": evidence.pk,
        "apprenticeship": evidence.apprenticeship_id,
        "sha256": evidence.file.sha256,
        "type": evidence.file.content_type,
        "size": evidence.file.size,
        "uploaded_at": evidence.uploaded_at,
        "removed_at": evidence.file.removed_at,
        "sign_offs": sorted(use.sign_off_id for use in evidence.sign_off_uses.all()),
        "file": reverse("api_evidence_file", kwargs={"pk": evidence.pk}, request=request) if opens else None,
    }
