"""Standards for other systems: the same library as the pages, open to everybody."""

import uuid

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import Endpoint, asked
from accounts.describing import operation
from accounts.pages import PUBLIC, visible_or_404
from accounts.paging import BY_ID, By, listed
from competencies.api_shapes import StandardPage, StandardParameters, VersionShape, standard_line, version_shape
from competencies.models import Standard, StandardVersion, VersionStatus

TAG = "standards"


class Standards(Endpoint):
    declared = PUBLIC

    @operation("standards", {200: StandardPage}, parameters=StandardParameters, tag=TAG, public=True)
    def get(self, request: Request) -> Response:
        """The standards of the library and of your sponsors that have a published version, by title."""
        wanted = asked(StandardParameters, request)
        visible = Standard.objects.visible_to(self.viewer)
        rows = visible.filter(versions__in=StandardVersion.objects.exclude(status=VersionStatus.DRAFT)).distinct()
        if search := wanted.get("search"):
            rows = rows.filter(title__icontains=search)
        rows = rows.prefetch_related("versions")
        by = (By("title", str), BY_ID)
        return Response(listed(rows, by=by, request=request, wanted=wanted, shape=standard_line))


class StandardNow(Endpoint):
    declared = PUBLIC

    @operation("standard", {200: VersionShape}, tag=TAG, public=True, row=True, conditional=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """The version of a standard that is in force: its sets, skills, scales, courses and topics."""
        standard = visible_or_404(Standard.objects.visible_to(self.viewer), pk)
        versions = StandardVersion.objects.visible_to(self.viewer).filter(standard=standard)
        version = versions.select_related("standard").newest_published()
        if version is None:
            raise Http404
        return self.tagged(f"{version.content_hash}-{version.status}", lambda: version_shape(version))


class Version(Endpoint):
    declared = PUBLIC

    @operation("standard_version", {200: VersionShape}, tag=TAG, public=True, row=True, conditional=True)
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        """One published version of a standard, also a superseded one: what an apprenticeship is held to."""
        versions = StandardVersion.objects.visible_to(self.viewer).select_related("standard")
        version = visible_or_404(versions, pk)
        return self.tagged(f"{version.content_hash}-{version.status}", lambda: version_shape(version))
