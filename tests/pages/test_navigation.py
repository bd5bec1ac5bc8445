"""The head of a page offers the places of one's role; who holds several roles changes between them."""

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client

from accounts.models import Membership, Role, Sponsor, User
from accounts.navigation import PLACES, current_membership, places
from tests.cast import LONG_AGO, make_person, viewer_for


@pytest.fixture
def both(sponsor: Sponsor) -> User:
    return make_person("Bo Berg", Role.AUDITOR, Role.MENTOR, sponsor=sponsor)


def role_shown(client: Client) -> str:
    page = client.get("/profile/").content.decode()
    return page.split('<span class="who">')[1].split("<span>")[1].split("</span>")[0]


def membership(user: User, role: Role) -> Membership:
    return Membership.objects.get(user=user, role=role)


@pytest.mark.parametrize("role", Role)
def test_a_role_has_at_most_four_places_and_may_enter_each(client: Client, sponsor: Sponsor, role: Role) -> None:
    client.force_login(make_person("Bo Berg", role, sponsor=sponsor))
    assert [client.get(place.url).status_code for place in PLACES[role]] == [200] * len(PLACES[role])
    assert 1 <= len(PLACES[role]) <= 4


def test_without_a_choice_the_role_that_signs_comes_first(client: Client, both: User) -> None:
    client.force_login(both)
    assert role_shown(client) == "Mentor"


def test_a_person_with_two_roles_changes_between_them(client: Client, both: User) -> None:
    client.force_login(both)
    answer = client.post("/role/", {"membership": membership(both, Role.AUDITOR).pk})
    assert answer.headers["Location"] == "/"
    assert role_shown(client) == "Auditor"


def test_the_role_of_somebody_else_cannot_be_chosen(client: Client, both: User, coordinator: User) -> None:
    client.force_login(both)
    answer = client.post("/role/", {"membership": membership(coordinator, Role.COORDINATOR).pk})
    assert answer.status_code == 404
    assert role_shown(client) == "Mentor"


def test_a_role_that_has_ended_is_left(client: Client, both: User) -> None:
    client.force_login(both)
    auditor = membership(both, Role.AUDITOR)
    client.post("/role/", {"membership": auditor.pk})
    auditor.until = LONG_AGO.replace(year=LONG_AGO.year + 1)
    auditor.save(update_fields=["until"])
    assert role_shown(client) == "Mentor"


def test_who_holds_no_role_gets_the_common_places(db: None, sponsor: Sponsor) -> None:
    roleless = viewer_for(make_person("Noor Nassar", sponsor=sponsor))
    assert current_membership(roleless, SessionBase()) is None
    assert [place.url_name for place in places(None)] == ["standard_list", "glossary"]


def test_the_profile_names_every_role(client: Client, both: User) -> None:
    client.force_login(both)
    page = client.get("/profile/").content.decode()
    assert page.count("Empire Compounding</span>") >= 2


def test_the_place_where_one_is_is_marked(client: Client, both: User) -> None:
    client.force_login(both)
    assert 'href="/glossary/" aria-current="page"' in client.get("/glossary/").content.decode()
