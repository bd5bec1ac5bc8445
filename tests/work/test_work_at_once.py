"""Hours on the job under many hands: mentors, apprentices and classes at the same instant; power that fails."""

from datetime import timedelta

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship, MonthSignature, WorkHours
from apprenticeship.verifying import verify_record
from apprenticeship.work_days import WorkConflict
from apprenticeship.work_logging import LogClosed, change_log
from apprenticeship.work_months import MonthNotAsSeen, MonthNotReady
from apprenticeship.work_voiding import WorkAlreadyVoided
from instruction.hours import ClassHoursConflict
from instruction.models import Attendance
from tests.at_once import at_once
from tests.cast import fresh, viewer_for
from tests.instruction.classroom import attend
from tests.record.test_all_or_nothing import writes_that_roll_back
from tests.working import (
    WORKDAY,
    approved,
    decided,
    logged,
    reviewed,
    signed_as_it_stands,
    work_line,
    work_taken_back,
)

real_commits = pytest.mark.django_db(transaction=True)


def refusals(outcomes: list[object]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes if isinstance(outcome, Exception)]


@real_commits
def test_two_mentors_approve_a_week_once_and_one_press_twice_is_one(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    week = [decided(log) for log in logged(work_line(apprenticeship), work_line(apprenticeship, "2", order=2))]
    assert refusals(at_once([lambda: reviewed(mentor, week), lambda: reviewed(deputy, week)])) == [
        WorkConflict.__name__
    ]
    (log,) = logged(work_line(apprenticeship, day=WORKDAY - timedelta(days=1)))
    once = [decided(log)]
    first, second = at_once([lambda: reviewed(mentor, once, key="press")] * 2)
    assert first == second
    assert WorkHours.objects.count() == 3
    assert verify_record(apprenticeship).is_intact


@real_commits
def test_what_the_apprentice_changes_meanwhile_is_not_approved_as_it_was(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    (log,) = logged(work_line(apprenticeship))
    decision, less = [decided(log)], work_line(apprenticeship, "6")
    apprentice = viewer_for(apprenticeship.apprentice)
    outcomes = at_once(
        [
            lambda: reviewed(mentor, decision),
            lambda: change_log(viewer=apprentice, key="c", log=log, line=less),
        ]
    )
    assert refusals(outcomes) in ([WorkConflict.__name__], [LogClosed.__name__])
    assert list(WorkHours.objects.values_list("hours", flat=True)) in ([], [8])
    assert verify_record(apprenticeship).is_intact


@real_commits
def test_a_class_and_a_days_work_at_once_do_not_make_more_than_a_day(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    (log,) = logged(work_line(apprenticeship, "13"))
    decision, book = [decided(log)], fresh(apprenticeship)
    outcomes = at_once([lambda: reviewed(mentor, decision), lambda: attend(coordinator, [book], hours="12")])
    assert refusals(outcomes) in ([WorkConflict.__name__], [ClassHoursConflict.__name__])
    assert WorkHours.objects.count() + Attendance.objects.count() == 1


@real_commits
def test_a_month_is_signed_once_and_hours_are_taken_back_once(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    hours = approved(mentor, work_line(apprenticeship))
    signing = [lambda: signed_as_it_stands(mentor, apprenticeship), lambda: signed_as_it_stands(deputy, apprenticeship)]
    assert refusals(at_once(signing)) == [MonthNotReady.__name__]
    assert MonthSignature.objects.count() == 1
    voiding = [lambda: work_taken_back(mentor, hours), lambda: work_taken_back(deputy, hours)]
    assert refusals(at_once(voiding)) == [WorkAlreadyVoided.__name__]
    assert verify_record(apprenticeship).is_intact


@real_commits
def test_hours_taken_back_while_their_month_is_signed_are_never_covered_after_it(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    hours = approved(mentor, work_line(apprenticeship))
    approved(mentor, work_line(apprenticeship, day=WORKDAY - timedelta(days=1)))
    outcomes = at_once([lambda: signed_as_it_stands(mentor, apprenticeship), lambda: work_taken_back(mentor, hours)])
    assert refusals(outcomes) in ([], [MonthNotAsSeen.__name__])
    for made in MonthSignature.objects.select_related("entry"):
        gone = made.covers.filter(work_hours__void__entry__sequence__lt=made.entry.sequence)
        assert not gone.exists()
    assert verify_record(apprenticeship).is_intact


def test_approving_sending_back_and_taking_back_are_all_or_nothing(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    one, two = logged(work_line(apprenticeship), work_line(apprenticeship, "2", order=2))
    decisions = [decided(one, "7", "You left at three."), decided(two, None, "Which set?")]
    assert writes_that_roll_back(lambda: reviewed(mentor, decisions, key="k")) >= 6
    hours = list(WorkHours.objects.all())
    assert reviewed(mentor, decisions, key="k") == hours
    assert writes_that_roll_back(lambda: work_taken_back(mentor, hours)) >= 3


def test_signing_a_month_is_all_or_nothing(apprenticeship: Apprenticeship, mentor: User) -> None:
    approved(mentor, work_line(apprenticeship))
    assert writes_that_roll_back(lambda: signed_as_it_stands(mentor, apprenticeship, key="k")) >= 4
    assert signed_as_it_stands(mentor, apprenticeship, key="k") == MonthSignature.objects.get()
