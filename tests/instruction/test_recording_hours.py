"""Recording class hours: what is written, once, for all of them."""

import json
from decimal import Decimal

import pytest

from accounts.models import User
from acts.acting import KeyReused
from acts.models import Act
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.verifying import verify_record
from instruction.models import Attendance, ClassSession, ClassTopic
from tests.instruction.classroom import FIRST_AID, GENERAL, attend, topic_of


def test_each_apprentice_gets_an_entry_in_their_own_book(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    made = attend(coordinator, [rosa, luis], FIRST_AID, "4")
    assert [a.apprenticeship for a in made] == [rosa, luis]
    assert [a.entry.apprenticeship_id for a in made] == [rosa.pk, luis.pk]
    assert {(a.entry.sequence, a.entry.kind, a.hours) for a in made} == {(1, "class_hours", Decimal(4))}
    assert Act.objects.filter(kind="record_class_hours").count() == 1
    assert (ClassSession.objects.count(), ClassTopic.objects.count()) == (1, 1)


def test_the_entry_can_be_read_without_any_other_table(
    rosa: Apprenticeship, coordinator: User, instructor: User
) -> None:
    (made,) = attend(coordinator, [rosa], FIRST_AID, "6.50", instructor=instructor)
    entry = json.loads(made.entry.canonical)
    topic = topic_of(rosa, FIRST_AID)
    assert entry["by"] == {
        "id": str(coordinator.pk),
        "name": "Carol Jones",
        "role": "coordinator",
        "qualification": "",
    }
    body = entry["body"]
    assert body["course"] == {"id": str(topic.course_id), "title": "Safety, Health, and the Workplace"}
    assert body["topic"] == {"id": str(topic.pk), "title": topic.title}
    assert (body["hours"], body["held_on"], body["provider"]) == ("6.5", "2026-02-25", "American Red Cross")
    assert body["place"] == "Training room 2"
    assert body["instructor"] == {
        "id": str(instructor.pk),
        "name": "Ivan Petrov",
        "qualification": "Licensed first aid instructor",
    }
    assert body["meaning"]["text"].startswith("I record that the apprentice attended this class")


def test_what_is_not_known_is_told_as_nothing(rosa: Apprenticeship, coordinator: User) -> None:
    (made,) = attend(coordinator, [rosa], place="", instructor_qualification="")
    body = json.loads(made.entry.canonical)["body"]
    assert (body["place"], body["instructor"]["id"], body["instructor"]["qualification"]) == (None, None, "")


def test_books_with_class_hours_verify(rosa: Apprenticeship, coordinator: User, instructor: User) -> None:
    attend(coordinator, [rosa], FIRST_AID, "4", instructor=instructor)
    attend(coordinator, [rosa], GENERAL, "1.25", place="", instructor_name="A. Cole")
    verdict = verify_record(rosa)
    assert (verdict.entries, verdict.findings) == (2, ())


def test_a_provider_whose_name_has_the_length_of_a_digest_is_no_sealed_text(
    rosa: Apprenticeship, coordinator: User
) -> None:
    attend(coordinator, [rosa], provider="Evening school of the county, department of health and safety 12")
    assert verify_record(rosa).findings == ()


def test_the_same_key_gives_the_first_result_again(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    first = attend(coordinator, [rosa, luis], key="one press")
    again = attend(coordinator, [rosa, luis], key="one press")
    assert [a.pk for a in again] == [a.pk for a in first]
    assert Attendance.objects.count() == 2


def test_the_same_key_with_another_class_is_refused(rosa: Apprenticeship, coordinator: User) -> None:
    attend(coordinator, [rosa], hours="4", key="one press")
    with pytest.raises(KeyReused):
        attend(coordinator, [rosa], hours="5", key="one press")
    assert Attendance.objects.get().hours == Decimal(4)


def test_somebody_named_twice_gets_the_hours_once(rosa: Apprenticeship, coordinator: User) -> None:
    assert len(attend(coordinator, [rosa, rosa])) == 1
    assert RecordEntry.objects.count() == 1


def test_who_was_forgotten_joins_the_class_of_the_others(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    (first,), (second,) = attend(coordinator, [rosa]), attend(coordinator, [luis])
    assert first.class_topic == second.class_topic


def test_a_class_that_differs_in_one_fact_is_another_class(
    rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    (first,), (second,) = attend(coordinator, [rosa]), attend(coordinator, [luis], instructor_name="A. Cole")
    assert first.class_topic.session != second.class_topic.session
