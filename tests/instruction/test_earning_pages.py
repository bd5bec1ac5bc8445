"""The forms beside class hours keep what was typed, and the page of the hours shows what came of them."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, EvidenceDraft
from instruction.models import OtherHours, TopicSignOff, TopicTest, TopicWaiver
from tests.evidence.conftest import files_go_into_a_folder_of_the_test
from tests.evidence.files import PDF
from tests.instruction.classroom import FIRST_AID, LOCKOUT, attend, topic_of

__all__ = ["files_go_into_a_folder_of_the_test"]
pytestmark = pytest.mark.django_db


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("transcript.pdf", PDF, "application/pdf")


def hours_form(book: Apprenticeship, **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "topic": str(topic_of(book, FIRST_AID).pk),
        "way": "transfer",
        "hours": "2.5",
        "earned_on": "2024-05-01",
        "provider": "County College",
        "files": [paper()],
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def test_hours_and_a_waiver_are_recorded_shown_and_taken_back(desk: Client, rosa: Apprenticeship) -> None:
    page = desk.post(reverse("record_other_hours", args=[rosa.pk]), hours_form(rosa), follow=True).content.decode()
    assert "Transfer credit with a transcript · County College" in page
    assert "2.5 of 6.5 hours; 4 to go" in page
    waiver = {"key": str(uuid.uuid4()), "topic": str(topic_of(rosa, LOCKOUT).pk), "reason": "No machines."}
    page = desk.post(reverse("waive_topic", args=[rosa.pk]), waiver, follow=True).content.decode()
    assert "waived: not appropriate here" in page
    assert "No machines." in page
    entry = TopicWaiver.objects.get().entry
    back = reverse("void_entry", args=[rosa.pk, entry.sequence])
    page = desk.post(back, {"key": str(uuid.uuid4()), "reason": "There are some."}, follow=True).content.decode()
    assert "where appropriate; no hours so far" in page
    assert "There are some." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"topic": ""}, "Choose a topic."),
        ({"way": ""}, "Choose how the hours were earned."),
        ({"hours": "1.1"}, "Enter the hours in quarters"),
        ({"hours": "many"}, "Enter a number."),
        ({"hours": "0", "way": "self_study"}, "Before the apprenticeship began"),
        ({"earned_on": "2090-01-01"}, "The date is in the future."),
        ({"provider": ""}, "Say who issued the document."),
        ({"files": None}, "Add the certificate, transcript or test"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    changes: dict[str, Any], words: str, desk: Client, rosa: Apprenticeship
) -> None:
    form = hours_form(rosa, **changes)
    answer = desk.post(reverse("record_other_hours", args=[rosa.pk]), form)
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (400, True)
    assert f'value="{form["earned_on"]}"' in page
    assert EvidenceDraft.objects.count() == (0 if "files" in changes else 1)
    assert not OtherHours.objects.exists()


def test_the_same_document_again_is_a_conflict_and_another_sponsors_topic_no_choice(
    desk: Client, rosa: Apprenticeship
) -> None:
    address = reverse("record_other_hours", args=[rosa.pk])
    assert desk.post(address, hours_form(rosa)).status_code == 302
    answer = desk.post(address, hours_form(rosa, hours="4"))
    assert (answer.status_code, "recorded this before" in answer.content.decode()) == (409, True)
    wrong = desk.post(reverse("waive_topic", args=[rosa.pk]), {"topic": str(topic_of(rosa, FIRST_AID).pk)})
    assert wrong.status_code == 400


def test_an_instructor_signs_and_tests_from_the_class_they_taught(
    client: Client, rosa: Apprenticeship, coordinator: User, instructor: User
) -> None:
    (row,) = attend(coordinator, [rosa], instructor=instructor)
    client.force_login(instructor)
    topic = row.class_topic.topic_id
    page = client.get(reverse("class_session", args=[row.class_topic.session_id])).content.decode()
    sign = reverse("sign_topic", args=[rosa.pk, topic])
    assert f'href="{sign}"' in page
    assert "know and can do what this topic teaches" in client.get(sign).content.decode()
    assert client.post(sign, {"key": str(uuid.uuid4())}).headers["Location"] == reverse("instructor_home")
    assert client.post(sign, {"key": str(uuid.uuid4())}).status_code == 409
    exam = {
        "key": str(uuid.uuid4()),
        "kind": "written",
        "passed": "yes",
        "taken_on": "2026-02-25",
        "instrument": "Quiz, form B",
        "examiner_name": "Walter Nkemelu",
        "examiner_organization": "Rockland Testing",
        "score": "39",
        "pass_mark": "40",
    }
    test = reverse("record_topic_test", args=[rosa.pk, topic])
    refused = client.post(test, exam)
    assert (refused.status_code, 'value="Quiz, form B"' in refused.content.decode()) == (400, True)
    assert client.post(test, {**exam, "score": "41"}).status_code == 302
    assert (TopicSignOff.objects.count(), TopicTest.objects.get().passed) == (1, True)
    client.force_login(coordinator)
    page = client.get(reverse("record_hours", args=[rosa.pk])).content.decode()
    assert "Signed by the instructor" in page
    assert "41 / 40" in page
