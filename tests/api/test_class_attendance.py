"""The timetable and attendance by the API: the same transition as the page, told in the API's own way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from apprenticeship.models import Apprenticeship
from instruction.models import Attendance, PlannedClass
from tests.api.contract import Asker
from tests.cast import STARTS_ON
from tests.instruction.classroom import topic_of
from tests.instruction.timetable import planned


@pytest.fixture
def one(apprenticeship: Apprenticeship, coordinator: User, instructor: User) -> PlannedClass:
    return planned(coordinator, [apprenticeship], day=STARTS_ON, instructor=instructor)[0]


def test_classes_are_listed_with_their_topics(one: PlannedClass, instructor: User) -> None:
    found = Asker(instructor).get("api_classes", query={"show": "held"})
    assert [row["id"] for row in found.json["results"]] == [str(one.pk)]
    assert Asker(instructor).get("api_class", pk=one.pk).json == found.json["results"][0]
    assert Asker(instructor).get("api_classes").json["results"] == []


def test_the_list_takes_as_many_queries_for_one_as_for_three(
    one: PlannedClass, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    counts = []
    for _ in range(2):
        asker = Asker(coordinator)
        asker.get("api_classes", query={"show": "held"})
        with CaptureQueriesContext(connection) as asked:
            asker.get("api_classes", query={"show": "held"})
        counts.append(len(asked))
        planned(coordinator, [apprenticeship], day=STARTS_ON, weeks=2)
    assert counts[0] == counts[1]


def test_attendance_is_recorded_once_and_corrected_with_a_reason(
    one: PlannedClass, apprenticeship: Apprenticeship, instructor: User
) -> None:
    asker = Asker(instructor)
    line = {"apprenticeship": str(apprenticeship.pk), "topic": str(topic_of(apprenticeship).pk), "hours": "4"}
    first, again = (asker.post("api_class_attendance", {"lines": [line]}, pk=one.pk) for _ in range(2))
    assert (first.status, first.text, again.headers["Idempotent-Replayed"]) == (201, again.text, "true")
    seen = [row["id"] for row in asker.get("api_class_attendance", pk=one.pk).json["standing"]]
    fewer = {"lines": [{**line, "hours": "2.5"}], "seen": seen}
    refused = asker.post("api_class_attendance", fewer, key="2", pk=one.pk)
    assert (refused.status, refused.pointers) == (400, ["#/reason"])
    done = asker.post("api_class_attendance", {**fewer, "reason": "She left early."}, key="3", pk=one.pk)
    assert done.json["standing"][0]["hours"] == "2.5"
    stale = asker.post("api_class_attendance", {**fewer, "reason": "Again."}, key="4", pk=one.pk)
    assert (stale.status, stale.problem) == (409, "roll-conflict")
    assert Attendance.objects.standing().count() == 1


def test_a_person_or_topic_of_another_class_is_pointed_at(
    one: PlannedClass, apprenticeship: Apprenticeship, instructor: User
) -> None:
    line = {"apprenticeship": str(one.pk), "topic": str(one.pk), "hours": "4"}
    answer = Asker(instructor).post("api_class_attendance", {"lines": [line]}, pk=one.pk)
    assert (answer.status, answer.pointers) == (400, ["#/lines/0/apprenticeship", "#/lines/0/topic"])
