"""Answers for forms that a page sends by itself, so that it can keep them while there is no connection.

A script that sends a form cannot see where a redirect leads without following it, and following it would spend
the message that the next page shows. So a redirect is answered by its address alone, and the page goes there.
"""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

ASKED, TOLD = "X-Kept-Form", "X-Go-To"


class KeptFormMiddleware:
    """Turns the redirect after such a form into 204 with `X-Go-To`, or into 401 where it leads to the login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        to = response.headers.get("Location")
        if to is None or request.method != "POST" or request.headers.get(ASKED) != "yes":
            return response
        to_login = urlsplit(to).path == resolve_url(settings.LOGIN_URL)
        response.status_code = HTTPStatus.UNAUTHORIZED if to_login else HTTPStatus.NO_CONTENT
        del response.headers["Location"]
        response.headers[TOLD] = to
        return response
