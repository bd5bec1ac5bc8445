"""What every operation of the API shares: one place that asks who may, and the forms of asking and answering.

An endpoint declares its permission, and the getter of its row where its address names one. Not
visible is 404, visible but not allowed 403, nobody 401; the same questions as `accounts/pages.py`.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, NotAuthenticated, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import NotPermitted, Permission, Scope, permits, require
from accounts.authentication import TokenAuthentication, TokenGrant
from accounts.middleware import viewer_of
from accounts.pages import PUBLIC, SIGNED_IN
from accounts.problems import INVALID_INPUT, KEY_MISSING, NOT_PERMITTED, TOO_LARGE, Problem, Refused
from accounts.throttling import ApiThrottle
from accounts.viewer import Viewer
from acts.acting import was_done

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
LONGEST_KEY = 200


class AlwaysJson(BaseContentNegotiation):
    """There is one form of answer, whatever is asked for."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((parser for parser in parsers if _is_json(request.content_type, parser.media_type)), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


def _is_json(content_type: str | None, media_type: str) -> bool:
    return (content_type or "").partition(";")[0].strip().lower() == media_type


class BoundedJSONParser(JSONParser):
    """JSON of at most `settings.API_LARGEST_BODY` bytes; what nests too deep is wrong input, no fault."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        most = settings.API_LARGEST_BODY
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise Refused(Problem(TOO_LARGE, _("At most %(most)s bytes. Split it.") % {"most": most}))
        try:
            return json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError(str(error)) from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


@dataclass(frozen=True)
class RowOf:
    """How the row of an address is found: by a getter that answers 404 for what is not visible."""

    find: Callable[[Viewer, uuid.UUID], Scope]


class Endpoint(APIView):
    """One address of the API.

    `declared` says who may reach it: a Permission, PUBLIC or SIGNED_IN; `needs` names what a method
    needs instead. `on` finds the row of the address's `pk` among those visible, and `row` holds it;
    without `on` the permission must be held with at least one sponsor.
    """

    declared: ClassVar[str]
    needs: ClassVar[Mapping[str, Permission]] = {}
    on: ClassVar[RowOf | None] = None

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    throttle_classes = [ApiThrottle]
    content_negotiation_class = AlwaysJson
    renderer_classes = [JSONRenderer]
    parser_classes = [BoundedJSONParser]
    http_method_names = ["get", "head", "post"]
    format_kwarg = None  # there is one format

    viewer: Viewer
    row: Any

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, how often, and whether they may: before any handler runs."""
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        refusal = self._refusal(request)
        self.check_throttles(request)  # guessing at tokens is counted too
        if refusal:
            raise refusal
        grant = request.auth
        self.viewer = grant.viewer if isinstance(grant, TokenGrant) else viewer_of(request)
        self._admit(self.needs.get(request.method or "", self.declared), kwargs.get("pk"))

    def _refusal(self, request: Request) -> APIException | None:
        try:
            self.perform_authentication(request)
        except APIException as error:
            return error
        return None

    def _admit(self, needed: str, pk: uuid.UUID | None) -> None:
        if needed == PUBLIC:
            return
        if self.viewer.is_anonymous:
            raise NotAuthenticated(_("Send a token, or sign in first."))
        if needed == SIGNED_IN:
            return
        permission = Permission(needed)
        if self.viewer.allowed is not None and permission not in self.viewer.allowed:
            raise Refused(Problem(NOT_PERMITTED, _("This token can only read. Sign in to do it yourself.")))
        if self.on is not None and pk is not None:
            self.row = self.on.find(self.viewer, pk)
            require(self.viewer, permission, on=self.row)
        elif not any(permits(self.viewer, permission, on=sponsor) for sponsor in self.viewer.sponsors):
            raise NotPermitted(permission)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nothing of anybody's is kept on the way."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(response, ("Authorization", "Cookie"))
        return response

    def tagged(self, tag: str, build: Callable[[], Any]) -> Response:
        """What `build` gives, marked with `tag`; 304 without building it when the asker has that one already."""
        etag = quote_etag(tag)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if etag in parse_etags(self.request.headers.get("If-None-Match", "")):
            return Response(status=304, headers=headers)
        return Response(build(), headers=headers)

    def key(self) -> str:
        """The Idempotency-Key of a write; 400 without one."""
        key = self.request.headers.get(KEY_HEADER, "").strip()
        if not key or len(key) > LONGEST_KEY or not key.isprintable():
            detail = _("Send a header %(header)s of at most %(most)s signs, a new one for each act.")
            raise Refused(Problem(KEY_MISSING, detail % {"header": KEY_HEADER, "most": LONGEST_KEY}))
        return key

    def was_done(self) -> bool:
        """Whether the asker did an act with this request's key before; asked before doing it."""
        return was_done(self.viewer.user_id, self.key())

    def written(self, body: Any, *, again: bool, status: int = 201) -> Response:
        """What a write made; `again` says that it was made by an earlier request with the same key."""
        return Response(body, status=status, headers={REPLAYED_HEADER: "true"} if again else None)


class StrictSerializer(serializers.Serializer[Any]):
    """Input of which every member must be known: a misspelt name is an error, never silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name) for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({name: [_("There is no such member here.")] for name in unknown})
        return super().to_internal_value(data)


def asked(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """The parameters behind the `?`, as `serializer` reads them; 400 names each one that is wrong."""
    reading = serializer(data=request.query_params.dict())
    if not reading.is_valid():
        errors = [
            {"parameter": name, "detail": str(message)}
            for name, messages in reading.errors.items()
            for message in messages
        ]
        raise Refused(Problem(INVALID_INPUT, _("Something behind the question mark is wrong."), errors))
    return dict(reading.validated_data)


def sent(serializer: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """The body, as `serializer` reads it; 400 points at each place that is wrong."""
    reading = serializer(data=request.data)
    reading.is_valid(raise_exception=True)
    return dict(reading.validated_data)
