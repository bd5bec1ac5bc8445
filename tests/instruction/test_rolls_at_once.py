"""One class under many hands: a roll is recorded once, corrected once, and never by halves."""

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship
from apprenticeship.verifying import verify_record
from instruction.models import Attendance, ClassSession
from instruction.planning import PlanConflict, cancel_class
from instruction.roll_checks import RollConflict
from instruction.rollcall import Recorded
from instruction.voiding import AlreadyVoided, void_class_hours
from tests.at_once import at_once
from tests.cast import viewer_for
from tests.instruction.test_all_or_nothing import cut_everywhere
from tests.instruction.timetable import planned, roll

real_commits = pytest.mark.django_db(transaction=True)


def refusals(outcomes: list[object]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes if isinstance(outcome, Exception)]


def standing() -> list[Attendance]:
    return list(Attendance.objects.standing().for_voiding().order_by("entry__sequence"))


@real_commits
def test_two_who_record_the_same_class_at_once_make_one_roll(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    (one,) = planned(coordinator, [rosa, luis], instructor=instructor)
    outcomes = at_once(
        [
            lambda: roll(instructor, one, [(rosa, "4"), (luis, "2")]),
            lambda: roll(coordinator, one, [(luis, "4"), (rosa, "3")]),
        ]
    )
    assert refusals(outcomes) == [RollConflict.__name__]
    (made,) = [outcome for outcome in outcomes if isinstance(outcome, Recorded)]
    assert {row.pk for row in standing()} == {row.pk for row in made.made}
    assert (len(made.made), ClassSession.objects.count()) == (2, 1)
    assert all(verify_record(book).is_intact for book in (rosa, luis))


@real_commits
def test_one_press_that_arrives_twice_at_once_is_one_roll(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    first, second = at_once([lambda: roll(coordinator, one, [(rosa, "4")], key="press")] * 2)
    assert first == second
    assert Attendance.objects.count() == 1


@real_commits
def test_a_correction_and_a_void_at_once_end_the_old_hours_once(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    roll(coordinator, one, [(rosa, "4")])
    old, viewer = standing(), viewer_for(coordinator)
    outcomes = at_once(
        [
            lambda: roll(coordinator, one, [(rosa, "3")], seen=[old[0].pk], reason="She left early."),
            lambda: void_class_hours(viewer=viewer, key="v", attendances=old, reason="She was ill."),
        ]
    )
    assert refusals(outcomes) in ([RollConflict.__name__], [AlreadyVoided.__name__])
    assert [row.hours for row in standing()] in ([3], [])
    assert verify_record(rosa).is_intact


@real_commits
def test_a_class_is_not_cancelled_while_it_is_recorded(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    outcomes = at_once(
        [
            lambda: roll(coordinator, one, [(rosa, "4")]),
            lambda: cancel_class(viewer=viewer_for(coordinator), key="c", planned=one, seen=one.version, reason="Ill."),
        ]
    )
    assert refusals(outcomes) in ([RollConflict.__name__], [PlanConflict.__name__])
    one.refresh_from_db()
    assert (one.cancelled_at is None) == (len(standing()) == 1)


def test_recording_and_correcting_a_roll_leave_nothing_when_cut_off(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    (one,) = planned(coordinator, [rosa, luis])
    first = [(rosa, "4"), (luis, "4")]
    assert cut_everywhere(lambda: roll(coordinator, one, first, key="k")) >= 5
    seen = [row.pk for row in standing()]
    assert {row.pk for row in roll(coordinator, one, first, key="k").made} == set(seen)
    mended = [(rosa, "3"), (luis, "0")]
    assert cut_everywhere(lambda: roll(coordinator, one, mended, seen=seen, reason="Looked again.", key="m")) >= 4
    assert [row.hours for row in standing()] == [3]
