"""Who may read what by the API: each operation for each of the cast."""

from typing import Any

import pytest

from accounts.models import Role, Sponsor, User
from apprenticeship.models import Apprenticeship
from tests.api.contract import Asker
from tests.cast import make_person, signed

ROLES = (
    "mentor",
    "deputy",
    "coordinator",
    "administrator",
    "instructor",
    "apprentice",
    "auditor",
    "stranger",
    "outsider",
    "anonymous",
)
READERS = {"mentor", "deputy", "coordinator", "administrator", "apprentice", "auditor"}


@pytest.fixture
def asker(request: pytest.FixtureRequest) -> Asker:
    return Asker(None if request.param == "anonymous" else request.getfixturevalue(request.param))


def of_a_book(apprenticeship: Apprenticeship, mentor: User) -> list[tuple[str, dict[str, Any]]]:
    """Every address that names the book or something in it."""
    first = signed(apprenticeship, mentor)
    book = {"pk": apprenticeship.pk}
    return [
        ("api_apprenticeship", book),
        ("api_entries", book),
        ("api_entry", {**book, "sequence": 1}),
        ("api_sign_off", {"pk": first.pk}),
    ]


@pytest.mark.parametrize(("role", "asker"), [(role, role) for role in ROLES], indirect=["asker"])
def test_a_book_opens_to_its_readers_and_is_not_there_for_others(
    role: str, asker: Asker, apprenticeship: Apprenticeship, mentor: User
) -> None:
    expected = 200 if role in READERS else 401 if role == "anonymous" else 404
    doors = of_a_book(apprenticeship, mentor)
    assert {name: asker.get(name, **parts).status for name, parts in doors} == {name: expected for name, _ in doors}


@pytest.mark.parametrize(("role", "asker"), [(role, role) for role in ROLES], indirect=["asker"])
@pytest.mark.parametrize("name", ["api_apprenticeships", "api_sign_offs"])
def test_a_list_tells_each_of_the_cast_what_they_may_see(
    role: str, asker: Asker, name: str, apprenticeship: Apprenticeship, mentor: User
) -> None:
    signed(apprenticeship, mentor)
    answer = asker.get(name)
    refused = {"anonymous": 401, "instructor": 403}
    assert answer.status == refused.get(role, 200)
    if answer.status == 200:
        assert len(answer.json["results"]) == (1 if role in READERS else 0)


def test_nobody_is_told_how_to_come_in(apprenticeship: Apprenticeship) -> None:
    answer = Asker().get("api_apprenticeship", pk=apprenticeship.pk)
    assert (answer.problem, answer.headers["WWW-Authenticate"]) == ("not-authenticated", 'Bearer realm="Journeybook"')


def test_what_is_hidden_looks_like_what_does_not_exist(
    apprenticeship: Apprenticeship, cohort: Any, outsider: User
) -> None:
    asker = Asker(outsider)
    hidden = asker.get("api_apprenticeship", pk=apprenticeship.pk)
    assert hidden.text == asker.get("api_apprenticeship", pk=cohort.pk).text


def test_a_role_taken_away_closes_the_door_at_the_next_request(apprenticeship: Apprenticeship, mentor: User) -> None:
    asker = Asker(mentor)
    assert asker.get("api_apprenticeship", pk=apprenticeship.pk).status == 200
    mentor.memberships.update(until=apprenticeship.starts_on)
    assert asker.get("api_apprenticeship", pk=apprenticeship.pk).status == 404


def test_nothing_is_kept_on_the_way(apprenticeship: Apprenticeship, mentor: User) -> None:
    headers = Asker(mentor).get("api_apprenticeship", pk=apprenticeship.pk).headers
    assert headers["Cache-Control"] == "no-store"
    assert {"Authorization", "Cookie"} <= set(headers["Vary"].split(", "))


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_what_is_not_offered_is_no_method(method: str, apprenticeship: Apprenticeship, mentor: User) -> None:
    answer = getattr(Asker(mentor).client, method)(f"/api/v1/apprenticeships/{apprenticeship.pk}/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")


def test_a_form_is_not_taken_for_json(mentor: User) -> None:
    answer = Asker(mentor).client.post("/api/v1/sign-offs/", {"lines": "x"}, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:journeybook:problem:wrong-media-type")


def test_people_of_two_sponsors_see_both(apprenticeship: Apprenticeship, outsider: User, sponsor: Sponsor) -> None:
    outsider.memberships.create(sponsor=sponsor, role=Role.AUDITOR, since=apprenticeship.starts_on)
    make_person("Nina New", sponsor=sponsor)
    assert len(Asker(outsider).get("api_apprenticeships").json["results"]) == 1
