"""Classes and the names in them: who sees which, and how hours are taken back from there."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, User
from apprenticeship.models import Apprenticeship
from instruction.models import Attendance, AttendanceVoid, ClassSession
from instruction.voiding import void_class_hours
from tests.cast import LONG_AGO, TODAY, make_person, viewer_for
from tests.instruction.classroom import FIRST_AID, GENERAL, attend

REASON = "Rosa was on sick leave that day"


@pytest.fixture
def taught(rosa: Apprenticeship, coordinator: User, instructor: User) -> Attendance:
    """Rosa's four hours of first aid with Ivan."""
    return attend(coordinator, [rosa], FIRST_AID, "4", instructor=instructor)[0]


@pytest.fixture
def not_taught(luis: Apprenticeship, coordinator: User) -> Attendance:
    """Luis's two hours with somebody else."""
    return attend(coordinator, [luis], GENERAL, "2", instructor_name="A. Cole")[0]


def class_url(attendance: Attendance) -> str:
    return reverse("class_session", args=[attendance.class_topic.session_id])


def void_url(attendance: Attendance) -> str:
    return reverse("void_class_hours", args=[attendance.class_topic.session_id])


def read(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    return client.get(url).content.decode()


def test_instructors_see_their_own_classes_and_the_names_in_them(
    client: Client, taught: Attendance, not_taught: Attendance, instructor: User
) -> None:
    page = read(client, instructor, reverse("instructor_home"))
    assert "Rosa Diaz" in page
    assert "Luis Ortiz" not in page
    assert client.get(class_url(taught)).status_code == 200
    assert client.get(class_url(not_taught)).status_code == 404
    assert list(Attendance.objects.visible_to(viewer_for(instructor))) == [taught]


def test_an_instructor_no_longer_sees_names_when_the_role_has_ended(
    client: Client, taught: Attendance, instructor: User
) -> None:
    Membership.objects.filter(user=instructor, since=LONG_AGO).update(until=TODAY)
    client.force_login(instructor)
    assert client.get(class_url(taught)).status_code == 404
    assert not Attendance.objects.visible_to(viewer_for(instructor)).exists()


def test_an_instructor_without_classes_is_told_when_they_appear(client: Client, instructor: User) -> None:
    assert "Your classes appear here once" in read(client, instructor, reverse("instructor_home"))


@pytest.mark.parametrize("who", ["coordinator", "administrator", "auditor"])
def test_those_who_oversee_the_sponsor_see_every_class(
    who: str, client: Client, taught: Attendance, not_taught: Attendance, request: pytest.FixtureRequest
) -> None:
    page = read(client, request.getfixturevalue(who), reverse("instructor_home"))
    assert "Rosa Diaz" in page
    assert "Luis Ortiz" in page
    assert client.get(class_url(not_taught)).status_code == 200


@pytest.mark.parametrize(("who", "home"), [("mentor", 403), ("apprentice", 403), ("outsider", 200)])
def test_others_see_no_class(
    who: str, home: int, client: Client, taught: Attendance, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    answer = client.get(reverse("instructor_home"))
    assert answer.status_code == home
    assert "American Red Cross" not in answer.content.decode()
    assert client.get(class_url(taught)).status_code == 404


def test_anonymous_visitors_are_led_to_the_login(client: Client, taught: Attendance) -> None:
    assert client.get(class_url(taught)).status_code == 302
    assert not ClassSession.objects.visible_to(viewer_for(None)).exists()
    assert not Attendance.objects.visible_to(viewer_for(None)).exists()


def test_apprentices_and_mentors_see_the_hours_of_the_books_they_may_read(
    taught: Attendance, not_taught: Attendance, apprentice: User, mentor: User
) -> None:
    assert list(Attendance.objects.visible_to(viewer_for(apprentice))) == [taught]
    assert not Attendance.objects.visible_to(viewer_for(mentor)).exists()


def test_a_coordinator_takes_hours_back_and_they_stay_to_be_seen(
    client: Client, taught: Attendance, coordinator: User
) -> None:
    assert "Take hours back" in read(client, coordinator, class_url(taught))
    form = {"key": str(uuid.uuid4()), "attendances": [str(taught.pk)], "reason": REASON}
    page = client.post(void_url(taught), form, follow=True).content.decode()
    assert "Taken back. The hours stay in the record" in page
    assert REASON in page
    assert "taken back by Carol Jones" in page
    assert "Take hours back" not in page
    assert client.post(void_url(taught), form).status_code == 302
    assert AttendanceVoid.objects.count() == 1


@pytest.mark.parametrize("who", ["auditor", "instructor"])
def test_the_sealed_reason_is_not_for_everybody(
    who: str, client: Client, taught: Attendance, coordinator: User, request: pytest.FixtureRequest
) -> None:
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=[taught], reason=REASON)
    page = read(client, request.getfixturevalue(who), class_url(taught))
    assert "taken back by Carol Jones" in page
    assert REASON not in page
    assert "sealed; your role does not read it" in page


def test_without_a_reason_or_a_name_nothing_is_taken_back(
    client: Client, taught: Attendance, coordinator: User
) -> None:
    client.force_login(coordinator)
    answer = client.post(void_url(taught), {"key": str(uuid.uuid4()), "attendances": [str(taught.pk)]})
    page = answer.content.decode()
    assert (answer.status_code, "Say why these hours are taken back." in page) == (400, True)
    assert f'value="{taught.pk}" checked' in page
    answer = client.post(void_url(taught), {"key": str(uuid.uuid4()), "reason": REASON})
    page = answer.content.decode()
    assert (answer.status_code, "Tick the hours to take back." in page) == (400, True)
    assert REASON in page
    assert not AttendanceVoid.objects.exists()


def test_hours_of_another_class_are_not_taken_back_from_here(
    client: Client, taught: Attendance, not_taught: Attendance, coordinator: User
) -> None:
    client.force_login(coordinator)
    form = {"key": str(uuid.uuid4()), "attendances": [str(not_taught.pk)], "reason": REASON}
    assert client.post(void_url(taught), form).status_code == 400
    assert not AttendanceVoid.objects.exists()


def test_who_comes_second_is_told_who_was_first(
    client: Client, taught: Attendance, luis: Apprenticeship, coordinator: User, sponsor: object
) -> None:
    attend(coordinator, [luis], FIRST_AID, "4", instructor=taught.class_topic.session.instructor)
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=[taught], reason=REASON)
    client.force_login(coordinator)
    form = {"key": str(uuid.uuid4()), "attendances": [str(taught.pk)], "reason": "Again"}
    answer = client.post(void_url(taught), form)
    assert answer.status_code == 409
    assert "The hours of Rosa Diaz were taken back before, by Carol Jones." in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("administrator", 403), ("auditor", 403), ("instructor", 403), ("mentor", 404), ("apprentice", 404)],
)
def test_others_take_nothing_back(
    who: str, status: int, client: Client, taught: Attendance, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert "Take hours back" not in client.get(class_url(taught)).content.decode()
    form = {"key": str(uuid.uuid4()), "attendances": [str(taught.pk)], "reason": REASON}
    assert client.post(void_url(taught), form).status_code == status
    assert not AttendanceVoid.objects.exists()


@pytest.mark.parametrize("classes", [1, 9])
def test_the_list_takes_the_same_queries_for_any_number_of_classes(
    classes: int, client: Client, rosa: Apprenticeship, luis: Apprenticeship, coordinator: User
) -> None:
    for number in range(classes):
        attend(coordinator, [rosa, luis], hours="1", provider=f"School {number}")
    auditor = make_person("Olga Auditor", sponsor=rosa.sponsor)
    Membership.objects.create(user=auditor, sponsor=rosa.sponsor, role="auditor", since=LONG_AGO)
    client.force_login(auditor)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("instructor_home")).content.decode()
    assert page.count("Rosa Diaz") == classes
    assert len(queries) == 9
