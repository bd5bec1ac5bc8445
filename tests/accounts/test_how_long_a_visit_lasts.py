"""A session that its owner left ends by itself, and nobody else finds it open."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.sessions import BEGAN
from accounts.tasks import clear_sessions
from tests.cast import NOW, PASSWORD

IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SECOND = timedelta(seconds=1)


@pytest.fixture
def visit(client: Client, mentor: User) -> Client:
    with time_machine.travel(NOW, tick=False):
        client.post("/accounts/login/", {"login": "maria", "password": PASSWORD})
    return client


def is_logged_in(visit: Client, after: timedelta) -> bool:
    """Whether the visit is still open so long after the login."""
    with time_machine.travel(NOW + after, tick=False):
        return visit.get("/profile/").status_code == 200


def test_a_visit_without_a_request_ends(visit: Client) -> None:
    assert not is_logged_in(visit, IDLE)
    assert not visit.session.keys()


def test_each_request_makes_the_rest_begin_anew(visit: Client) -> None:
    assert is_logged_in(visit, IDLE - SECOND)
    assert is_logged_in(visit, 2 * IDLE - 2 * SECOND)


def test_a_visit_ends_however_busy_it_is(visit: Client) -> None:
    step = IDLE / 2
    asked = [step * n for n in range(1, int(LONGEST / step) + 1)]
    assert [is_logged_in(visit, after) for after in asked] == [True] * (len(asked) - 1) + [False]


def test_a_session_that_does_not_say_when_it_began_is_over(visit: Client) -> None:
    with time_machine.travel(NOW, tick=False):
        session = visit.session
        del session[BEGAN]
        session.save()
    assert not is_logged_in(visit, SECOND)


def test_within_a_minute_reading_writes_nothing(visit: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert is_logged_in(visit, timedelta(seconds=59))
    assert [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "EXECUTE read"))] == []


def test_sessions_that_have_run_out_are_deleted(visit: Client) -> None:
    with time_machine.travel(NOW + LONGEST + SECOND, tick=False):
        clear_sessions()
    assert not Session.objects.exists()
