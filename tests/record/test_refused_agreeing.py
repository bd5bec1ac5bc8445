"""Who may say the apprentice's word, and what is refused of it: nothing is stored then."""

import pytest

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from acts.models import Act, SealedText
from apprenticeship.agreeing import LONGEST_REASON, AgreementInvalid, AlreadySaid, NotLive
from apprenticeship.models import Apprenticeship, CounterSignature, SkillStanding
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, TooManyEntries
from apprenticeship.takingback import take_back
from tests.agreements import agreed, answered, demands_ok, disagreed
from tests.cast import make_apprenticeship, signed, viewer_for


def nothing_was_said() -> bool:
    return not CounterSignature.objects.exists() and not Act.objects.filter(kind__in=["agree", "disagree"]).exists()


@pytest.mark.parametrize(
    "who", ["mentor", "deputy", "coordinator", "administrator", "instructor", "auditor", "outsider"]
)
def test_nobody_speaks_for_the_apprentice(
    who: str, apprenticeship: Apprenticeship, mentor: User, request: pytest.FixtureRequest
) -> None:
    made, other = signed(demands_ok(apprenticeship, "1.1"), mentor), request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        agreed(made, by=other)
    with pytest.raises(NotPermitted):
        disagreed(made, by=other)
    assert nothing_was_said()
    assert not SkillStanding.objects.get().attained


def test_an_apprentice_speaks_in_no_other_book(apprenticeship: Apprenticeship, mentor: User, deputy: User) -> None:
    other = make_apprenticeship(deputy, apprenticeship.terms)
    made = signed(apprenticeship, mentor)
    with pytest.raises(NotPermitted):
        agreed(made, by=other.apprentice)
    assert nothing_was_said()


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", "Say why"), (" \n", "Say why"), ("n" * (LONGEST_REASON + 1), "too long"), ("a\x00b", "cannot be kept")],
)
def test_a_disagreement_says_why(reason: str, words: str, apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(AgreementInvalid, match=words) as refusal:
        disagreed(made, reason)
    assert refusal.value.field == "reason"
    assert nothing_was_said()
    assert not SealedText.objects.exists()


def test_something_is_chosen_once(apprenticeship: Apprenticeship, mentor: User, apprentice: User) -> None:
    made = signed(apprenticeship, mentor)
    with pytest.raises(AgreementInvalid):
        agreed(by=apprentice)
    with pytest.raises(AgreementInvalid):
        agreed(made, made)
    with pytest.raises(TooManyEntries):
        agreed(*[made] * (MOST_ENTRIES_IN_ONE_ACT + 1))
    assert nothing_was_said()


@pytest.mark.parametrize("kind", ["mistake", "no_longer_stands"])
def test_what_was_taken_back_meanwhile_is_named(kind: str, apprenticeship: Apprenticeship, mentor: User) -> None:
    made, other = signed(apprenticeship, mentor, "1.1"), signed(apprenticeship, mentor, "1.2")
    take_back(viewer=viewer_for(mentor), key="t", sign_off=made, kind=kind, reason="Seen otherwise.")
    with pytest.raises(NotLive) as refusal:
        agreed(other, made)
    assert refusal.value.sign_offs == [made]
    with pytest.raises(NotLive):
        disagreed(made)
    assert nothing_was_said()


def test_what_was_signed_over_meanwhile_is_named(apprenticeship: Apprenticeship, mentor: User) -> None:
    first = signed(apprenticeship, mentor)
    signed(apprenticeship, mentor, replaces=first)
    with pytest.raises(NotLive):
        agreed(first)
    assert nothing_was_said()


def test_the_same_word_is_said_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    made, other = signed(apprenticeship, mentor, "1.1"), signed(apprenticeship, mentor, "1.2")
    (word,) = agreed(made)
    with pytest.raises(AlreadySaid) as refusal:
        agreed(other, made)
    assert refusal.value.words == [word]
    disagreed(other)
    with pytest.raises(AlreadySaid):
        disagreed(other, "And another thing.")
    assert CounterSignature.objects.count() == 2


def test_after_the_answer_one_may_disagree_again(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    made = signed(apprenticeship, mentor)
    answered(disagreed(made), coordinator)
    again = disagreed(made, "The log is of another day.")
    assert SkillStanding.objects.get().counter_signature == again


def test_the_same_press_again_gives_the_first_answer(apprenticeship: Apprenticeship, mentor: User) -> None:
    made, other = signed(apprenticeship, mentor, "1.1"), signed(apprenticeship, mentor, "1.2")
    first = agreed(made, other, key="tap")
    assert agreed(made, other, key="tap") == first
    with pytest.raises(KeyReused):
        agreed(made, key="tap")
    with pytest.raises(KeyReused):
        disagreed(made, key="tap")
    word = disagreed(made, key="no")
    assert disagreed(made, key="no") == word
    assert CounterSignature.objects.count() == 3
