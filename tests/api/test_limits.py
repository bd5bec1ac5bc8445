"""How often one may ask; counted in the database."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import RateWindow, Sponsor, User
from accounts.throttling import spend
from tests.api.conftest import token_of
from tests.api.contract import Asker
from tests.cast import NOW


@pytest.fixture
def narrow(settings: Settings) -> None:
    settings.API_RATES = {"token": 3, "session": 2, "anonymous": 1}


@pytest.mark.usefixtures("narrow")
def test_who_asks_too_often_is_told_how_long_to_wait(machine: Asker, at_ten_on_a_monday: Any) -> None:
    at_ten_on_a_monday.move_to(NOW + timedelta(seconds=20))
    assert [machine.get("api_apprenticeships").status for _ in range(4)] == [200, 200, 200, 429]
    answer = machine.get("api_apprenticeships")
    assert (answer.problem, answer.headers["Retry-After"]) == ("too-many-requests", "40")
    at_ten_on_a_monday.shift(40)
    assert machine.get("api_apprenticeships").status == 200


@pytest.mark.usefixtures("narrow")
def test_each_token_person_and_address_has_a_limit_of_its_own(
    machine: Asker, coordinator: User, mentor: User, sponsor: Sponsor, db: None
) -> None:
    statuses = {
        "token": [machine.get("api_standards").status for _ in range(4)],
        "another token": [Asker(token=token_of(mentor, sponsor)).get("api_standards").status],
        "session": [asker.get("api_standards").status for asker in [Asker(coordinator)] * 3],
        "anonymous": [Asker().get("api_standards").status for _ in range(2)],
    }
    assert statuses == {
        "token": [200, 200, 200, 429],
        "another token": [200],
        "session": [200, 200, 429],
        "anonymous": [200, 429],
    }


@pytest.mark.usefixtures("narrow")
def test_guessing_at_tokens_is_counted_too(db: None) -> None:
    assert [Asker(token="jb_guess").get("api_standards").status for _ in range(2)] == [401, 429]


@pytest.mark.usefixtures("narrow")
def test_claiming_another_address_does_not_help(db: None) -> None:
    asker = Asker()
    found = [asker.get("api_standards", headers={"X-Forwarded-For": f"10.0.0.{i}"}).status for i in range(2)]
    assert found == [200, 429]


@pytest.mark.usefixtures("narrow")
def test_behind_one_proxy_the_address_that_it_names_counts(db: None, settings: Settings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}
    asker = Asker()
    claims = ("10.0.0.1, 192.0.2.7", "10.0.0.2, 192.0.2.7", "10.0.0.1, 192.0.2.8")
    found = [asker.get("api_standards", headers={"X-Forwarded-For": claim}).status for claim in claims]
    assert found == [200, 429, 200]


def test_windows_of_yesterday_are_cleared_away(db: None) -> None:
    spend("anonymous:1", at=NOW - timedelta(days=2), limit=5)
    spend("anonymous:2", at=NOW, limit=5)
    assert list(RateWindow.objects.values_list("who", "count")) == [("anonymous:2", 1)]


def test_a_new_minute_begins_afresh_and_a_full_one_says_how_long(db: None) -> None:
    assert [spend("a", at=NOW, limit=2) for _ in range(3)] == [None, None, timedelta(minutes=1)]
    assert spend("a", at=NOW + timedelta(seconds=59), limit=2) == timedelta(seconds=1)
    assert spend("a", at=NOW + timedelta(seconds=60), limit=2) is None
