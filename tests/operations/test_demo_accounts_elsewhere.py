"""The people of a demo, whose password is printed, come into no other installation."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Sponsor, User
from config.start import refuse_demo_accounts
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_sponsor(sponsor: Sponsor) -> Sponsor:
    sponsor.is_demo = True
    sponsor.save(update_fields=["is_demo"])
    return sponsor


def log_in(client: Client, person: User) -> str:
    """Where a login leads to."""
    return str(client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})["Location"])


def test_a_demo_account_is_closed(client: Client, demo_sponsor: Sponsor, mentor: User) -> None:
    assert log_in(client, mentor) == reverse("account_inactive")
    assert "_auth_user_id" not in client.session


def test_in_the_demo_it_is_open(client: Client, demo_sponsor: Sponsor, mentor: User, settings: Settings) -> None:
    settings.DEMO = True
    assert log_in(client, mentor) != reverse("account_inactive")
    assert client.session["_auth_user_id"] == str(mentor.pk)


def test_everybody_else_is_let_in(client: Client, mentor: User) -> None:
    log_in(client, mentor)
    assert client.session["_auth_user_id"] == str(mentor.pk)


def test_a_site_on_the_database_of_a_demo_is_not_ready(client: Client, demo_sponsor: Sponsor) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "holds demo accounts")


def test_the_step_before_a_start_refuses_the_database_of_a_demo(demo_sponsor: Sponsor) -> None:
    with pytest.raises(SystemExit, match="holds the accounts of a demo"):
        refuse_demo_accounts()


def test_it_accepts_any_other(sponsor: Sponsor) -> None:
    refuse_demo_accounts()
