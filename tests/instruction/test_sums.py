"""Hours per topic and course, from what stands in the books."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import StandardVersion
from instruction.sums import hours_of, hours_of_many
from instruction.voiding import void_class_hours
from tests.cast import make_person, viewer_for
from tests.instruction.classroom import FIRST_AID, GENERAL, LOCKOUT, attend, enroll


def test_a_new_book_shows_every_topic_of_its_standard_with_no_hours(rosa: Apprenticeship) -> None:
    (safety,) = hours_of(rosa)
    assert (safety.title, safety.required) == ("Safety, Health, and the Workplace", Decimal(44))
    assert len(safety.topics) == 8
    assert safety.words == "0 of 44 hours; 44 to go"
    assert {topic.recorded for topic in safety.topics} == {Decimal(0)}


def test_the_numbers_and_conditions_are_those_of_the_standard(rosa: Apprenticeship) -> None:
    by_title = {topic.title.split(" (")[0]: topic for topic in hours_of(rosa)[0].topics}
    assert by_title[FIRST_AID].minimum == Decimal("6.5")
    assert by_title[LOCKOUT].conditional
    assert by_title[LOCKOUT].met is None
    assert [t.recurrence for t in by_title.values() if t.recurrence] == ["calendar_year"]


def test_hours_of_several_classes_of_a_topic_are_added(rosa: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [rosa], FIRST_AID, "4")
    attend(coordinator, [rosa], FIRST_AID, "2.5", provider="Fire department")
    (safety,) = hours_of(rosa)
    first_aid = next(topic for topic in safety.topics if topic.title.startswith(FIRST_AID))
    assert (first_aid.recorded, first_aid.met) == (Decimal("6.5"), True)
    assert safety.recorded == Decimal("6.5")


def test_hours_taken_back_count_no_more(rosa: Apprenticeship, coordinator: User) -> None:
    kept, wrong = attend(coordinator, [rosa], GENERAL, "2"), attend(coordinator, [rosa], FIRST_AID, "4")
    assert kept
    void_class_hours(viewer=viewer_for(coordinator), key="k", attendances=wrong, reason="Wrong day")
    assert hours_of(rosa)[0].recorded == Decimal(2)


def test_44_recorded_hours_of_first_aid_leave_the_course_open(rosa: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [rosa], FIRST_AID, "22", provider="Red Cross, part one")
    attend(coordinator, [rosa], FIRST_AID, "22", held_on=rosa.starts_on)
    (safety,) = hours_of(rosa)
    assert safety.words == "44 of 44 hours"
    assert safety.met is False
    assert len(safety.missing) == 7


def test_many_books_are_summed_apart(rosa: Apprenticeship, luis: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [rosa, luis], GENERAL, "2")
    attend(coordinator, [luis], FIRST_AID, "6.5")
    sums = hours_of_many(Apprenticeship.objects.visible_to(viewer_for(coordinator)))
    assert (sums[rosa.pk].recorded, sums[luis.pk].recorded) == (Decimal(2), Decimal("8.5"))
    assert sums[luis.pk].words == "8.5 of 44 hours; 35.5 to go"


def test_only_the_books_in_scope_are_summed(rosa: Apprenticeship, luis: Apprenticeship, apprentice: User) -> None:
    sums = hours_of_many(Apprenticeship.objects.visible_to(viewer_for(apprentice)))
    assert set(sums) == {rosa.pk}
    assert luis.pk not in sums


@pytest.mark.parametrize("size", [1, 12])
def test_a_cohort_of_any_size_takes_eight_queries(
    size: int, cohort: Cohort, published_standard: StandardVersion, coordinator: User
) -> None:
    people = [make_person(f"Apprentice{i} Doe", Role.APPRENTICE, sponsor=cohort.sponsor) for i in range(size)]
    books = [enroll(person, cohort=cohort, version=published_standard) for person in people]
    attend(coordinator, books, FIRST_AID, "4")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        sums = hours_of_many(Apprenticeship.objects.filter(cohort=cohort))
        assert {book.words for book in sums.values()} == {"4 of 44 hours; 40 to go"}
    assert (len(sums), len(queries)) == (size, 8)
