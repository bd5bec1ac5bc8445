"""The published description: valid, complete, and the same for everybody."""

import io
import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.api import Endpoint
from accounts.checks import every_pattern
from accounts.models import User
from tests.api.contract import Asker, described_answers, description


def endpoints() -> list[tuple[str, URLPattern]]:
    return [(path, p) for path, p in every_pattern() if issubclass(getattr(p.callback, "cls", object), Endpoint)]


def test_the_document_is_valid_and_made_without_a_warning() -> None:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "openapi: 3.1.1" in out.getvalue()


def test_it_names_every_operation_with_words_and_its_refusals() -> None:
    operations = [op for path in description()["paths"].values() for op in path.values()]
    assert len(operations) == len({op["operationId"] for op in operations}) >= len(endpoints())
    for op in operations:
        assert op["description"]
        assert {"401", "429"} <= set(op["responses"])
        assert op.get("requestBody") is None or {"400", "413", "415", "422"} <= set(op["responses"])


def test_every_endpoint_declares_who_may_come_in() -> None:
    assert [path for path, pattern in endpoints() if not getattr(pattern.callback.cls, "declared", "")] == []  # type: ignore[attr-defined]  # set by DRF
    assert len(endpoints()) > 15


@pytest.mark.django_db
def test_it_is_served_to_everybody_and_not_sent_twice(client: Client) -> None:
    first = client.get(reverse("api_schema"))
    assert json.loads(first.content)["openapi"] == "3.1.1"
    again = client.get(reverse("api_schema"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_asker_is_told_who_they_are(coordinator: User, machine: Asker) -> None:
    told = machine.get("api_me").json
    assert (told["person"]["name"], told["authentication"]) == ("Carol Jones", "token")
    assert (told["sponsors"][0]["roles"], told["token"]["scopes"]) == (["coordinator"], ["read"])
    assert Asker(coordinator).get("api_me").json["token"] is None
    assert Asker().get("api_me").status == 401


def test_what_is_described_is_found_by_its_address() -> None:
    assert set(described_answers(reverse("api_sign_offs"), "POST")) >= {"201", "409", "422"}
