"""The pages of passkeys, without a device: what they refuse, and to whom."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD


@pytest.fixture
def page(mentor: User, client: Client) -> Client:
    client.force_login(mentor)
    return client


def test_a_device_is_asked_only_after_the_password(page: Client) -> None:
    assert page.post("/profile/passkeys/options/").json() == {
        "wrong": "Enter your password. What you chose is still here."
    }
    asked = page.post("/profile/passkeys/options/", {"password": PASSWORD}).json()["publicKey"]
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["user"]["displayName"] == "Maria Alvarez"
    assert asked["rp"]["name"] == "Journeybook"


@pytest.mark.parametrize("credential", ["", "no json", "{}", '{"id": "AA", "type": "public-key", "response": {}}'])
def test_what_no_device_would_answer_adds_nothing(page: Client, credential: str) -> None:
    page.post("/profile/passkeys/options/", {"password": PASSWORD})
    answer = page.post("/profile/passkeys/add/", {"name": "Mine", "credential": credential})
    assert (answer.status_code, Authenticator.objects.count()) == (400, 0)


def test_without_a_proof_nothing_is_added(page: Client) -> None:
    assert page.post("/profile/passkeys/add/", {"name": "Mine", "credential": "{}"}).status_code == 403


@pytest.mark.parametrize("credential", ["", "no json", "{}", '{"id": "AA", "type": "public-key", "response": {}}'])
def test_what_no_device_would_answer_logs_nobody_in(client: Client, credential: str, mentor: User) -> None:
    assert client.post("/passkey/challenge/").json()["publicKey"]["userVerification"] == "required"
    answer = client.post("/passkey/login/", {"credential": credential, "next": "/profile/"})
    assert answer["Location"].startswith("/accounts/login/")
    assert client.get("/profile/").status_code == 302


def test_nobody_touches_a_passkey_of_somebody_else(page: Client, deputy: User) -> None:
    theirs = Authenticator.objects.create(user=deputy, type="webauthn", data={"name": "Theirs"})
    for act in ("rename", "remove"):
        sent = {"name": "Mine", "password": PASSWORD}
        assert page.post(f"/profile/passkeys/{theirs.pk}/{act}/", sent).status_code == 404
    assert Authenticator.objects.get().data == {"name": "Theirs"}


def test_a_passkey_is_no_second_lock_for_the_password(client: Client, mentor: User) -> None:
    Authenticator.objects.create(user=mentor, type="webauthn", data={"name": "Mine"})
    client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    assert client.get("/profile/").status_code == 200
