"""Asking the API, and holding every answer to its published description."""

import json
import re
from functools import cache
from typing import Any

from django.test import Client
from django.urls import resolve, reverse
from jsonschema import Draft202012Validator

from accounts.models import User
from config.api_docs import described

PROBLEM = "urn:journeybook:problem:"


@cache
def description() -> dict[str, Any]:
    """The published OpenAPI document, with no member allowed that it does not name."""
    document: dict[str, Any] = json.loads(described()[0])
    for shape in document["components"]["schemas"].values():
        if "properties" in shape:
            shape["additionalProperties"] = False
    return document


def described_answers(path: str, method: str) -> dict[str, Any]:
    """The answers that the description gives for one operation."""
    route = re.sub(r"<\w+:(\w+)>", r"{\1}", "/" + resolve(path).route)
    operations = description()["paths"][route.replace("{pk}", "{id}")]
    answers: dict[str, Any] = operations[method.lower()]["responses"]
    return answers


class Answer:
    """One answer that agrees with the description."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers: Any = response.headers
        self.bytes: bytes = b"".join(response.streaming_content) if response.streaming else response.content
        self.json: Any = json.loads(self.bytes) if "json" in self.headers.get("Content-Type", "") else None

    @property
    def text(self) -> str:
        return self.bytes.decode()

    @property
    def problem(self) -> str:
        """The code of the problem that was answered."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.json["status"] == self.status
        return str(self.json["type"]).removeprefix(PROBLEM)

    @property
    def pointers(self) -> list[str]:
        """The places that a problem names, pointers and parameters alike."""
        return [error.get("pointer", error.get("parameter")) for error in self.json["errors"]]


class Asker:
    """Somebody who asks: in a session, with a token, or as nobody."""

    def __init__(self, user: User | None = None, *, token: str = "", language: str = "en") -> None:
        self.client = Client(enforce_csrf_checks=bool(token))
        self.headers = {"Accept-Language": language, **({"Authorization": f"Bearer {token}"} if token else {})}
        if user:
            self.client.force_login(user)

    def get(self, name: str, *, query: dict[str, Any] | None = None, headers: Any = None, **parts: Any) -> Answer:
        return self.get_address(reverse(name, kwargs=parts), query, headers)

    def get_address(self, address: str, query: dict[str, Any] | None = None, headers: Any = None) -> Answer:
        response = self.client.get(address, query, headers={**self.headers, **(headers or {})})
        return _checked(response, "GET")

    def post(self, name: str, body: Any, *, key: str = "key-1", **parts: Any) -> Answer:
        response = self.client.post(
            reverse(name, kwargs=parts),
            body if isinstance(body, str) else json.dumps(body, default=str),
            content_type="application/json",
            headers={**self.headers, **({"Idempotency-Key": key} if key else {})},
        )
        return _checked(response, "POST")


def _checked(response: Any, method: str) -> Answer:
    answers = described_answers(response.wsgi_request.path, method)
    assert str(response.status_code) in answers, f"{response.status_code} is not described: {response.content!r}"
    contents = answers[str(response.status_code)].get("content", {})
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    if contents:
        assert media_type in contents
        if media_type.endswith("json"):
            schema = {**contents[media_type]["schema"], "components": description()["components"]}
            Draft202012Validator(schema).validate(json.loads(response.content))
    return Answer(response)
