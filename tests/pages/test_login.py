"""People come in by sign-in name or by mail address; who keeps guessing has to wait."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from tests.cast import PASSWORD


def log_in(client: Client, login: str, password: str = PASSWORD) -> bool:
    """Try to log in; whether it worked."""
    client.post("/accounts/login/", {"login": login, "password": password, "next": "/profile/"})
    return client.get("/profile/").status_code == 200


@pytest.mark.parametrize("login", ["maria", "Maria", " maria ", "maria@example.org", "MARIA@Example.org"])
def test_a_person_logs_in_by_sign_in_name_or_mail(client: Client, mentor: User, login: str) -> None:
    assert log_in(client, login)


@pytest.mark.parametrize(("login", "password"), [("maria", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_does_not_log_in(client: Client, mentor: User, login: str, password: str) -> None:
    assert not log_in(client, login, password)


def test_the_error_does_not_say_which_of_the_two_was_wrong(client: Client, mentor: User) -> None:
    def answer(login: str) -> str:
        page = client.post("/accounts/login/", {"login": login, "password": "wrong"}).content.decode()
        return page.split('id="errors"')[1].split("</ul>")[0]

    assert answer("maria") == answer("nobody")


def test_a_closed_account_cannot_log_in(client: Client, mentor: User) -> None:
    User.objects.filter(pk=mentor.pk).update(is_active=False)
    assert not log_in(client, "maria")


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client: Client, mentor: User) -> None:
    for _ in range(5):
        assert not log_in(client, "maria", "wrong")
    page = client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert "Too many tries" in page.content.decode()
    assert client.get("/profile/").status_code == 302


def test_one_persons_wrong_passwords_leave_the_next_person_alone(client: Client, mentor: User, deputy: User) -> None:
    for _ in range(6):
        log_in(client, "maria", "wrong")
    assert log_in(client, "dev")


def test_the_limits_are_counted_in_the_database(client: Client, mentor: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        log_in(client, "maria", "wrong")
    assert any("rate_limit_cache" in query["sql"] for query in queries.captured_queries)


def test_logging_out_takes_a_press_not_a_visit(client: Client, mentor: User) -> None:
    client.force_login(mentor)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/profile/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/profile/").status_code == 302


def test_nobody_signs_up_by_themselves(client: Client, db: None) -> None:
    assert "By invitation" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(username="eve").exists()


@pytest.mark.parametrize("next_page", ["https://example.com/", "//example.com"])
def test_logging_in_never_leads_off_the_site(client: Client, mentor: User, settings: Settings, next_page: str) -> None:
    settings.LOGIN_REDIRECT_URL = "/profile/"
    answer = client.post("/accounts/login/", {"login": "maria", "password": PASSWORD, "next": next_page})
    assert answer.headers["Location"] == "/profile/"
