"""The sheets ask what a skill demands, each beside its own field, and keep what was typed."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff, TestResult
from apprenticeship.record import read
from tests.cast import TODAY, skill_of
from tests.demanding import PROCEDURE, held_to, record_taken
from tests.pages import many, sheets

At = Callable[[User], Client]
TEST_ON_SHEET = {
    "practical-passed": "yes",
    "practical-taken_on": TODAY.isoformat(),
    "practical-instrument": "Gowning checklist",
    "practical-examiner_name": "Petra Lindqvist",
    "practical-examiner_organization": "Hudson Valley Testing",
}


@pytest.fixture
def book(apprenticeship: Apprenticeship) -> Apprenticeship:
    """Rosa's book under terms that ask for a procedure and a hands-on test of 1.1."""
    return held_to(apprenticeship, _1_1={"procedure": PROCEDURE, "practical_test": True})


def posted(at: At, mentor: User, book: Apprenticeship, **changed: Any) -> tuple[int, str]:
    response = at(mentor).post(sheets.address(book), sheets.sheet(book, **changed))
    return response.status_code, response.content.decode()


def test_the_sheet_shows_what_it_demands_and_chooses_nothing(book: Apprenticeship, mentor: User, at: At) -> None:
    page = at(mentor).get(sheets.address(book)).content.decode()
    assert "Held against procedure SOP-12" in page
    assert "Hands-on test: record its result here" in page
    assert 'name="procedure" value="demanded" checked' not in page


def test_what_is_lacking_is_said_beside_its_field(book: Apprenticeship, mentor: User, at: At) -> None:
    status, page = posted(at, mentor, book, note="Steady hands.")
    assert status == 400
    assert "Confirm that you held the work against procedure SOP-12." in page
    assert "A hands-on test is demanded." in page  # both at once, so that nobody is sent round twice
    status, page = posted(at, mentor, book, note="Steady hands.", procedure="demanded")
    assert (status, "A hands-on test is demanded." in page, "Steady hands." in page) == (400, True, True)
    assert 'value="demanded" checked' in page


def test_everything_on_one_sheet_is_one_act(book: Apprenticeship, mentor: User, at: At) -> None:
    assert posted(at, mentor, book, procedure="demanded", **TEST_ON_SHEET)[0] == 302
    body = read(SignOff.objects.get().entry)["body"]
    assert (body["procedure"], body["tests"]) == ({"number": "SOP-12", "version": "3"}, [1])


def test_another_version_of_the_procedure_is_typed_in(book: Apprenticeship, mentor: User, at: At) -> None:
    record_taken(book, mentor)
    status, page = posted(at, mentor, book, procedure="another")
    assert (status, "Say which version of the procedure" in page) == (400, True)
    posted(at, mentor, book, procedure="another", another_version="4")
    assert SignOff.objects.get().procedure_version == "4"


def test_half_a_test_is_refused_with_what_was_typed(book: Apprenticeship, mentor: User, at: At) -> None:
    half = {**TEST_ON_SHEET, "practical-examiner_organization": ""}
    status, page = posted(at, mentor, book, procedure="demanded", **half)
    assert status == 400
    assert "Name the organization of the examiner." in page
    assert 'value="Gowning checklist"' in page
    assert not TestResult.objects.exists()


def test_the_signer_as_examiner_is_refused_with_what_was_typed(book: Apprenticeship, mentor: User, at: At) -> None:
    own = {**TEST_ON_SHEET, "practical-examiner_name": mentor.name}
    status, page = posted(at, mentor, book, procedure="demanded", note="Steady hands.", **own)
    assert (status, page.count("That is you. Whoever signs cannot have given the test")) == (400, 2)
    assert all(typed in page for typed in ('value="Gowning checklist"', f'value="{mentor.name}"', "Steady hands."))
    record_taken(book, mentor, examiner_name=mentor.name)
    assert "yourself. It stands in the record" in at(mentor).get(sheets.address(book)).content.decode()


def test_a_test_that_failed_is_recorded_with_a_lower_level(book: Apprenticeship, mentor: User, at: At) -> None:
    lower = str(many.below(skill_of(book, "1.1")).pk)
    assert posted(at, mentor, book, level=lower, **{**TEST_ON_SHEET, "practical-passed": "no"})[0] == 302
    assert (TestResult.objects.get().passed, SignOff.objects.get().level.attained) == (False, False)


def test_a_result_that_stands_is_shown_instead_of_asked(book: Apprenticeship, mentor: User, at: At) -> None:
    record_taken(book, mentor)
    page = at(mentor).get(sheets.address(book)).content.decode()
    assert "before Petra Lindqvist, Hudson Valley Testing" in page
    assert "record its result here" not in page


def test_by_method_test_a_lacking_test_can_be_recorded(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    status, page = posted(at, mentor, apprenticeship, method="test")
    assert (status, "No passed test stands for this skill." in page) == (400, True)
    assert "Record the result of a test" in page


def test_signing_over_what_stands_keeps_the_test_that_was_typed(
    book: Apprenticeship, mentor: User, deputy: User, at: At
) -> None:
    at(deputy).post(sheets.address(book), sheets.sheet(book, procedure="demanded", **TEST_ON_SHEET))
    other = {**TEST_ON_SHEET, "practical-instrument": "Second list"}
    status, page = posted(at, mentor, book, procedure="demanded", **other)
    assert status == 409
    assert 'value="demanded" checked' in page


def test_of_many_the_line_that_needs_its_own_sheet_is_named(book: Apprenticeship, mentor: User, at: At) -> None:
    named = skill_of(book, "1.1")
    sent = many.sheet(book, "1.1", "1.2", **{f"own-procedure-{named.pk}": "yes"})
    page = at(mentor).post(many.address(book, "1.1", "1.2"), sent).content.decode()
    assert "A hands-on test is demanded." in page
    assert f'href="{sheets.address(book)}"' in page
    assert "Sign the other 1" in page


def test_of_many_each_procedure_is_confirmed_at_its_line(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    book = held_to(apprenticeship, _1_1={"procedure": PROCEDURE})
    where, sent = many.address(book, "1.1", "1.2"), many.sheet(book, "1.1", "1.2")
    assert "held the work against procedure SOP-12." in at(mentor).post(where, sent).content.decode()
    confirmed = {**sent, "key": str(uuid.uuid4()), f"own-procedure-{skill_of(book, '1.1').pk}": "yes"}
    at(mentor).post(where, confirmed)
    assert sorted(made.procedure_version for made in SignOff.objects.all()) == ["", "3"]
