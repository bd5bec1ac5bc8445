"""The apprentice's word, the answer to it and the mentor's second thoughts, all at the same instant."""

import pytest

from accounts.models import User
from apprenticeship.agreeing import AlreadySaid, NotLive
from apprenticeship.disagreements import NotOpen
from apprenticeship.models import Apprenticeship, CounterSignature, DisagreementAnswer, RecordEntry
from apprenticeship.takingback import NotStanding, take_back
from apprenticeship.verifying import verify_record
from tests.agreements import again, agreed, answered, demands_ok, disagreed
from tests.at_once import at_once
from tests.cast import signed, viewer_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_agreeing_twice_at_once_is_one_entry(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    taps = at_once([lambda: agreed(made, key="tap")] * 4)
    assert [len(words) for words in taps] == [1] * 4
    other = at_once([lambda: disagreed(made), lambda: disagreed(made)])
    assert sorted(type(outcome).__name__ for outcome in other) == [AlreadySaid.__name__, CounterSignature.__name__]
    assert CounterSignature.objects.count() == 2
    assert verify_record(apprenticeship).is_intact


def test_agreeing_and_taking_back_at_once_leave_a_whole_book(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    outcomes = at_once(
        [
            lambda: agreed(made),
            lambda: take_back(viewer=viewer_for(mentor), key="t", sign_off=again(made), kind="mistake"),
        ]
    )
    assert not any(isinstance(outcome, NotStanding) for outcome in outcomes)
    refused = sum(isinstance(outcome, NotLive) for outcome in outcomes)
    assert RecordEntry.objects.count() == 3 - refused
    assert verify_record(apprenticeship).is_intact


def test_a_disagreement_is_answered_once(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, administrator: User
) -> None:
    word = disagreed(signed(apprenticeship, mentor))
    outcomes = at_once([lambda: answered(word, coordinator), lambda: answered(word, administrator, "sign_again")])
    assert sum(isinstance(outcome, NotOpen) for outcome in outcomes) == 1, outcomes
    assert DisagreementAnswer.objects.count() == 1
