"""The edge of each request: who is looking, at which instant, in which language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from accounts.viewer import Viewer, build_viewer


class ViewerMiddleware:
    """Gives each request its `viewer` (built once, on first use) and the person's own language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = timezone.now()
        request.viewer = SimpleLazyObject(lambda: build_viewer(request.user, at=at))  # type: ignore[attr-defined]  # our own attribute, read by viewer_of
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of this request; an anonymous one where nobody is logged in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by ViewerMiddleware
    return viewer
