"""Planning, changing and cancelling classes: what comes to stand on the timetable, and what is refused."""

import uuid
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from apprenticeship.models import Apprenticeship, Cohort
from instruction.hours import ClassHoursInvalid
from instruction.models import PlannedClass, PlannedTopic
from instruction.planning import PlanConflict, PlanInvalid, cancel_class, edit_class, plan_classes
from instruction.taught_forms import class_instructors
from tests.cast import TODAY, viewer_for
from tests.instruction.classroom import CLASS_DAY, FIRST_AID, GENERAL, attend, topic_of
from tests.instruction.timetable import a_plan, day_after, fresh, planned, roll


def edit(by: User, one: PlannedClass, plan: Any, *, seen: int = 1, key: str = "e") -> PlannedClass:
    return edit_class(viewer=viewer_for(by), key=key, planned=one, plan=plan, seen=seen)


def cancel(by: User, one: PlannedClass, *, reason: str = "The teacher is ill.", seen: int = 1) -> PlannedClass:
    return cancel_class(viewer=viewer_for(by), key="c", planned=one, reason=reason, seen=seen)


def test_a_class_is_planned_for_several_weeks_at_the_same_time_of_the_clock(
    rosa: Apprenticeship, coordinator: User
) -> None:
    made = planned(coordinator, [rosa], weeks=3)  # the clocks are put forward on March 8
    assert [one.starts_at.isoformat() for one in made] == [
        "2026-02-25T14:00:00+00:00",
        "2026-03-04T14:00:00+00:00",
        "2026-03-11T13:00:00+00:00",
    ]
    assert len({one.series for one in made}) == 1
    assert PlannedTopic.objects.count() == 3


def test_the_same_key_plans_once_and_another_plan_is_refused(
    rosa: Apprenticeship, cohort: Cohort, coordinator: User
) -> None:
    def again(plan: Any) -> list[PlannedClass]:
        return plan_classes(viewer=viewer_for(coordinator), key="k", cohort=cohort, plan=plan)

    assert again(a_plan([rosa])) == again(a_plan([rosa]))
    assert PlannedClass.objects.count() == 1
    with pytest.raises(KeyReused):
        again(a_plan([rosa], place="Elsewhere"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends": time(9)}, "ends"),
        ({"provider": " "}, "provider"),
        ({"instructor_name": ""}, "instructor_name"),
        ({"place": "x" * 201}, "place"),
        ({"outline": "\x00"}, "outline"),
        ({"mode": "by dream"}, "mode"),
        ({"topics": []}, "topics"),
        ({"capacity": 1}, "capacity"),
        ({"people": []}, "people"),
        ({"day": date(2026, 3, 8), "begins": time(2, 30)}, "begins"),  # the clocks go from two to three
    ],
)
def test_a_wrong_plan_is_refused_beside_its_field(
    rosa: Apprenticeship, luis: Apprenticeship, cohort: Cohort, coordinator: User, change: Any, field: str
) -> None:
    plan = replace(a_plan([rosa, luis]), **change)
    with pytest.raises(PlanInvalid) as refused:
        plan_classes(viewer=viewer_for(coordinator), key="k", cohort=cohort, plan=plan)
    assert field in [problem.field for problem in refused.value.problems]
    assert not PlannedClass.objects.exists()


@pytest.mark.parametrize("hours", ["0", "-1", "1.1", "4.25", "25", "NaN"])
def test_hours_that_no_class_has_are_refused(
    rosa: Apprenticeship, cohort: Cohort, coordinator: User, hours: str
) -> None:
    plan = a_plan([rosa], topics=[(topic_of(rosa), Decimal(hours))])
    with pytest.raises(PlanInvalid):
        plan_classes(viewer=viewer_for(coordinator), key="k", cohort=cohort, plan=plan)


@pytest.mark.parametrize("weeks", [0, 53])
def test_too_few_or_many_weeks_are_refused(rosa: Apprenticeship, coordinator: User, weeks: int) -> None:
    with pytest.raises(PlanInvalid):
        planned(coordinator, [rosa], weeks=weeks)


def test_an_instructor_is_one_of_the_sponsor_and_not_in_the_class(
    rosa: Apprenticeship, coordinator: User, mentor: User
) -> None:
    with pytest.raises(PlanInvalid, match="not an instructor"):
        planned(coordinator, [rosa], instructor=mentor)
    with pytest.raises(PlanInvalid, match="that they teach"):
        planned(coordinator, [rosa], instructor=rosa.apprentice)


def test_whose_role_has_ended_teaches_no_class_after_it(
    rosa: Apprenticeship, cohort: Cohort, coordinator: User, instructor: User
) -> None:
    instructor.memberships.update(until=CLASS_DAY)
    with pytest.raises(PlanInvalid, match="not an instructor"):
        planned(coordinator, [rosa], instructor=instructor)
    assert planned(coordinator, [rosa], instructor=instructor, day=day_after(-1))
    with pytest.raises(ClassHoursInvalid, match="not an instructor"):
        attend(coordinator, [rosa], instructor=instructor)
    assert attend(coordinator, [rosa], instructor=instructor, held_on=day_after(-1), provider="A school")
    assert not class_instructors(cohort, since=TODAY).exists()
    assert class_instructors(cohort).exists()


@pytest.mark.parametrize("role", ["administrator", "instructor", "auditor", "mentor", "outsider"])
def test_only_a_coordinator_plans_changes_and_cancels(
    request: pytest.FixtureRequest, rosa: Apprenticeship, coordinator: User, instructor: User, role: str
) -> None:
    (one,), other = planned(coordinator, [rosa], instructor=instructor), request.getfixturevalue(role)
    for act in (
        lambda: planned(other, [rosa]),
        lambda: edit(other, one, a_plan([rosa])),
        lambda: cancel(other, one),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_an_edit_changes_topics_people_and_times(rosa: Apprenticeship, luis: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    changed = edit(coordinator, one, a_plan([rosa, luis], (GENERAL, "2"), place="Room 7"))
    assert (changed.place, changed.version, changed.expected.count()) == ("Room 7", 2, 2)
    assert [row.topic for row in changed.topics.all()] == [topic_of(rosa, GENERAL)]


def test_a_stale_page_changes_nothing(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    edit(coordinator, one, a_plan([rosa], place="Room 7"))
    with pytest.raises(PlanConflict, match="changed this class meanwhile"):
        edit(coordinator, one, a_plan([rosa], place="Room 8"), key="stale")
    with pytest.raises(PlanConflict, match="changed this class meanwhile"):
        cancel(coordinator, one)
    assert fresh(one).place == "Room 7"


def test_what_was_attended_stays_as_it_was(rosa: Apprenticeship, luis: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    roll(coordinator, one, [(rosa, "4")])
    for plan in (a_plan([rosa], place="Elsewhere"), a_plan([rosa], (FIRST_AID, "3")), a_plan([luis])):
        with pytest.raises(PlanConflict, match="Take it back first"):
            edit(coordinator, one, plan, key=str(uuid.uuid4()))
    with pytest.raises(PlanConflict, match="Take it back first"):
        cancel(coordinator, one)
    assert edit(coordinator, one, a_plan([rosa, luis], outline="Chapter 3")).expected.count() == 2


def test_a_cancelled_class_says_who_and_why_and_changes_no_more(rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(PlanInvalid):
        cancel(coordinator, one, reason=" ")
    off = cancel(coordinator, one)
    assert (off.cancelled_by, off.cancel_reason) == (coordinator, "The teacher is ill.")
    with pytest.raises(PlanConflict, match="is cancelled"):
        edit(coordinator, off, a_plan([rosa]), seen=2)
