"""The form for class hours: what it offers, keeps and says."""

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Role, SigningPolicy, Sponsor, User
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import StandardVersion
from instruction.models import Attendance
from tests.cast import LONG_AGO, PASSWORD
from tests.instruction.classroom import FIRST_AID, attend, topic_of
from tests.instruction.test_taking_attendance import class_of


def filled(book: Apprenticeship, *others: Apprenticeship, **changes: Any) -> dict[str, Any]:
    """The form as a coordinator fills it in for these apprentices."""
    usual = {
        "key": str(uuid.uuid4()),
        "held_on": "2026-02-25",
        "topic": str(topic_of(book, FIRST_AID).pk),
        "hours": "4",
        "provider": "American Red Cross",
        "instructor_name": "Ivan Petrov",
        "apprenticeships": [str(b.pk) for b in (book, *others)],
    }
    return {**usual, **changes}


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def record_url(cohort: Cohort) -> str:
    return reverse("record_class_hours", args=[cohort.pk])


def test_the_page_offers_topics_and_apprentices_and_carries_a_key(
    desk: Client, cohort: Cohort, rosa: Apprenticeship, luis: Apprenticeship
) -> None:
    page = desk.get(reverse("class_hours", args=[cohort.pk])).content.decode()
    assert "Rosa Diaz" in page
    assert "Luis Ortiz" in page
    assert "First Aid/CPR (minimum 6.5 hrs.)" in page
    assert '<optgroup label="Safety, Health, and the Workplace">' in page
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', page)


def test_hours_are_recorded_and_the_answer_says_for_whom(
    desk: Client, cohort: Cohort, rosa: Apprenticeship, luis: Apprenticeship
) -> None:
    answer = desk.post(record_url(cohort), filled(rosa, luis), follow=True)
    session = Attendance.objects.first().class_topic.session  # type: ignore[union-attr]  # there are two
    page = answer.content.decode()
    assert "Recorded 4 h of “First Aid/CPR" in page
    assert "on Feb 25, 2026 for Luis Ortiz, Rosa Diaz." in page
    assert f'<a href="{reverse("class_session", args=[session.pk])}">See it or take it back</a>' in page


def test_a_second_press_records_nothing_twice(desk: Client, cohort: Cohort, rosa: Apprenticeship) -> None:
    form = filled(rosa)
    first, second = desk.post(record_url(cohort), form), desk.post(record_url(cohort), form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Attendance.objects.count() == 1


def test_the_instructors_name_may_come_from_the_account(
    desk: Client, cohort: Cohort, rosa: Apprenticeship, instructor: User
) -> None:
    desk.post(record_url(cohort), filled(rosa, instructor=str(instructor.pk), instructor_name=""))
    session = Attendance.objects.get().class_topic.session
    assert (session.instructor, session.instructor_name) == (instructor, "Ivan Petrov")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"topic": ""}, "This field is required."),
        ({"hours": "1.1"}, "Enter the hours in quarters"),
        ({"hours": "many"}, "Enter a number."),
        ({"held_on": "2030-01-01"}, "The date is in the future."),
        ({"held_on": "yesterday"}, "Enter a valid date."),
        ({"provider": ""}, "This field is required."),
        ({"instructor_name": ""}, "Give the name of the instructor"),
        ({"apprenticeships": []}, "Tick at least one apprentice."),
        ({"key": "no key"}, "Enter a valid UUID"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    changes: dict[str, Any], words: str, desk: Client, cohort: Cohort, rosa: Apprenticeship
) -> None:
    answer = desk.post(record_url(cohort), filled(rosa, **{"place": "Room 7", **changes}))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert 'value="Room 7"' in page
    assert not Attendance.objects.exists()


def test_everything_wrong_with_a_form_is_said_at_once(desk: Client, cohort: Cohort, rosa: Apprenticeship) -> None:
    page = desk.post(record_url(cohort), filled(rosa, hours="1.1", instructor_name="")).content.decode()
    assert "Enter the hours in quarters" in page
    assert "Give the name of the instructor" in page


