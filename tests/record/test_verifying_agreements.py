"""The check of a book holds the apprentice's words and the answers to their entries, too."""

from typing import Any

import pytest

from accounts.models import User
from acts.models import SealedText
from apprenticeship.models import Apprenticeship, CounterSignature, DisagreementAnswer, SignOff, SkillStanding
from apprenticeship.verifying import verify_record
from tests.agreements import agreed, answered, demands_ok, disagreed
from tests.cast import TODAY, signed
from tests.record.forging import first_finding, forge, remove


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> Apprenticeship:
    """1 and 2: signatures; 3: agreed with the first; 4: disagreed with the second; 5: the answer."""
    demands_ok(apprenticeship, "1.1", "1.2")
    first, second = signed(apprenticeship, mentor, "1.1"), signed(apprenticeship, mentor, "1.2")
    agreed(first)
    answered(disagreed(second), coordinator)
    return apprenticeship


@pytest.mark.parametrize("column", ["sign_off", "agrees", "by", "reason", "answer_due"])
def test_a_forged_word_is_named_by_its_entry(column: str, book: Apprenticeship, mentor: User) -> None:
    row = CounterSignature.objects.filter(entry__sequence=4)
    values: dict[str, dict[str, Any]] = {
        "sign_off": {"sign_off": SignOff.objects.get(entry__sequence=1)},
        "agrees": {"agrees": True, "reason": None, "answer_due": None},
        "by": {"by": mentor},
        "reason": {"reason": SealedText.objects.get(text__startswith="The log")},
        "answer_due": {"answer_due": TODAY},
    }
    assert verify_record(book).is_intact
    forge(row, **values[column])
    assert first_finding(book).sequence == 4


@pytest.mark.parametrize("column", ["disagreement", "outcome", "by", "words"])
def test_a_forged_answer_is_named_by_its_entry(column: str, book: Apprenticeship, mentor: User) -> None:
    values: dict[str, Any] = {
        "disagreement": CounterSignature.objects.get(entry__sequence=3),
        "outcome": "sign_again",
        "by": mentor,
        "words": SealedText.objects.get(text__startswith="I was"),
    }
    forge(DisagreementAnswer.objects.all(), **{column: values[column]})
    assert first_finding(book).sequence == 5


def test_a_word_that_was_removed_is_named(book: Apprenticeship) -> None:
    SkillStanding.objects.filter(skill__code="1.1").update(counter_signature=None)
    remove(CounterSignature.objects.filter(entry__sequence=3))
    finding = first_finding(book)
    assert (finding.sequence, finding.what) == (3, "The entry has lost its row of kind counter_signature.")


def test_an_ok_that_nobody_gave_is_named(book: Apprenticeship) -> None:
    given = SkillStanding.objects.filter(skill__code="1.1")
    given.update(counter_signature=None)
    assert first_finding(book).sequence == 3
    given.update(counter_signature=CounterSignature.objects.get(entry__sequence=3))
    SkillStanding.objects.filter(skill__code="1.2").update(attained=True)
    assert first_finding(book).sequence == 4
