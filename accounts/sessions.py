"""How long a visit may last: so long in all, and so long without a request; then one logs in again.

A signature is given by whoever holds the tablet, so a session that its owner left must end by itself.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from accounts.proofs import Proof, ProofKind

# The session's keys; both are seconds since 1970.
BEGAN, SEEN = "began_at", "seen_at"
SEEN_EVERY = 60
"""Seconds between two notes of having been seen: reading a page seldom writes."""


class SessionLimitMiddleware:
    """Logs out whose session is over, before anybody asks who is looking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Everything after this asks the account many times over; the lazy stand-in for it made each time dear.
        request.user = get_user(request)
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


KEPT_PROOFS = 3
"""How many of the notes that allauth makes of each proof are kept; only the last one counts."""


def last_proof(request: HttpRequest) -> Proof | None:
    """How this session's person last proved who they are, by logging in or again since; None where it isn't known.

    allauth notes each way in the session; one that is no password and no passkey proves nothing here.
    """
    if not isinstance(request.user, User):
        return None
    proofs = (_proof_noted(note) for note in reversed(get_authentication_records(request, request.user)))
    return next((proof for proof in proofs if proof), None)


def forget_older_proofs(session: SessionBase) -> None:
    """Keep the last few notes: who enters a password for every signature would carry hundreds by the evening."""
    notes = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    if len(notes) > KEPT_PROOFS:
        session[AUTHENTICATION_METHODS_SESSION_KEY] = notes[-KEPT_PROOFS:]


def _proof_noted(note: dict[str, Any]) -> Proof | None:
    kinds = {("password", None): ProofKind.PASSWORD, ("mfa", "webauthn"): ProofKind.PASSKEY}
    kind = kinds.get((note.get("method", ""), note.get("type")))
    return Proof(kind, datetime.fromtimestamp(note["at"], tz=UTC)) if kind else None


def begin(*, request: HttpRequest, **_signal: Any) -> None:
    """Note when somebody logged in; Django tells it by a signal of its own, whatever way they came in."""
    request.session[BEGAN] = request.session[SEEN] = timezone.now().timestamp()


user_logged_in.connect(begin, dispatch_uid="accounts.sessions.begin")
