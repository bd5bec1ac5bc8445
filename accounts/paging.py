"""Lists in pieces: each answer says where the next piece begins, and nothing is skipped or told twice.

A cursor names the last row that was told by the values it is ordered by, so that rows added meanwhile
don't shift the rest. The last value must be unique.
"""

import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api import StrictSerializer
from accounts.problems import INVALID_INPUT, Problem, Refused

M = TypeVar("M", bound=models.Model)
USUAL, MOST = 50, 200


@dataclass(frozen=True)
class By:
    """One value of an order: the path of a field that is never blank, how its text reads, and which way."""

    path: str
    read: Callable[[str], Any]
    newest_first: bool = False

    @property
    def as_order(self) -> str:
        return f"-{self.path}" if self.newest_first else self.path

    def text_of(self, row: models.Model) -> str:
        value = attrgetter(self.path.replace("__", "."))(row)
        return str(value.isoformat() if isinstance(value, datetime) else value)

    def beyond(self, value: Any) -> Q:
        return Q(**{f"{self.path}__{'lt' if self.newest_first else 'gt'}": value})

    def at(self, value: Any) -> Q:
        return Q(**{self.path: value})


BY_ID = By("pk", uuid.UUID)


def instant(text: str) -> datetime:
    """An instant of a cursor; one without a zone is none."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at


class PagedParameters(StrictSerializer):
    """The parameters of every list."""

    cursor = serializers.CharField(required=False, help_text="From `next` of the answer before.", max_length=500)
    limit = serializers.IntegerField(
        required=False, default=USUAL, min_value=1, max_value=MOST, help_text="How many at most in one answer."
    )


def piece(
    rows: "models.QuerySet[M]", *, by: Sequence[By], request: Request, cursor: str | None, limit: int
) -> tuple[list[M], str | None]:
    """At most `limit` rows after `cursor`, and the address of the next piece (None at the end); one query."""
    ordered = rows.order_by(*(value.as_order for value in by))
    if cursor:
        ordered = ordered.filter(_after(by, _values(by, cursor)))
    found = list(ordered[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], _address(request, _cursor(by, found[limit - 1]))


def listed(
    rows: "models.QuerySet[M]",
    *,
    by: Sequence[By],
    request: Request,
    wanted: Mapping[str, Any],
    shape: Callable[[M], Any],
) -> dict[str, Any]:
    """A piece of `rows` as the body of an answer: `next` and `results`, each row in its `shape`."""
    found, following = piece(rows, by=by, request=request, cursor=wanted.get("cursor"), limit=wanted["limit"])
    return {"next": following, "results": [shape(row) for row in found]}


def _after(by: Sequence[By], values: Sequence[Any]) -> Q:
    """Beyond the first value, or at it and beyond the second, and so on."""
    steps = [
        reduce(
            Q.__and__,
            [earlier.at(value) for earlier, value in zip(by[:i], values, strict=False)],
            by[i].beyond(values[i]),
        )
        for i in range(len(by))
    ]
    return reduce(Q.__or__, steps)


def _cursor(by: Sequence[By], row: models.Model) -> str:
    text = json.dumps([value.text_of(row) for value in by])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _values(by: Sequence[By], cursor: str) -> list[Any]:
    """What a cursor says; a forged one is wrong input and reaches no query."""
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(texts, list) or not all(isinstance(text, str) and "\x00" not in text for text in texts):
            raise ValueError("not a list of texts")
        return [value.read(text) for value, text in zip(by, texts, strict=True)]
    except (ValueError, RecursionError, OverflowError) as error:
        errors = [{"parameter": "cursor", "detail": _("This is no cursor of this list. Begin again without one.")}]
        raise Refused(Problem(INVALID_INPUT, errors=errors)) from error


def _address(request: Request, cursor: str) -> str:
    query = request.query_params.copy()
    query["cursor"] = cursor
    return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
