"""What a skill demands is enforced when it is signed off, and not while it is still being learned."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff, TestResult
from apprenticeship.record import read
from apprenticeship.signoff import SignOffInvalid, SignOffLine, sign_off, sign_off_many
from apprenticeship.testing import void_test
from apprenticeship.verifying import verify_record
from tests.cast import TODAY, line, signed, viewer_for
from tests.demanding import PROCEDURE, held_to, record_taken, taken

TESTED = {"practical_test": True}


def refused(mentor: User, *lines: SignOffLine) -> list[tuple[int, str, str]]:
    with pytest.raises(SignOffInvalid) as refusal:
        sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines)
    assert not SignOff.objects.exists()
    return [(problem.line, problem.field, problem.message) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("added", "rest", "field", "words"),
    [
        ({"evidence": True}, {}, "evidence", "Evidence of the work is demanded."),
        ({"procedure": PROCEDURE}, {}, "procedure_version", "held the work against procedure SOP-12."),
        ({"procedure": PROCEDURE}, {"procedure_number": "SOP-9"}, "procedure_version", "against procedure SOP-12."),
        ({"procedure": PROCEDURE}, {"procedure_number": "SOP-12"}, "procedure_version", "Say which version"),
        ({"practical_test": True}, {}, "practical_test", "A hands-on test is demanded."),
        ({"written_test": True}, {}, "written_test", "A written test is demanded."),
        ({"evidence": True}, {"procedure_version": "2"}, "procedure_number", "Name the procedure"),
    ],
)
def test_what_is_lacking_is_named(
    apprenticeship: Apprenticeship, mentor: User, added: dict[str, Any], rest: dict[str, Any], field: str, words: str
) -> None:
    book = held_to(apprenticeship, _1_1=added)
    found = refused(mentor, line(book, **rest))
    assert [message for _line, name, message in found if name == field and words in message]


def test_below_the_threshold_nothing_is_asked(apprenticeship: Apprenticeship, mentor: User) -> None:
    everything = {"evidence": True, "procedure": PROCEDURE, "practical_test": True, "written_test": True}
    book = held_to(apprenticeship, _1_1=everything)
    assert signed(book, mentor, level="in-training")


def test_the_version_of_the_procedure_that_was_used_is_kept(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1={"procedure": PROCEDURE})
    made = signed(book, mentor, procedure_number="SOP-12", procedure_version="4")
    assert read(made.entry)["body"]["procedure"] == {"number": "SOP-12", "version": "4"}


def test_a_test_recorded_before_carries_the_sign_off(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    result = record_taken(book, mentor)
    made = signed(book, mentor)
    assert read(made.entry)["body"]["tests"] == [result.entry.sequence]
    assert verify_record(book).is_intact


def test_tests_reported_on_the_sheet_are_recorded_in_the_same_act(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1={"practical_test": True, "written_test": True})
    both = (taken(), taken(kind="written", instrument="Quiz 7"))
    made = signed(book, mentor, tests=both)
    assert read(made.entry)["body"]["tests"] == [1, 2]
    assert {result.entry.act_id for result in TestResult.objects.all()} == {made.entry.act_id}
    assert verify_record(book).is_intact


def test_what_is_wrong_with_a_test_on_the_sheet_is_named(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    found = refused(mentor, line(book, tests=(taken(instrument=""),)))
    assert [(place, field) for place, field, _message in found] == [(0, "practical-instrument")]
    assert not TestResult.objects.exists()


def test_a_test_that_was_not_passed_carries_nothing(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    record_taken(book, mentor, passed=False, score=None, pass_mark=None)
    assert refused(mentor, line(book))[0][2] == "The test of Mar 2, 2026 was not passed. This level needs one that was."


def test_a_test_of_another_skill_or_kind_carries_nothing(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    record_taken(book, mentor, "1.2")
    record_taken(book, mentor, kind="written")
    assert [field for _line, field, _message in refused(mentor, line(book))] == ["practical_test"]


def test_a_result_that_was_taken_back_carries_nothing_more(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    result = record_taken(book, mentor)
    void_test(viewer=viewer_for(mentor), key="v", result=result, reason="Another's.")
    assert [field for _line, field, _message in refused(mentor, line(book))] == ["practical_test"]


def test_a_test_holds_as_long_as_the_skill(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1={**TESTED, "due_again_months": 6})
    record_taken(book, mentor, taken_on=TODAY - timedelta(days=200))
    assert refused(mentor, line(book))[0][2].startswith("The test of Aug 14, 2025 is too old")
    record_taken(book, mentor, taken_on=TODAY - timedelta(days=100))
    assert signed(book, mentor)


@pytest.mark.parametrize("name", ["Maria Alvarez", "  maría   ÁLVAREZ "])
def test_who_signs_has_not_given_the_demanded_test(apprenticeship: Apprenticeship, mentor: User, name: str) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    ((_place, field, message),) = refused(mentor, line(book, tests=(taken(examiner_name=name),)))
    assert (field, message[:12]) == ("practical-examiner_name", "That is you.")
    assert not TestResult.objects.exists()
    record_taken(book, mentor, examiner_name=name)
    assert refused(mentor, line(book))[0][1:] == (
        "practical_test",
        "You gave the test of Mar 2, 2026 yourself. It needs one that somebody else gave, or another mentor signs.",
    )


def test_another_mentor_signs_on_a_test_that_a_mentor_gave(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    record_taken(book, mentor, examiner=mentor, examiner_name="M. A.")
    assert [field for _line, field, _message in refused(mentor, line(book))] == ["practical_test"]
    assert signed(book, deputy)


def test_a_test_that_nothing_demands_may_be_the_signers_own(apprenticeship: Apprenticeship, mentor: User) -> None:
    record_taken(apprenticeship, mentor, examiner_name=mentor.name)
    assert signed(apprenticeship, mentor, method="test")


def test_by_method_test_there_is_one(apprenticeship: Apprenticeship, mentor: User) -> None:
    assert [field for _line, field, _message in refused(mentor, line(apprenticeship, method="test"))] == ["method"]
    failed = record_taken(apprenticeship, mentor, kind="written", passed=False, score=None, pass_mark=None)
    assert refused(mentor, line(apprenticeship, method="test"))
    low = signed(apprenticeship, mentor, method="test", level="in-training")
    assert read(low.entry)["body"]["tests"] == [failed.entry.sequence]


def test_of_many_lines_the_one_that_lacks_is_named(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_2=TESTED)
    lines = [line(book, code) for code in ("1.1", "1.2", "1.3")]
    assert [(place, field) for place, field, _message in refused(mentor, *lines)] == [(1, "practical_test")]


def test_the_same_press_again_gives_the_first_signature(apprenticeship: Apprenticeship, mentor: User) -> None:
    book = held_to(apprenticeship, _1_1=TESTED)
    wanted, key = line(book, tests=(taken(),)), str(uuid.uuid4())
    first = sign_off(viewer=viewer_for(mentor), key=key, line=wanted)
    assert sign_off(viewer=viewer_for(mentor), key=key, line=wanted) == first
    assert TestResult.objects.count() == 1
