"""The pages of the timetable: what each shows to whom, what was typed is kept, and how many queries they take."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, Cohort
from instruction.models import Attendance, PlannedClass
from instruction.planning import cancel_class
from tests.cast import TODAY, viewer_for
from tests.instruction.classroom import topic_of
from tests.instruction.timetable import planned, roll


def read(client: Client, who: User, name: str, *parts: Any, query: str = "") -> str:
    client.force_login(who)
    return client.get(reverse(name, args=parts) + query).content.decode()


def filled(book: Apprenticeship, **changes: Any) -> dict[str, Any]:
    """The form as a coordinator fills it in."""
    usual = {
        "key": str(uuid.uuid4()),
        "day": "2026-03-10",
        "begins": "09:00",
        "ends": "13:00",
        "weeks": "2",
        "mode": "online",
        "provider": "American Red Cross",
        "instructor_name": "Ivan Petrov",
        f"topic_{topic_of(book).pk}": "4",
        "people": [str(book.pk)],
    }
    return {**usual, **changes}


def roll_form(one: PlannedClass, *present: Apprenticeship, **changes: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "present": [str(book.pk) for book in present], "seen": "", **changes}


def test_a_form_plans_two_weeks_and_a_wrong_one_keeps_what_was_typed(
    client: Client, rosa: Apprenticeship, cohort: Cohort, coordinator: User
) -> None:
    client.force_login(coordinator)
    address = reverse("plan_class", args=[cohort.pk])
    answer = client.post(address, filled(rosa, ends="08:00", outline="Bring the manikin"))
    assert answer.status_code == 400
    assert "The class must end after it begins" in answer.content.decode()
    assert "Bring the manikin" in answer.content.decode()
    answer = client.post(address, filled(rosa), follow=True)
    assert "2 classes are on the timetable." in answer.content.decode()
    assert PlannedClass.objects.count() == 2


def test_editing_and_copying_begin_with_what_is_there(
    client: Client, rosa: Apprenticeship, cohort: Cohort, coordinator: User
) -> None:
    (one,) = planned(coordinator, [rosa], place="Room 7")
    edited = read(client, coordinator, "edit_class", one.pk)
    copied = read(client, coordinator, "plan_class", cohort.pk, query=f"?copy={one.pk}")
    assert 'value="Room 7"' in edited
    assert 'value="2026-02-25"' in edited
    assert 'value="Room 7"' in copied
    assert 'value="2026-02-25"' not in copied
    answer = client.post(reverse("edit_class", args=[one.pk]), filled(rosa, seen="7"))
    assert answer.status_code == 409


def test_the_list_tells_upcoming_held_and_cancelled_apart(
    client: Client, rosa: Apprenticeship, coordinator: User
) -> None:
    planned(coordinator, [rosa], place="Room held")
    planned(coordinator, [rosa], place="Room ahead", day=TODAY + timedelta(days=1000))
    (off,) = planned(coordinator, [rosa], place="Room off")
    cancel_class(viewer=viewer_for(coordinator), key="c", planned=off, reason="Snow", seen=1)
    for show, place in (("held", "Room held"), ("upcoming", "Room ahead"), ("cancelled", "Room off")):
        page = read(client, coordinator, "timetable", query=f"?show={show}")
        assert re.findall(r"Room \w+", page) == [place]


def test_people_see_their_own_classes_and_apprentices_no_names(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    (own,) = planned(coordinator, [rosa, luis], instructor=instructor)
    (others,) = planned(coordinator, [luis])
    assert "Luis Ortiz" in read(client, instructor, "planned_class", own.pk)
    assert client.get(reverse("planned_class", args=[others.pk])).status_code == 404
    page = read(client, rosa.apprentice, "planned_class", own.pk)
    assert "Feb 25, 2026, 09:00 to 13:00" in page  # the sponsor's clock
    assert "First Aid/CPR" in page
    assert "Luis Ortiz" not in page
    assert client.get(reverse("planned_class", args=[others.pk])).status_code == 404
    assert "Luis Ortiz" in read(client, instructor, "attendance_sheet", own.pk)


def test_all_present_ticks_everybody_and_exceptions_are_kept(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, instructor: User
) -> None:
    (one,) = planned(coordinator, [rosa, luis], instructor=instructor)
    page = read(client, instructor, "attendance", one.pk, query="?all=1")
    assert len(re.findall(r'name="present"[^>]* checked', page)) == 2
    name = f"hours_{rosa.pk}_{topic_of(rosa).pk}"
    answer = client.post(reverse("attendance", args=[one.pk]), roll_form(one, rosa, **{name: "5"}))
    assert answer.status_code == 400
    assert "more than the class had of this topic" in answer.content.decode()
    assert f'id="{name}" value="5"' in answer.content.decode()
    answer = client.post(reverse("attendance", args=[one.pk]), roll_form(one, rosa, **{name: "2,5"}), follow=True)
    assert "Recorded for 1 person." in answer.content.decode()
    assert str(Attendance.objects.get().hours) == "2.50"


@pytest.mark.parametrize("typed", ["", "many", "1e999", "NaN"])
def test_hours_that_are_no_number_are_said_beside_the_person(
    client: Client, rosa: Apprenticeship, coordinator: User, typed: str
) -> None:
    (one,) = planned(coordinator, [rosa])
    client.force_login(coordinator)
    name = f"hours_{rosa.pk}_{topic_of(rosa).pk}"
    answer = client.post(reverse("attendance", args=[one.pk]), roll_form(one, rosa, **{name: typed}))
    assert answer.status_code == 400
    assert "Rosa Diaz: " in answer.content.decode()


def test_a_correction_on_the_page_shows_what_stands_and_asks_why(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    (one,) = planned(coordinator, [rosa, luis])
    made = roll(coordinator, one, [(rosa, "4"), (luis, "4")]).made
    page = read(client, coordinator, "attendance", one.pk)
    assert page.count("now 4 h") == 2
    seen = " ".join(str(row.pk) for row in made)
    address = reverse("attendance", args=[one.pk])
    assert client.post(address, roll_form(one, luis, seen=seen)).status_code == 400
    answer = client.post(address, roll_form(one, luis, seen=seen, reason="Mixed up"), follow=True)
    assert "What stood before for 1 stays in the record" in answer.content.decode()
    assert [row.apprenticeship for row in Attendance.objects.standing()] == [luis]
    assert client.post(address, roll_form(one, rosa, seen=seen, reason="Stale")).status_code == 409


def test_a_class_that_is_not_over_offers_no_roll(client: Client, rosa: Apprenticeship, coordinator: User) -> None:
    (one,) = planned(coordinator, [rosa], day=TODAY + timedelta(days=1000))
    assert 'name="present"' not in read(client, coordinator, "attendance", one.pk)
    assert client.post(reverse("attendance", args=[one.pk]), roll_form(one, rosa)).status_code == 409


@pytest.mark.parametrize(
    ("name", "parts"), [("timetable", ()), ("timetable_month", (2026, 2)), ("instructor_home", ())]
)
def test_lists_take_as_many_queries_for_one_class_as_for_many(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User, name: str, parts: tuple[int, ...]
) -> None:
    counts = []
    for books in ([rosa], [rosa, luis], [rosa, luis], [luis]):
        (one,) = planned(coordinator, books)
        read(client, coordinator, name, *parts, query="?show=held")
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse(name, args=parts) + "?show=held").content.decode()
        assert reverse("planned_class", args=[one.pk]) in page
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_the_roll_takes_as_many_queries_for_one_person_as_for_two(
    client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    counts = []
    for books in ([rosa], [rosa, luis]):
        (one,) = planned(coordinator, books)
        for name in ("attendance", "planned_class", "attendance_sheet"):
            read(client, coordinator, name, one.pk)
            with CaptureQueriesContext(connection) as asked:
                client.get(reverse(name, args=[one.pk]))
            counts.append(len(asked))
    assert counts[:3] == counts[3:]
