"""The edge of each request: who is looking, at which instant, in which language."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.access import NotPermitted
from accounts.addresses import by_htmx, is_a_page, page_before
from accounts.proofs import NotYetAccepted, ProofNeeded
from accounts.sessions import last_proof
from accounts.viewer import Viewer, build_viewer, build_viewer_at
from acts.acting import AtStation, KeyReused, KeyUnusable


class ViewerMiddleware:
    """Gives each request its `viewer` (built once, on first use) and the person's own language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer_at = timezone.now()  # type: ignore[attr-defined]  # our own attribute, read by viewer_of
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if request.user.is_authenticated:
            # On a shared tablet the next person must not get this page by the "back" button or from a cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The domain's refusals as the web says them: 403 no permission, 422 a key used again, 400 no usable key.

        A page that signs asks for a proof by itself; one that did not see it coming is answered here.
        """
        if isinstance(exception, NotPermitted):
            return _say_why_not(request, exception)
        if isinstance(exception, NotYetAccepted | ProofNeeded):
            return _say_what_is_missing(request, exception)
        if isinstance(exception, KeyReused):
            return render(request, "422.html", status=HTTPStatus.UNPROCESSABLE_ENTITY)
        if isinstance(exception, KeyUnusable):
            return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
        return None


def _say_why_not(request: HttpRequest, refusal: NotPermitted) -> HttpResponse:
    """403 as a page, with what was typed to copy it from. In place of a sheet the reason alone, and a sheet that
    is sent stays as it is: its reason goes by a header (static/js/journeybook.js).
    """
    context = {"exception": refusal, "typed": request.POST.get("note", "")}
    if not (refusal.why and by_htmx(request)):
        return render(request, "403.html", context, status=HTTPStatus.FORBIDDEN)
    response = render(request, "errors/why_not.html", context, status=HTTPStatus.CONFLICT)
    if request.method == "POST":
        response["HX-Reswap"] = "none"
        response["X-Refused"] = quote(refusal.why)
    return response


def _say_what_is_missing(request: HttpRequest, refusal: NotYetAccepted | ProofNeeded) -> HttpResponse:
    """What to do before signing, as a page; where a sheet would have been opened in place, there (409 is shown)."""
    name = "not_ready" if isinstance(refusal, NotYetAccepted) else "proof_needed"
    back = request.get_full_path() if is_a_page(request) else page_before(request)
    context = {"refusal": refusal, "back": back}
    if by_htmx(request):
        return render(request, f"accounts/{name}_note.html", context, status=HTTPStatus.CONFLICT)
    return render(request, f"accounts/{name}.html", context, status=HTTPStatus.FORBIDDEN)


def _viewer(request: HttpRequest, at: datetime) -> Viewer:
    """Who is looking: on a device of their own, or in their turn at a shared one."""
    station: AtStation | None = getattr(request, "station", None)  # set where the device is one
    if station:
        return build_viewer_at(station, request.user, at=at)
    return build_viewer(request.user, at=at, proof=last_proof(request))


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of this request, built when first asked for; an anonymous one where nobody is logged in."""
    plain: Any = getattr(request, "_request", request)  # what the API framework wraps, whose user is a token's
    viewer: Viewer | None = getattr(plain, "viewer", None)
    if viewer is None:
        viewer = plain.viewer = _viewer(plain, plain.viewer_at)
    return viewer


def has_viewer(request: HttpRequest) -> bool:
    """Whether there is anybody to speak of: a bad host or a failed CSRF check is refused before that."""
    return hasattr(request, "viewer_at")
