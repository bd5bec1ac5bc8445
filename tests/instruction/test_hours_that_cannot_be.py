"""Hours, days, topics and people that cannot be: each form says what is wrong, keeps what was typed, stores nothing."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Cohort, WorkLog
from competencies.models import StandardVersion, Topic
from instruction.models import Attendance, PlannedClass
from instruction.planning import PlanInvalid
from instruction.roll_checks import RollInvalid
from tests.cast import NOW, STARTS_ON, TODAY, make_person
from tests.instruction.classroom import CLASS_DAY, FIRST_AID, STARTED, enroll, topic_of
from tests.instruction.timetable import planned, roll
from tests.pages.conftest import at_ten_in_the_morning as at_ten_in_the_morning
from tests.working import set_of

FUTURE, TOO_EARLY = (TODAY + timedelta(days=1)).isoformat(), (STARTED - timedelta(days=1)).isoformat()


@pytest.fixture
def elsewhere(rosa: Apprenticeship) -> Topic:
    """A topic of the same name, of another standard."""
    version = rosa.terms.standard_version
    other = StandardVersion.objects.create(
        standard=version.standard, number=99, approach=version.approach, content_hash="0" * 64, created_at=NOW
    )
    return other.courses.create(order=1, title="Elsewhere").topics.create(order=1, title=FIRST_AID)


@pytest.fixture
def stranger(other_sponsor: Sponsor, published_standard: StandardVersion) -> Apprenticeship:
    """An apprentice of another sponsor."""
    cohort = Cohort.objects.create(sponsor=other_sponsor, name="Theirs")
    person = make_person("Stella Stranger", Role.APPRENTICE, sponsor=other_sponsor)
    return enroll(person, cohort=cohort, version=published_standard)


def refused(client: Client, address: str, form: dict[str, Any], words: str) -> str:
    """The page that says `words` and keeps what was typed."""
    answer = client.post(address, {"key": str(uuid.uuid4()), **form})
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (400, True), words
    return page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": "0"}, "Enter the hours in quarters, more than 0"),
        ({"hours": "-1"}, "Enter the hours in quarters, more than 0"),
        ({"hours": "1.1"}, "Enter the hours in quarters, more than 0"),
        ({"hours": "25"}, "Enter the hours in quarters, more than 0 and at most 24"),
        ({"held_on": FUTURE}, "The date is in the future."),
        ({"held_on": TOO_EARLY}, "The class was before the apprenticeship began"),
        ({"topic": "elsewhere"}, "Select a valid choice."),
        ({"apprenticeships": "stranger"}, "Select a valid choice."),
    ],
)
def test_a_class_without_a_plan(
    changes: dict[str, Any],
    words: str,
    client: Client,
    coordinator: User,
    rosa: Apprenticeship,
    elsewhere: Topic,
    stranger: Apprenticeship,
) -> None:
    client.force_login(coordinator)
    usual = {"held_on": CLASS_DAY.isoformat(), "topic": str(topic_of(rosa).pk), "hours": "4", "provider": "Red Cross"}
    ids = {"elsewhere": str(elsewhere.pk), "stranger": str(stranger.pk)}
    form = {**usual, "instructor_name": "Ivan", "apprenticeships": str(rosa.pk), "place": "Room 7", **changes}
    page = refused(
        client,
        reverse("record_class_hours", args=[rosa.cohort_id]),
        {name: ids.get(value, value) for name, value in form.items()},
        words,
    )
    assert 'value="Room 7"' in page
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("0", "Give hours to at least one topic."),
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("1.1", "Enter the hours in quarters"),
        ("25", "Ensure this value is less than or equal to 24."),
        ("4.25", "The topics take 4.25 h together; the class lasts 4 h."),
        ("stranger", "Somebody who was chosen cannot be chosen here."),
    ],
)
def test_a_plan(
    hours: str, words: str, client: Client, coordinator: User, rosa: Apprenticeship, stranger: Apprenticeship
) -> None:
    client.force_login(coordinator)
    form = {"day": "2026-03-10", "begins": "09:00", "ends": "13:00", "mode": "online", "provider": "Red Cross"}
    people = str(stranger.pk if hours == "stranger" else rosa.pk)
    form |= {"instructor_name": "Ivan", "place": "Room 7", "people": people}
    form[f"topic_{topic_of(rosa).pk}"] = "4" if hours == "stranger" else hours
    page = refused(client, reverse("plan_class", args=[rosa.cohort_id]), form, words)
    assert 'value="Room 7"' in page
    assert not PlannedClass.objects.exists()


def test_years_topics_and_people_that_cannot_be_in_a_plan_and_in_a_roll(
    coordinator: User, rosa: Apprenticeship, elsewhere: Topic, stranger: Apprenticeship
) -> None:
    with pytest.raises(PlanInvalid, match="follows the standard of this topic"):
        planned(coordinator, [rosa], topics=[(elsewhere, Decimal(4))])
    with pytest.raises(PlanInvalid, match="not all apprentices of this sponsor"):
        planned(coordinator, [rosa, stranger])
    for year in (202, 9999):
        with pytest.raises(PlanInvalid, match="Look at the year once more"):
            planned(coordinator, [rosa], day=CLASS_DAY.replace(year=year))
    (one,) = planned(coordinator, [rosa])
    with pytest.raises(RollInvalid, match="not expected in this class"):
        roll(coordinator, one, [(stranger, "4")])
    one.topics.create(topic=elsewhere, hours=1)
    with pytest.raises(RollInvalid, match="not part of the standard"):
        roll(coordinator, one, [(rosa, "1")], topic=elsewhere)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("-1", "Enter the hours in quarters"),
        ("1.1", "Enter the hours in quarters"),
        ("25", "Enter the hours in quarters"),
        ("4.25", "is more than the class had of this topic"),
        ("4", "The class was before the apprenticeship began"),
    ],
)
def test_a_roll(hours: str, words: str, client: Client, coordinator: User, rosa: Apprenticeship) -> None:
    (one,) = planned(coordinator, [rosa], day=STARTED - timedelta(days=1) if hours == "4" else CLASS_DAY)
    client.force_login(coordinator)
    name = f"hours_{rosa.pk}_{topic_of(rosa).pk}"
    page = refused(client, reverse("attendance", args=[one.pk]), {"present": str(rosa.pk), name: hours}, words)
    assert f'id="{name}" value="{hours}"' in page
    assert not Attendance.objects.exists()


def test_in_a_mixed_class_everybody_gets_the_topics_of_their_own_standard(
    client: Client, coordinator: User, rosa: Apprenticeship, elsewhere: Topic
) -> None:
    assert rosa.cohort
    person = make_person("Otis Other", Role.APPRENTICE, sponsor=rosa.sponsor)
    otis = enroll(person, cohort=rosa.cohort, version=elsewhere.course.version)
    (one,) = planned(coordinator, [rosa, otis], topics=[(topic_of(rosa), Decimal(2)), (elsewhere, Decimal(2))])
    client.force_login(coordinator)
    address = reverse("attendance", args=[one.pk])
    page = client.get(f"{address}?all=1").content.decode()
    assert f"hours_{otis.pk}_{elsewhere.pk}" in page
    assert f"hours_{otis.pk}_{topic_of(rosa).pk}" not in page
    form = {"present": [str(rosa.pk), str(otis.pk)], "topics": [str(elsewhere.pk), str(topic_of(rosa).pk)]}
    assert client.post(address, {"key": str(uuid.uuid4()), "seen": "", **form}).status_code == 302
    made = Attendance.objects.values_list("apprenticeship", "class_topic__topic")
    assert set(made) == {(rosa.pk, topic_of(rosa).pk), (otis.pk, elsewhere.pk)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hours": "0"}, "Enter the hours in quarters, more than 0"),
        ({"hours": "-1"}, "Enter the hours in quarters, more than 0"),
        ({"hours": "7.1"}, "Enter the hours in quarters, more than 0"),
        ({"hours": "25"}, "Enter the hours in quarters, more than 0 and at most 24"),
        ({"worked_on": FUTURE}, "This day is in the future."),
        ({"worked_on": (STARTS_ON - timedelta(days=1)).isoformat()}, "before the apprenticeship began"),
        ({"worksite": str(uuid.uuid4())}, "Select a valid choice."),
        ({"skill_set": str(uuid.uuid4())}, "Select a valid choice."),
    ],
)
def test_a_day_at_work(changes: dict[str, Any], words: str, client: Client, apprenticeship: Apprenticeship) -> None:
    client.force_login(apprenticeship.apprentice)
    usual = {"worked_on": CLASS_DAY.isoformat(), "worksite": str(apprenticeship.worksite_id), "hours": "7.5"}
    said = {**usual, "skill_set": str(set_of(apprenticeship).pk), **changes}
    form = {f"line-0-{name}": value for name, value in said.items()}
    page = refused(client, reverse("log_work", args=[apprenticeship.pk]), form, words)
    assert f'value="{said["hours"]}"' in page
    assert not WorkLog.objects.exists()
