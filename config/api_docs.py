"""The description of the API and the page to read and try it, both from this site alone."""

import hashlib
from functools import lru_cache
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import condition, require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from accounts.pages import public

one_at_a_time = Lock()  # the generator keeps state of its own while it works


def described() -> tuple[bytes, str]:
    """The OpenAPI document and its ETag, in English."""
    with one_at_a_time:
        return make_once()


@lru_cache(maxsize=1)
def make_once() -> tuple[bytes, str]:
    """What `described` gives: half a second of work, done once in each process."""
    with override("en"):
        document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # its library leaves them untyped
        text: bytes = OpenApiJsonRenderer().render(document)
    return text, f'"{hashlib.sha256(text).hexdigest()}"'


def _etag(_request: HttpRequest) -> str:
    return described()[1]


@public
@require_safe
@condition(etag_func=_etag)
def schema(_request: HttpRequest) -> HttpResponse:
    """The OpenAPI document as JSON."""
    return HttpResponse(described()[0], content_type="application/json")


@public
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same document to read and to try out, by Swagger UI from our own static files."""
    return render(request, "api/docs.html")
