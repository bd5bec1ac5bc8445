"""Test results where they are recorded, read and taken back."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, TestResult, TestVoid
from apprenticeship.testing import void_test
from reports.gathering import gather
from tests.cast import NOW, TODAY, signed, skill_of, viewer_for
from tests.demanding import held_to, record_taken

At = Callable[[User], Client]


def address(book: Apprenticeship, code: str = "1.1") -> str:
    return reverse("record_test", args=[book.pk, skill_of(book, code).pk])


def filled(**changes: Any) -> dict[str, Any]:
    """The page filled in as a browser would send it."""
    return {
        "key": str(uuid.uuid4()),
        "kind": "practical",
        "passed": "yes",
        "taken_on": TODAY.isoformat(),
        "instrument": "Gowning checklist, revision 4",
        "examiner_name": "Petra Lindqvist",
        "examiner_organization": "Hudson Valley Testing",
        "score": "41",
        "pass_mark": "37.5",
        **changes,
    }


@pytest.fixture
def skill_page(apprenticeship: Apprenticeship) -> str:
    return reverse("record_skill", args=[apprenticeship.pk, skill_of(apprenticeship, "1.1").pk])


def test_the_book_says_in_a_line_what_was_tested(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, at: At
) -> None:
    result = record_taken(apprenticeship, mentor)
    void_test(viewer=viewer_for(mentor), key="v", result=result, reason="Another's.")
    page = at(auditor).get(reverse("record_entries", args=[apprenticeship.pk])).content.decode()
    assert "<strong>Test result</strong> · 1.1 · Hands-on test · passed" in page
    assert "<strong>Test result taken back</strong> · 1.1 · entry 1" in page


def test_a_coordinator_records_a_test_and_everybody_reads_it(
    apprenticeship: Apprenticeship, coordinator: User, auditor: User, at: At, skill_page: str
) -> None:
    assert at(coordinator).post(address(apprenticeship), filled()).url == skill_page  # type: ignore[attr-defined]
    page = at(auditor).get(skill_page).content.decode()
    for words in ("Examined by <strong>Petra Lindqvist</strong>, Hudson Valley Testing", "41; 37.5 needed", "Passed"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose which kind of test it was."),
        ({"passed": ""}, "Choose how the test went."),
        ({"taken_on": "2026-03-03"}, "The date is in the future."),
        ({"examiner_organization": ""}, "Name the organization of the examiner."),
        ({"examiner_name": ""}, "Name the person who gave the test."),
        ({"score": ""}, "Enter the points reached"),
        ({"passed": "no"}, "The points say otherwise."),
        ({"examiner_name": "Rosa Diaz"}, "Nobody tests themselves."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    apprenticeship: Apprenticeship, mentor: User, at: At, changes: dict[str, str], words: str
) -> None:
    response = at(mentor).post(address(apprenticeship), filled(**changes))
    page = response.content.decode()
    assert (response.status_code, words in page, "Gowning checklist" in page) == (400, True, True)
    assert not TestResult.objects.exists()


def test_a_page_that_was_sent_before_is_told_so(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    sent = filled()
    at(mentor).post(address(apprenticeship), sent)
    again = at(mentor).post(address(apprenticeship), {**sent, "instrument": "Another list"})
    assert (again.status_code, "Another list" in again.content.decode()) == (422, True)
    assert TestResult.objects.count() == 1


def test_an_examiners_account_gives_the_name(
    apprenticeship: Apprenticeship, mentor: User, instructor: User, at: At
) -> None:
    at(mentor).post(address(apprenticeship), filled(examiner_name="", examiner=str(instructor.pk)))
    assert (TestResult.objects.get().examiner, TestResult.objects.get().examiner_name) == (instructor, "Ivan Petrov")


def test_taking_back_says_what_rests_on_it(
    apprenticeship: Apprenticeship, mentor: User, auditor: User, apprentice: User, at: At, skill_page: str
) -> None:
    book = held_to(apprenticeship, _1_1={"practical_test": True})
    result = record_taken(book, mentor)
    signed(book, mentor)
    where = reverse("void_test_result", args=[result.pk])
    assert "A sign-off rests on this result" in at(mentor).get(where).content.decode()
    assert at(mentor).post(where, {"key": str(uuid.uuid4()), "reason": ""}).status_code == 400
    at(mentor).post(where, {"key": str(uuid.uuid4()), "reason": "It was Luis's."})
    assert TestVoid.objects.count() == 1
    assert "It was Luis" in at(apprentice).get(skill_page).content.decode()
    page = at(auditor).get(skill_page).content.decode()
    assert "The test result of entry 1 is taken back" in page
    assert "It was Luis" not in page
    assert at(mentor).post(where, {"key": str(uuid.uuid4()), "reason": "Again."}).status_code == 409


def test_paper_names_the_tests_that_a_signature_rests_on(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1={"practical_test": True})
    record_taken(book, mentor)
    signed(book, mentor)
    paper = gather(book.pk, at=NOW, language="en", paper="letter")
    (test,) = (test for part in paper.sets for line in part.skills for test in line.tests)
    assert (test.examiner, test.organization, test.score, test.passed) == (
        "Petra Lindqvist",
        "Hudson Valley Testing",
        "41",
        True,
    )
