"""A skill that lacks nothing but the apprentice's OK is not asked for, and the page says why."""

import pytest

from accounts.models import User
from apprenticeship.asking import CannotBeAsked
from apprenticeship.models import Apprenticeship
from tests.agreements import demands_ok
from tests.cast import asked, signed


def test_what_needs_ones_ok_is_not_asked_for(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(demands_ok(apprenticeship, "1.1"), mentor)
    with pytest.raises(CannotBeAsked) as refusal:
        asked(apprenticeship, "1.1")
    assert refusal.value.reasons == {0: "This skill is signed off at the highest level; it counts when you agree."}
