"""Logins leave a trace, without a name or a password in it."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from acts.models import AuditEvent
from tests.cast import PASSWORD


def test_a_login_is_traced_with_the_person(client: Client, mentor: User) -> None:
    client.post(reverse("account_login"), {"login": mentor.username, "password": PASSWORD})
    event = AuditEvent.objects.get(kind="login")
    assert event.actor_id == mentor.pk
    assert event.data == {}


def test_a_wrong_password_is_traced_without_what_was_typed(client: Client, mentor: User) -> None:
    client.post(reverse("account_login"), {"login": mentor.username, "password": "wrong-horse"})
    event = AuditEvent.objects.get(kind="login_failed")
    assert event.actor_id is None
    assert "wrong-horse" not in str(event.data)
    assert mentor.username not in str(event.data)
