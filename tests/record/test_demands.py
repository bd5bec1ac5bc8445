"""What a sign-off demands: the version's own words with what the Terms add, never less."""

from typing import Any

import pytest

from accounts.models import User
from apprenticeship.demands import AdditionsInvalid, Demands, demands_of
from apprenticeship.models import Apprenticeship, SkillStanding, Terms
from apprenticeship.record import read
from apprenticeship.verifying import verify_record
from competencies.models import Skill
from tests.cast import TODAY, fresh, line, make_apprenticeship, signed, skill_of
from tests.demanding import with_additions


def test_terms_add_to_what_the_version_asks(terms: Terms) -> None:
    skill = Skill(code="1.1", needs_evidence=True, due_again_months=12)
    added = Terms(additions={"1.1": {"practical_test": True, "due_again_months": 6}, "1.2": {"written_test": True}})
    assert demands_of(skill, added) == Demands(evidence=True, practical_test=True, due_again_months=6)
    assert demands_of(skill, terms) == Demands(evidence=True, due_again_months=12)


def test_demands_are_told_in_words() -> None:
    whole = Demands(True, True, True, True, "SOP-12", "3", 12)
    assert whole.words == [
        "evidence of the work",
        "a hands-on test",
        "a written test",
        "the apprentice's OK",
        "procedure SOP-12 v3",
        "again every 12 months",
    ]


@pytest.mark.parametrize(
    ("added", "words"),
    [
        ({"evidence": False}, "can only be added"),
        ({"evidence": 1}, "can only be added"),
        ({"photograph": True}, "no demand"),
        ({}, "at least one"),
        ("evidence", "at least one"),
        ({"due_again_months": 0}, "whole number"),
        ({"due_again_months": True}, "whole number"),
        ({"procedure": {"version": "2"}}, "has a number"),
        ({"procedure": {"number": "S" * 61}}, "at most 60"),
        ({"procedure": {"number": "SOP-1", "title": "Gowning"}}, "has a number"),
    ],
)
def test_what_is_no_addition_is_refused(added: Any, words: str, terms: Terms) -> None:
    with pytest.raises(AdditionsInvalid, match=words):
        with_additions(terms, _1_1=added)


def test_an_addition_to_an_unknown_skill_is_refused(terms: Terms) -> None:
    with pytest.raises(AdditionsInvalid, match="no such skill"):
        with_additions(terms, _99_1={"evidence": True})


def test_a_sign_off_keeps_what_was_demanded_and_confirmed(
    terms: Terms, apprenticeship: Apprenticeship, mentor: User
) -> None:
    book = fresh(apprenticeship)
    book.terms = with_additions(terms, _1_1={"counter_signature": True}, _1_2={"due_again_months": 6})
    book.save(update_fields=["terms"])
    made = signed(book, mentor, "1.1", procedure_number="SOP-12", procedure_version="3")
    body = read(made.entry)["body"]
    assert body["procedure"] == {"number": "SOP-12", "version": "3"}
    assert body["needs_counter_signature"] is True
    signed(book, mentor, "1.2")
    assert SkillStanding.objects.get(apprenticeship=book, skill=skill_of(book, "1.2")).due_on == TODAY.replace(month=9)
    assert verify_record(book).is_intact


def test_a_plain_sign_off_carries_none_of_it(apprenticeship: Apprenticeship, mentor: User) -> None:
    body = read(signed(apprenticeship, mentor).entry)["body"]
    assert not {"late_reason", "procedure", "needs_counter_signature"} & body.keys()


def test_below_the_threshold_nothing_is_demanded(terms: Terms, apprentice: User) -> None:
    other = with_additions(terms, _1_1={"evidence": True, "counter_signature": True})
    book = make_apprenticeship(apprentice, other)
    assert line(book, level="in-training").demands == Demands()
    assert line(book).demands == Demands(evidence=True, counter_signature=True)
