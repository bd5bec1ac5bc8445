"""A forgotten password: by mail, or through the coordinator; never by guessing who has an account."""

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD

NEW = "orchard-window-77"


def ask(client: Client, address: str) -> None:
    answer = client.post("/accounts/password/reset/", {"email": address})
    assert answer.headers["Location"] == "/accounts/password/reset/done/"


def link() -> str:
    found = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def choose_new(client: Client, address: str) -> None:
    form = client.get(address, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})


def test_the_link_of_the_mail_sets_a_new_password(client: Client, mentor: User) -> None:
    ask(client, "maria@example.org")
    choose_new(client, link())
    mentor.refresh_from_db()
    assert mentor.check_password(NEW)


def test_the_link_works_once(client: Client, mentor: User) -> None:
    ask(client, "maria@example.org")
    address = link()
    choose_new(client, address)
    assert "no longer works" in Client().get(address, follow=True).content.decode()


def test_the_mail_names_the_sign_in_name_and_speaks_the_persons_language(client: Client, mentor: User) -> None:
    User.objects.filter(pk=mentor.pk).update(language="es")
    ask(client, "maria@example.org")
    assert mail.outbox[0].subject == "Journeybook: Elija una contraseña nueva"
    assert "maria" in str(mail.outbox[0].body)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client, mentor: User) -> None:
    ask(client, "nobody@example.org")
    assert mail.outbox == []


def test_who_has_no_mail_address_is_told_whom_to_ask(client: Client, db: None) -> None:
    assert "Ask the coordinator of your program" in client.get("/accounts/password/reset/").content.decode()


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password123"])
def test_a_weak_password_is_refused(client: Client, mentor: User, weak: str) -> None:
    client.force_login(mentor)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    mentor.refresh_from_db()
    assert mentor.check_password(PASSWORD)


def test_changing_the_password_takes_the_old_one(client: Client, mentor: User) -> None:
    client.force_login(mentor)
    client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    mentor.refresh_from_db()
    assert mentor.check_password(PASSWORD)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    mentor.refresh_from_db()
    assert mentor.check_password(NEW)
