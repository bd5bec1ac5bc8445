"""The page of one's access tokens."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, Sponsor, User


@pytest.fixture
def visit(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def form(sponsor: Sponsor, **changes: str) -> dict[str, str]:
    return {"key": "k1", "name": "Payroll reader", "sponsor": str(sponsor.pk), "days": "90", **changes}


def test_a_token_is_shown_once_and_then_only_by_its_first_signs(visit: Client, sponsor: Sponsor) -> None:
    made = visit.post(reverse("make_token"), form(sponsor)).content.decode()
    [secret] = re.findall(r"jb_[\w-]{43}", made)
    token = ApiToken.objects.get()
    listed = visit.get(reverse("tokens")).content.decode()
    assert (secret in listed, token.prefix in listed, "Payroll reader" in listed) == (False, True, True)


def test_pressing_twice_makes_one_token_and_says_so(visit: Client, sponsor: Sponsor) -> None:
    visit.post(reverse("make_token"), form(sponsor))
    again = visit.post(reverse("make_token"), form(sponsor)).content.decode()
    assert (ApiToken.objects.count(), "This token was made before" in again) == (1, True)


@pytest.mark.parametrize("change", [{"name": ""}, {"days": "4000"}, {"name": "x" * 81}, {"key": ""}])
def test_a_wrong_form_comes_back_and_makes_nothing(change: dict[str, str], visit: Client, sponsor: Sponsor) -> None:
    answer = visit.post(reverse("make_token"), form(sponsor, **change))
    assert (answer.status_code, ApiToken.objects.count()) == (400, 0)


def test_a_sponsor_of_others_is_no_choice(visit: Client, sponsor: Sponsor, other_sponsor: Sponsor) -> None:
    answer = visit.post(reverse("make_token"), form(other_sponsor))
    assert (answer.status_code, ApiToken.objects.count()) == (400, 0)


def test_a_token_is_revoked_from_the_list(visit: Client, sponsor: Sponsor, coordinator: User) -> None:
    visit.post(reverse("make_token"), form(sponsor))
    token = ApiToken.objects.get()
    for _ in range(2):
        page = visit.post(reverse("revoke_token", args=[token.pk]), {"key": "r1"}, follow=True)
    token.refresh_from_db()
    assert (token.revoked_by, page.status_code, "Revoke this token" in page.content.decode()) == (
        coordinator,
        200,
        False,
    )
    told = visit.post(reverse("revoke_token", args=[token.pk]), {"key": "r2"}, follow=True).content.decode()
    assert "had been revoked before" in told


def test_the_token_of_another_is_not_there(visit: Client, sponsor: Sponsor, mentor: User) -> None:
    visit.post(reverse("make_token"), form(sponsor))
    visit.force_login(mentor)
    assert visit.post(reverse("revoke_token", args=[ApiToken.objects.get().pk]), {"key": "r"}).status_code == 404
    assert "Payroll reader" not in visit.get(reverse("tokens")).content.decode()


def test_the_page_is_kept_nowhere(visit: Client) -> None:
    assert "no-store" in visit.get(reverse("tokens")).headers["Cache-Control"]
