"""The public library of standards."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.middleware import viewer_of
from accounts.pages import public
from competencies.exporting import json_of
from competencies.library import find_version, listed, listed_versions, read_standard
from competencies.models import StandardVersion

PER_PAGE = 50


@public
@require_safe
def standard_list(request: HttpRequest) -> HttpResponse:
    """All published standards that the viewer may see; `?q=` narrows them down."""
    query = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    page = Paginator(listed_versions(viewer_of(request), query), PER_PAGE).get_page(request.GET.get("page"))
    context = {"standards": listed(list(page.object_list)), "page": page, "query": query}
    return render(request, "competencies/standard_list.html", context)


@public
@require_safe
def standard(request: HttpRequest, slug: str) -> HttpResponse:
    """One published version with everything that must be learned; `?version=` shows an older one."""
    version = version_or_404(request, slug)
    return render(request, "competencies/standard.html", {"standard": read_standard(version)})


@public
@require_safe
def standard_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The same version in its JSON form, to keep and to import elsewhere."""
    version = version_or_404(request, slug)
    response = HttpResponse(json_of(version), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{version.number}.json"'
    return response


def version_or_404(request: HttpRequest, slug: str) -> StandardVersion:
    """The version that the address asks for, among those that the viewer may see."""
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None
    owner = request.GET.get("owner", "").replace("\x00", "")
    version = find_version(viewer_of(request), slug, owner=owner, number=number)
    if version is None or (asked and number is None):
        raise Http404
    return version
