"""Where a request comes from and where its person may be led: addresses of this site only."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def by_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks, for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def is_a_page(request: HttpRequest) -> bool:
    """Whether a whole page is asked for, to which one can come back by its address."""
    return request.method in ("GET", "HEAD") and not by_htmx(request)


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether `address` lies on this site."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


def page_before(request: HttpRequest) -> str:
    """The address on this site from which the request was sent, or the front page."""
    before = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not is_ours(request, before):
        return "/"
    parts = urlsplit(before)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
