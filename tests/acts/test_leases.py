"""A timed task is run by one scheduler at a time."""

from datetime import timedelta

import pytest

from acts.leases import take_lease
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_the_second_asker_gets_nothing_until_the_lease_runs_out() -> None:
    asked = [take_lease("sweep", seconds=20, at=NOW + timedelta(seconds=after)) for after in (0, 1, 19, 20, 21)]
    assert asked == [True, False, False, True, False]


def test_leases_of_different_tasks_do_not_meet() -> None:
    assert take_lease("sweep", seconds=20, at=NOW)
    assert take_lease("heads", seconds=20, at=NOW)