def test_each_bad_line_is_named_and_the_ticks_are_kept(
    desk: Client, cohort: Cohort, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    attend(coordinator, [rosa])
    answer = desk.post(record_url(cohort), filled(rosa, luis))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Rosa Diaz: Carol Jones recorded this class before" in page
    assert f'id="apprentice-{rosa.pk}-error"' in page
    assert f'id="apprentice-{luis.pk}-error"' not in page
    assert page.count(" checked") == 2
    assert Attendance.objects.count() == 1


def test_a_page_sent_again_with_other_content_is_kept_and_gets_a_new_key(
    desk: Client, cohort: Cohort, rosa: Apprenticeship
) -> None:
    form = filled(rosa)
    desk.post(record_url(cohort), form)
    answer = desk.post(record_url(cohort), {**form, "held_on": "2026-02-26", "hours": "2"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "was sent before with other content" in page
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page)
    assert key
    desk.post(record_url(cohort), {**form, "held_on": "2026-02-26", "hours": "2", "key": key[1]})
    assert sorted(Attendance.objects.values_list("hours", flat=True)) == [Decimal(2), Decimal(4)]


def test_a_class_too_big_for_one_act_is_split_by_its_recorder(
    desk: Client, cohort: Cohort, rosa: Apprenticeship, luis: Apprenticeship, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apprenticeship.record.MOST_ENTRIES_IN_ONE_ACT", 1)
    answer = desk.post(record_url(cohort), filled(rosa, luis))
    assert answer.status_code == 400
    assert "Tick at most" in answer.content.decode()
    assert not Attendance.objects.exists()


def test_coordinators_do_not_find_their_own_book(
    client: Client, cohort: Cohort, rosa: Apprenticeship, luis: Apprenticeship, apprentice: User, sponsor: Sponsor
) -> None:
    Membership.objects.create(user=apprentice, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    client.force_login(apprentice)
    page = client.get(reverse("class_hours", args=[cohort.pk])).content.decode()
    assert str(luis.pk) in page
    assert str(rosa.pk) not in page
    assert client.post(record_url(cohort), filled(rosa, luis)).status_code == 400
    assert not Attendance.objects.exists()


def test_apprentices_of_another_cohort_are_not_among_the_choices(
    desk: Client, cohort: Cohort, rosa: Apprenticeship, luis: Apprenticeship, sponsor: Sponsor
) -> None:
    Apprenticeship.objects.filter(pk=luis.pk).update(cohort=Cohort.objects.create(sponsor=sponsor, name="Other"))
    answer = desk.post(record_url(cohort), filled(rosa, luis))
    assert answer.status_code == 400
    assert not Attendance.objects.exists()


def test_an_empty_cohort_says_what_to_do(desk: Client, cohort: Cohort) -> None:
    page = desk.get(reverse("class_hours", args=[cohort.pk])).content.decode()
    assert "Nobody to record hours for" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("administrator", 403),
        ("auditor", 403),
        ("mentor", 404),
        ("instructor", 404),
        ("apprentice", 404),
        ("outsider", 404),
    ],
)
def test_others_are_kept_out(
    who: str, status: int, client: Client, cohort: Cohort, rosa: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("class_hours", args=[cohort.pk])).status_code == status
    assert client.post(record_url(cohort), filled(rosa)).status_code == status
    assert not Attendance.objects.exists()


def test_the_page_speaks_spanish_dates_and_still_reads_them(
    desk: Client, cohort: Cohort, rosa: Apprenticeship, coordinator: User
) -> None:
    coordinator.language = "es"
    coordinator.save(update_fields=["language"])
    answer = desk.post(record_url(cohort), filled(rosa, hours="x"))
    assert 'value="2026-02-25"' in answer.content.decode()
    assert desk.post(record_url(cohort), filled(rosa)).status_code == 302


def test_recording_and_taking_back_ask_for_the_password_where_the_sponsor_does(
    desk: Client, cohort: Cohort, sponsor: Sponsor, rosa: Apprenticeship
) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=SigningPolicy.EVERY)
    assert 'name="password"' in desk.get(reverse("class_hours", args=[cohort.pk])).content.decode()
    refused = desk.post(record_url(cohort), filled(rosa))
    assert (refused.status_code, "American Red Cross" in refused.content.decode()) == (400, True)
    assert desk.post(record_url(cohort), filled(rosa, password=PASSWORD)).status_code == 302
    attended = Attendance.objects.get()
    assert attended.entry.act.authentication == "reauthenticated"
    session = attended.class_topic.session_id
    assert 'name="password"' in desk.get(reverse("class_session", args=[session])).content.decode()
    void = {"key": str(uuid.uuid4()), "attendances": [str(attended.pk)], "reason": "Taught on another day."}
    assert desk.post(reverse("void_class_hours", args=[session]), void).status_code == 400
    assert desk.post(reverse("void_class_hours", args=[session]), {**void, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("name", ["class_hours", "cohort"])
def test_the_pages_of_a_cohorts_hours_take_as_many_queries_for_ten_as_for_two_hundred(
    name: str, desk: Client, cohort: Cohort, published_standard: StandardVersion
) -> None:
    counts = []
    for more in (10, 190):
        class_of(more, cohort, published_standard)
        desk.get(reverse(name, args=[cohort.pk]))
        with CaptureQueriesContext(connection) as asked:
            assert "Person 0" in desk.get(reverse(name, args=[cohort.pk])).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
