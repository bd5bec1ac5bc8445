"""The page on which somebody sets their signing PIN: with their password, and without anything being shown again."""

from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import SigningPin, User
from acts.models import AuditEvent
from tests.cast import NOW, PASSWORD
from tests.stations.standing import PIN, with_pin

ADDRESS = "/profile/pin/"
GOOD = {"password": PASSWORD, "pin": PIN, "again": PIN}


@pytest.fixture
def visit(mentor: User) -> Any:
    client = Client()
    client.force_login(mentor, backend=settings.AUTHENTICATION_BACKENDS[0])
    with time_machine.travel(NOW, tick=False):
        yield client


def test_the_owner_sets_it_with_their_password(visit: Client, mentor: User) -> None:
    assert visit.get(ADDRESS).status_code == 200
    assert "Your signing PIN is set." in visit.post(ADDRESS, GOOD, follow=True).content.decode()
    assert SigningPin.objects.get().user == mentor
    assert "Change your signing PIN" in visit.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("password", "not-my-password"),
        ("password", ""),
        ("pin", ""),
        ("again", "830257"),
        ("pin", "123456"),
        ("pin", "12"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_shown(visit: Client, field: str, wrong: str) -> None:
    sent = {**GOOD, field: wrong, **({"again": wrong} if field == "pin" else {})}
    answer = visit.post(ADDRESS, sent)
    assert (answer.status_code, next(iter(answer.context["form"].errors))) == (400, field)
    page = answer.content.decode()
    assert not any(f'value="{typed}"' in page for typed in (PIN, PASSWORD, "830257"))
    assert not SigningPin.objects.exists()


def test_guessing_the_password_there_is_slowed_like_a_login(visit: Client) -> None:
    for _try in range(5):
        visit.post(ADDRESS, {**GOOD, "password": "not-my-password"})
    assert "Too many tries" in visit.post(ADDRESS, GOOD).content.decode()
    assert not SigningPin.objects.exists()


def test_a_change_is_traced(visit: Client, mentor: User) -> None:
    with_pin(mentor, "902413")
    visit.post(ADDRESS, GOOD)
    assert AuditEvent.objects.filter(kind="pin_changed", actor_id=mentor.pk).count() == 1
