"""How operations are described in the OpenAPI document: what they answer, and every way they refuse."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from accounts.api import KEY_HEADER, LONGEST_KEY
from accounts.authentication import TokenAuthentication
from accounts.problems import (
    INVALID_INPUT,
    KEY_MISSING,
    KEY_REUSED,
    MEDIA_TYPE,
    NOT_AUTHENTICATED,
    NOT_FOUND,
    NOT_PERMITTED,
    TOO_LARGE,
    TOO_MANY_REQUESTS,
    WRONG_MEDIA_TYPE,
    ProblemType,
)

View = TypeVar("View", bound=Callable[..., Any])

WRITES = (INVALID_INPUT, KEY_MISSING, KEY_REUSED, TOO_LARGE, WRONG_MEDIA_TYPE)

ANYBODY: list[dict[str, list[str]]] = [{"token": []}, {"cookieAuth": []}, {}]
IN_A_SESSION: list[dict[str, list[str]]] = [{"cookieAuth": []}]


class ProblemPlace(serializers.Serializer[Any]):
    """One place that is wrong: a pointer into the body (RFC 6901 after `#`) or a parameter's name."""

    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    detail = serializers.CharField()
    standing = serializers.DictField(
        required=False, allow_null=True, help_text="With already-signed: the signature that stands now, if any."
    )


class ProblemDetails(serializers.Serializer[Any]):
    """RFC 9457. `type` never changes; `title` and `detail` follow Accept-Language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = ProblemPlace(many=True, required=False)  # type: ignore[assignment]  # only described, never validated


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its library leaves the hook untyped
    """How the description of the API names our tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made at /profile/tokens/. It reads what its owner may read with one sponsor.",
        }


def operation(
    operation_id: str,
    answers: Mapping[Any, Any],
    *,
    parameters: type[serializers.Serializer[Any]] | None = None,
    body: type[serializers.Serializer[Any]] | None = None,
    problems: Sequence[ProblemType] = (),
    tag: str,
    public: bool = False,
    row: bool = False,
    conditional: bool = False,
) -> Callable[[View], View]:
    """Describe one operation; its words are the docstring of the view's method.

    `answers` are by status, or by status and media type. `row`: its address names a row, so it may
    answer 404. `conditional`: it takes If-None-Match. `body` marks a write, with its key and the
    problems that every write may have.
    """
    refusals = [*problems, TOO_MANY_REQUESTS]
    refusals += [NOT_AUTHENTICATED] if public else [NOT_AUTHENTICATED, NOT_PERMITTED]
    refusals += [NOT_FOUND] if row else []
    refusals += [INVALID_INPUT] if parameters else []
    refusals += WRITES if body else []
    described: dict[Any, Any] = dict(answers)
    if conditional:
        described[304] = OpenApiResponse(description="Unchanged since the ETag that was sent.")
    for status in sorted({int(refusal.status) for refusal in refusals}):
        codes = sorted({refusal.code for refusal in refusals if refusal.status == status})
        described[(status, MEDIA_TYPE)] = OpenApiResponse(
            ProblemDetails, description=f"{HTTPStatus(status).phrase}: {', '.join(codes)}"
        )
    return extend_schema(
        operation_id=operation_id,
        tags=[tag],
        parameters=[*([parameters] if parameters else []), *_headers(write=body is not None, conditional=conditional)],
        request=body,
        responses=described,
        auth=ANYBODY if public else IN_A_SESSION if body else None,  # type: ignore[arg-type]  # its hint says names only
    )


def _headers(*, write: bool, conditional: bool) -> list[OpenApiParameter]:
    found = []
    if write:
        found.append(
            OpenApiParameter(
                KEY_HEADER,
                {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
                OpenApiParameter.HEADER,
                required=True,
                description="A new one for each act; the same one with the same body gives the first answer again.",
            )
        )
    if conditional:
        found.append(OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER))
    return found
