"""The API is asked at the instant of the cast, by people in a session and by tokens."""

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import Role, Sponsor, User
from accounts.tokens import make_token
from tests.api.contract import Asker
from tests.cast import NOW, make_person, viewer_for


@pytest.fixture(autouse=True)
def at_ten_on_a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def token_of(user: User, sponsor: Sponsor, *, days: int = 30, key: str = "token") -> str:
    """The secret of a new token of `user` for `sponsor`."""
    viewer = viewer_for(user)
    return make_token(viewer=viewer, key=key, sponsor=sponsor, name="HR system", scopes=["read"], days=days).secret


@pytest.fixture
def machine(coordinator: User, sponsor: Sponsor) -> Asker:
    """A program with the coordinator's token."""
    return Asker(token=token_of(coordinator, sponsor))


@pytest.fixture
def stranger(sponsor: Sponsor) -> User:
    """A mentor of the same sponsor, with nobody to mentor."""
    return make_person("Stella Other", Role.MENTOR, sponsor=sponsor)
