"""What no operation answers is told in the API's form too; pages keep theirs."""

import pytest
from django.test import Client

from reports import api as reports_api
from tests.api.contract import Asker


@pytest.fixture
def visit(db: None) -> Client:
    return Client(raise_request_exception=False)


def test_an_address_that_leads_nowhere_is_a_problem_in_the_api_and_a_page_elsewhere(visit: Client) -> None:
    answers = [visit.get(address) for address in ("/api/v1/nowhere/", "/nowhere/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.headers["Content-Type"] for answer in answers] == [
        "application/problem+json",
        "text/html; charset=utf-8",
    ]
    assert answers[0].json()["type"] == "urn:journeybook:problem:not-found"


def test_a_fault_of_ours_tells_nothing_but_that(
    visit: Client, machine: Asker, apprenticeship: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> object:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr(reports_api, "progress_of", broken)
    address = f"/api/v1/apprenticeships/{apprenticeship.pk}/progress/"  # type: ignore[attr-defined]  # the fixture's row
    answer = visit.get(address, headers=machine.headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["type"] == "urn:journeybook:problem:server-fault"
    assert b"secret" not in answer.content


def test_a_forged_host_is_a_problem_too(visit: Client, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["records.example.org"]  # type: ignore[attr-defined]  # Django's settings, typed by name only
    answer = visit.get("/api/v1/standards/", headers={"Host": "evil.example.org", "X-Forwarded-Host": "evil"})
    assert answer.status_code == 400
