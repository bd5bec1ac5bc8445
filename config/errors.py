"""Errors that no view has caught: a page for people, problem details for whoever asked the API."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults

from accounts.problems import INVALID_INPUT, MEDIA_TYPE, NOT_FOUND, Problem, ProblemType

API = "/api/"
SERVER_FAULT = ProblemType(
    "server-fault", HTTPStatus.INTERNAL_SERVER_ERROR, gettext_lazy("Something broke on our side")
)


def told(problem: Problem) -> HttpResponse:
    """`problem` as an answer of the API."""
    return JsonResponse(problem.as_json(), status=problem.type.status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django itself refused: a forged host, a broken form."""
    if request.path.startswith(API):
        return told(Problem(INVALID_INPUT))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere."""
    if request.path.startswith(API):
        return told(Problem(NOT_FOUND, _("There is no such address. Addresses end with a slash.")))
    return defaults.page_not_found(request, exception)


def server_fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours; what it was stands in the log alone."""
    if request.path.startswith(API):
        return told(Problem(SERVER_FAULT, _("Nothing was done. Send the same request with the same key again.")))
    return defaults.server_error(request)
