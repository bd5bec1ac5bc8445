"""A failure after any write leaves nothing, and two at once leave one."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from acts.models import Act, SealedText
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead
from instruction.hours import ClassHoursConflict
from instruction.models import Attendance, AttendanceVoid, ClassSession, ClassTopic
from instruction.voiding import AlreadyVoided, void_class_hours
from tests.cast import viewer_for
from tests.instruction.classroom import attend

TABLES = (Act, RecordEntry, RecordHead, ClassSession, ClassTopic, Attendance, AttendanceVoid, SealedText)


class PowerCut(Exception):
    """What stops an act in the middle."""


@contextmanager
def power_cut_after(writes: int) -> Iterator[None]:
    """Raise PowerCut right after that many writes, some of them several together, went to the database."""
    done = 0

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal done
        result = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE")) or "EXECUTE write" in sql:
            done += 1
            if done == writes:
                raise PowerCut
        return result

    with connection.execute_wrapper(count):
        yield


def stored() -> list[int]:
    return [model._default_manager.count() for model in TABLES]


def cut_everywhere(act: Callable[[], object]) -> int:
    """Run `act` cut off after its first write, its second, and so on until it finishes; count the cuts."""
    before, cuts = stored(), 0
    while True:
        try:
            with power_cut_after(cuts + 1):
                act()
        except PowerCut:
            cuts += 1
            assert stored() == before, f"something stayed after write {cuts}"
        else:
            return cuts


def test_recording_cut_off_after_any_write_leaves_nothing(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    assert cut_everywhere(lambda: attend(coordinator, [rosa, luis])) >= 7
    assert Attendance.objects.count() == 2


def test_taking_back_cut_off_after_any_write_leaves_nothing(rosa: Apprenticeship, coordinator: User) -> None:
    recorded = attend(coordinator, [rosa])
    cuts = cut_everywhere(
        lambda: void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=recorded, reason="Wrong day")
    )
    assert cuts >= 5  # six writes, two of which PostgreSQL is sent together
    assert AttendanceVoid.objects.count() == 1


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; gives each one's result or its exception."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = acts[place]()
        except Exception as failure:  # handed to the test, whatever it is
            results[place] = failure
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_the_same_class_recorded_twice_at_once_stands_once(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    results = at_once(
        lambda: attend(coordinator, [rosa, luis], key="left hand"),
        lambda: attend(coordinator, [luis, rosa], key="right hand"),
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [ClassHoursConflict]
    assert Attendance.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_press_that_arrives_twice_at_once_records_once(rosa: Apprenticeship, coordinator: User) -> None:
    results = at_once(*[lambda: attend(coordinator, [rosa], key="one press")] * 2)
    assert results[0] == results[1]
    assert Attendance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_hours_taken_back_twice_at_once_are_taken_back_once(rosa: Apprenticeship, coordinator: User) -> None:
    recorded = attend(coordinator, [rosa])
    viewer = viewer_for(coordinator)
    results = at_once(
        lambda: void_class_hours(viewer=viewer, key="a", attendances=recorded, reason="Wrong day"),
        lambda: void_class_hours(viewer=viewer, key="b", attendances=recorded, reason="Wrong person"),
    )
    assert [type(result) for result in results if isinstance(result, Exception)] == [AlreadyVoided]
    assert AttendanceVoid.objects.count() == 1
