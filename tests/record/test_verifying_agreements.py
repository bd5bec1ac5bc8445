"""The check of a book holds the apprentice's words and the answers to their entries, too."""

import pytest

from accounts.models import User
from apprenticeship.models import Apprenticeship, CounterSignature, SkillStanding
from tests.agreements import agreed, answered, demands_ok, disagreed
from tests.cast import signed
from tests.record.forging import first_finding, remove


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> Apprenticeship:
    """1 and 2: signatures; 3: agreed with the first; 4: disagreed with the second; 5: the answer."""
    demands_ok(apprenticeship, "1.1", "1.2")
    first, second = signed(apprenticeship, mentor, "1.1"), signed(apprenticeship, mentor, "1.2")
    agreed(first)
    answered(disagreed(second), coordinator)
    return apprenticeship


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
