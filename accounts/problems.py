"""What the API answers when it refuses: problem details (RFC 9457), one form for every error.

The domain raises its own plain exceptions. Each layer says beside its API which problem an exception
of its own is, by `@problem_of.register`; so nothing here knows the layers above.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from accounts.access import NotPermitted
from accounts.models import SigningPolicy
from accounts.proofs import NotYetAccepted, ProofNeeded
from acts.acting import KeyReused

MEDIA_TYPE = "application/problem+json"
NAMESPACE = "urn:journeybook:problem:"


@dataclass(frozen=True)
class ProblemType:
    """One kind of problem: its code never changes, its title is for people. `docs/api.md` lists them all."""

    code: str
    status: int
    title: "str | Promise"

    @property
    def uri(self) -> str:
        return NAMESPACE + self.code


@dataclass(frozen=True)
class Problem:
    """One problem of one request: what happened and what to do, with one entry of `errors` per place."""

    type: ProblemType
    detail: str = ""
    errors: Sequence[Mapping[str, Any]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The members of RFC 9457, and `errors` where there are any."""
        body: dict[str, Any] = {"type": self.type.uri, "title": str(self.type.title), "status": int(self.type.status)}
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [dict(error) for error in self.errors]
        return body


class Refused(Exception):
    """A request that the edge itself refuses, before any domain code: a missing key, a forged cursor."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.type.code)
        self.problem = problem


INVALID_INPUT = ProblemType("invalid-input", HTTPStatus.BAD_REQUEST, gettext_lazy("The request is not right yet"))
KEY_MISSING = ProblemType("key-missing", HTTPStatus.BAD_REQUEST, gettext_lazy("An Idempotency-Key is missing"))
NOT_AUTHENTICATED = ProblemType("not-authenticated", HTTPStatus.UNAUTHORIZED, gettext_lazy("Sign in first"))
NOT_PERMITTED = ProblemType("not-permitted", HTTPStatus.FORBIDDEN, gettext_lazy("This is not permitted to you"))
PROOF_NEEDED = ProblemType("proof-needed", HTTPStatus.FORBIDDEN, gettext_lazy("Show first that it is you who signs"))
NOT_YET_ACCEPTED = ProblemType(
    "not-yet-accepted", HTTPStatus.FORBIDDEN, gettext_lazy("Your signature cannot stand here yet")
)
NOT_FOUND = ProblemType("not-found", HTTPStatus.NOT_FOUND, gettext_lazy("There is nothing here"))
WRONG_METHOD = ProblemType(
    "wrong-method", HTTPStatus.METHOD_NOT_ALLOWED, gettext_lazy("This address does not take this method")
)
TOO_LARGE = ProblemType(
    "too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, gettext_lazy("The request is larger than is taken here")
)
WRONG_MEDIA_TYPE = ProblemType(
    "wrong-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, gettext_lazy("The request must be JSON")
)
KEY_REUSED = ProblemType(
    "key-reused",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    gettext_lazy("This Idempotency-Key was used for another request"),
)
TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests", HTTPStatus.TOO_MANY_REQUESTS, gettext_lazy("Too many requests in a short time")
)


@singledispatch
def problem_of(_error: Exception) -> Problem | None:
    """The problem that an error is; None for what no request can cause, which stays a fault of the server."""
    return None


@problem_of.register
def _refused(error: Refused) -> Problem:
    return error.problem


@problem_of.register
def _not_permitted(error: NotPermitted) -> Problem:
    words = _("You may see this, but not do it (%(permission)s).") % {"permission": error.permission}
    return Problem(NOT_PERMITTED, error.why or words)


@problem_of.register
def _proof_needed(error: ProofNeeded) -> Problem:
    if error.sponsor and error.sponsor.signing_policy == SigningPolicy.EVERY:
        return Problem(PROOF_NEEDED, _("This sponsor asks for the password at each signature: sign on the pages."))
    return Problem(PROOF_NEEDED, _("Enter your password at /accounts/reauthenticate/; it is good for 15 minutes."))


@problem_of.register
def _not_yet_accepted(error: NotYetAccepted) -> Problem:
    missing = []
    if not error.accepted:
        missing.append(_("You have not yet accepted that your electronic signature stands for your handwritten one."))
    if not error.identified:
        missing.append(_("Nobody has confirmed yet that this account is yours. Ask the coordinator of your program."))
    return Problem(NOT_YET_ACCEPTED, " ".join(missing))


@problem_of.register
def _permission_denied(_error: PermissionDenied) -> Problem:
    return Problem(NOT_PERMITTED)


@problem_of.register
def _key_reused(_error: KeyReused) -> Problem:
    return Problem(KEY_REUSED, _("Nothing was done. Send another request with a key of its own."))


@problem_of.register
def _nothing_here(_error: Http404) -> Problem:
    return Problem(NOT_FOUND, _("It does not exist, or you may not see it. Addresses end with a slash."))


@problem_of.register
def _invalid(error: exceptions.ValidationError) -> Problem:
    return Problem(
        INVALID_INPUT, _("Nothing was done. Mend what is listed and send it again."), list(pointed(error.detail))
    )


@problem_of.register
def _unreadable(error: exceptions.ParseError) -> Problem:
    return Problem(INVALID_INPUT, _("The body is not JSON that can be read: %(why)s") % {"why": error.detail})


@problem_of.register
def _wrong_media_type(_error: exceptions.UnsupportedMediaType) -> Problem:
    return Problem(WRONG_MEDIA_TYPE, _("Send it with Content-Type: application/json."))


@problem_of.register
def _wrong_method(_error: exceptions.MethodNotAllowed) -> Problem:
    return Problem(WRONG_METHOD)


@problem_of.register
def _refused_by_drf(error: exceptions.PermissionDenied) -> Problem:
    return Problem(NOT_PERMITTED, str(error.detail))


@problem_of.register(exceptions.NotAuthenticated)
@problem_of.register(exceptions.AuthenticationFailed)
def _not_authenticated(error: exceptions.APIException) -> Problem:
    challenge = getattr(error, "auth_header", None) or "Bearer"
    return Problem(NOT_AUTHENTICATED, str(error.detail), headers={"WWW-Authenticate": challenge})


@problem_of.register
def _throttled(error: exceptions.Throttled) -> Problem:
    seconds = max(1, ceil(getattr(error, "wait", None) or 1))
    detail = _("Try again in %(seconds)s seconds.") % {"seconds": seconds}
    return Problem(TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})


def answer(error: Exception, _context: object) -> Response | None:
    """DRF's exception handler: `error` as problem details, or None to let it be a fault of the server."""
    problem = problem_of(error)
    if problem is None:
        return None
    return Response(
        problem.as_json(), status=problem.type.status, headers=dict(problem.headers), content_type=MEDIA_TYPE
    )


def pointed(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """DRF's nested messages as a flat list, each with the JSON pointer of what it is about."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from pointed(inner, pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}")
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for place, inner in enumerate(detail):
            yield from pointed(inner, pointer if isinstance(inner, str) else f"{pointer}/{place}")
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def _escaped(name: str) -> str:
    """A name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
