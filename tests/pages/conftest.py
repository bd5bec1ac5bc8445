"""Somebody at a browser: a client that is logged in, at the instant of the cast."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.cast import NOW


@pytest.fixture(autouse=True)
def at_ten_in_the_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def at(db: None) -> Callable[[User], Client]:
    """`at(mentor)` is that person's browser."""

    def logged_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return logged_in
