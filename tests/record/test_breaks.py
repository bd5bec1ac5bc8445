"""A suspension or cancellation is a break: half-open intervals of local days on which the clocks stand."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from apprenticeship.breaks import Break, breaks_in, breaks_of, days_run, put_off
from apprenticeship.models import Apprenticeship
from apprenticeship.statuses import Status
from tests.cast import STARTS_ON, TODAY, fresh, make_apprenticeship, make_person
from tests.record.every_kind import status_changed

SUSPENDED, CANCELLED = Status.SUSPENDED, Status.CANCELLED


def day(number: int) -> date:
    return STARTS_ON + timedelta(days=number)


def rest(since: int, until: int | None, status: Status = SUSPENDED) -> Break:
    return Break(day(since), None if until is None else day(until), status)


HISTORIES: dict[str, tuple[list[tuple[int, str]], list[Break]]] = {
    "nothing happened": ([], []),
    "it ran": ([(0, "probationary"), (30, "active")], []),
    "it rests": ([(0, "active"), (10, "suspended")], [rest(10, None)]),
    "it rested": ([(0, "active"), (10, "suspended"), (20, "active")], [rest(10, 20)]),
    "twice": ([(1, "suspended"), (2, "active"), (5, "cancelled"), (9, "active")], [rest(1, 2), rest(5, 9, CANCELLED)]),
    "cancelled while it rested": ([(3, "suspended"), (6, "cancelled")], [rest(3, None)]),
    "back into the suspension": ([(3, "suspended"), (6, "cancelled"), (8, "suspended"), (9, "active")], [rest(3, 9)]),
    "within one day": ([(4, "suspended"), (4, "active")], []),
    "again on the day it ended": ([(1, "suspended"), (4, "active"), (4, "suspended")], [rest(1, 4), rest(4, None)]),
}


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize("history", HISTORIES)
def test_changes_come_to_these_breaks(history: str) -> None:
    changes, breaks = HISTORIES[history]
    assert breaks_in((day(number), status) for number, status in changes) == breaks


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize(("number", "covered"), [(9, False), (10, True), (19, True), (20, False)])
def test_the_day_on_which_it_goes_on_runs_again(number: int, covered: bool) -> None:
    assert rest(10, 20).covers(day(number)) is covered
    assert rest(10, None).covers(day(number)) is (number >= 10)


RUNS: list[tuple[list[Break], int, int, int]] = [
    ([], 0, 30, 30),
    ([rest(10, 20)], 0, 30, 20),
    ([rest(10, 20), rest(25, None)], 0, 30, 15),
    ([rest(10, 20)], 15, 18, 0),
    ([rest(10, 20)], 5, 5, 0),
    ([rest(10, 20)], 12, 4, 0),
]


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize(("breaks", "first", "end", "days"), RUNS)
def test_the_time_of_the_program_leaves_breaks_out(breaks: list[Break], first: int, end: int, days: int) -> None:
    assert days_run(breaks, day(first), day(end)) == days


PUT_OFF: list[tuple[list[Break], int | None]] = [
    ([], 90),
    ([rest(10, 20)], 100),
    ([rest(10, 20), rest(95, 96)], 101),
    ([rest(10, 20), rest(100, 120)], 100),
    ([rest(90, 95)], 90),
    ([rest(-20, -10)], 90),
    ([rest(-20, 5)], 95),
    ([rest(80, None)], None),
    ([rest(90, None)], 90),
]


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize(("breaks", "then"), PUT_OFF)
def test_a_clock_ends_later_by_the_breaks_in_it(breaks: list[Break], then: int | None) -> None:
    assert put_off(day(90), breaks, since=day(0)) == (None if then is None else day(then))


def test_breaks_of_many_books_are_one_query(
    apprenticeship: Apprenticeship, coordinator: User, django_assert_num_queries: Any
) -> None:
    twin = make_apprenticeship(make_person("Tom Twin", sponsor=apprenticeship.sponsor), apprenticeship.terms)
    for book, step in ((apprenticeship, "cancel"), (twin, "activate"), (twin, "suspend")):
        status_changed(fresh(book), coordinator, step, on=TODAY - timedelta(days=2), reason="On leave.")
    status_changed(fresh(twin), coordinator, "resume")
    with django_assert_num_queries(1):
        found = breaks_of([apprenticeship.pk, twin.pk])
    two_days_ago = TODAY - timedelta(days=2)
    assert found[apprenticeship.pk] == [Break(two_days_ago, None, CANCELLED)]
    assert found[twin.pk] == [Break(two_days_ago, TODAY, SUSPENDED)]
    with django_assert_num_queries(0):
        assert breaks_of([]) == {}
