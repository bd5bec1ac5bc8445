"""What every page's frame needs."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The viewer, for the page's head; lazy, so that a page without it costs no query."""
    return {"viewer": getattr(request, "viewer", None)}
