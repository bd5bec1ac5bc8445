"""What the frame of every page needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info

from accounts.middleware import has_viewer, viewer_of
from accounts.navigation import current_membership, places
from accounts.notices import unread


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The viewer, their role and places, and the other languages; lazy, so that a page without it costs no query.

    A request that was refused before it had a viewer (a bad host, a failed CSRF check) gets a frame without roles.
    """
    language = get_language() or settings.LANGUAGE_CODE
    other_languages = [get_language_info(code) for code, _name in settings.LANGUAGES if code != language]
    if not has_viewer(request):
        return {"viewer": None, "other_languages": other_languages}
    viewer: Any = SimpleLazyObject(lambda: viewer_of(request))
    current = SimpleLazyObject(lambda: current_membership(viewer, request.session))
    return {
        "viewer": viewer,
        "proving": getattr(request, "proving", None),
        "current_membership": current,
        # A shared device leads nowhere but to what is signed on it.
        "places": SimpleLazyObject(
            lambda: () if viewer.station else places(current_membership(viewer, request.session))
        ),
        "other_languages": other_languages,
        "unread_notices": SimpleLazyObject(lambda: unread(viewer)),
    }
