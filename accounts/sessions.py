"""How long a visit may last: so long in all, and so long without a request; then one logs in again.

A signature is given by whoever holds the tablet, so a session that its owner left must end by itself.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

# The session's keys; both are seconds since 1970.
BEGAN, SEEN = "began_at", "seen_at"
SEEN_EVERY = 60
"""Seconds between two notes of having been seen: reading a page seldom writes."""


class SessionLimitMiddleware:
    """Logs out whose session is over, before anybody asks who is looking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            at = timezone.now()
            if is_over(request.session, at):
                logout(request)
            elif at.timestamp() - request.session[SEEN] >= SEEN_EVERY:
                request.session[SEEN] = at.timestamp()
        return self.get_response(request)


def is_over(session: SessionBase, at: datetime) -> bool:
    """Whether a logged-in session has lasted too long, or rested too long, at the instant `at`.

    One that does not say when it began is from before there were limits: it is over.
    """
    now = at.timestamp()
    lasted, rested = now - float(session.get(BEGAN, 0)), now - float(session.get(SEEN, 0))
    return bool(lasted >= settings.SESSION_COOKIE_AGE or rested >= settings.SESSION_IDLE_SECONDS)


def begin(*, request: HttpRequest, **_signal: Any) -> None:
    """Note when somebody logged in; Django tells it by a signal of its own, whatever way they came in."""
    request.session[BEGAN] = request.session[SEEN] = timezone.now().timestamp()


user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")
