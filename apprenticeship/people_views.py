"""Bringing people in from a file: choosing it, looking at what each row will do, and having all of them recorded."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission
from accounts.import_pages import Pages, bring_in, one_file, template_of
from accounts.models import FileImport
from accounts.pages import page
from apprenticeship.getters import get_people_import
from apprenticeship.import_kinds import PEOPLE

PAGES = Pages(
    choose="bring_in_people",
    choose_template="apprenticeship/bring_in_people.html",
    template="people_template",
    one="people_import",
    one_template="apprenticeship/people_import.html",
)


@page(Permission.REGISTER_APPRENTICES)
@require_http_methods(["GET", "POST"])
def bring_in_people(request: HttpRequest) -> HttpResponse:
    """Bring in people of every role, apprentices with all that registers them."""
    return bring_in(request, PEOPLE, PAGES)


@page(Permission.REGISTER_APPRENTICES)
@require_safe
def people_template(_request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """An empty file with the headings, to be filled in."""
    if kind != PEOPLE.code:
        raise Http404
    return template_of(PEOPLE, ending)


@page(Permission.REGISTER_APPRENTICES, on=get_people_import)
@never_cache
@require_http_methods(["GET", "POST"])
def people_import(request: HttpRequest, brought: FileImport) -> HttpResponse:
    """What each row of a file will do, or did; POST has a worker record all of them as one act."""
    return one_file(request, brought, PAGES, recorded=str, more={})
