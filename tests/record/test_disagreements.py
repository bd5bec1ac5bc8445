"""A disagreement goes to those who run the program, with a day by which it is answered; the answer is an entry."""

from datetime import UTC, date, datetime

import pytest

from accounts.access import NotPermitted
from accounts.models import Role, Sponsor, User
from acts.acting import KeyReused
from acts.models import OutboxMessage
from apprenticeship.disagreements import LONGEST_WORDS, AnswerInvalid, NotOpen, may_answer
from apprenticeship.models import Apprenticeship, CounterSignature, DisagreementAnswer, RecordEntry, SignOff
from apprenticeship.record import read
from apprenticeship.takingback import take_back
from apprenticeship.verifying import verify_record
from tests.agreements import agreed, answered, demands_ok, disagreed
from tests.cast import make_apprenticeship, make_mentorship, make_person, signed, viewer_for


@pytest.fixture
def sign_off(apprenticeship: Apprenticeship, mentor: User) -> SignOff:
    return signed(apprenticeship, mentor)


def is_open(disagreement: CounterSignature) -> bool:
    return CounterSignature.objects.open().filter(pk=disagreement.pk).exists()


def told(kind: str) -> int:
    return OutboxMessage.objects.filter(payload__telling=kind).count()


def test_a_disagreement_is_an_entry_with_its_reason_under_seal(sign_off: SignOff) -> None:
    word = disagreed(sign_off, "  I was on leave that day. ")
    body = read(word.entry)["body"]
    assert word.reason
    assert (word.reason.text, body["reason"]) == ("I was on leave that day.", word.reason.digest)
    assert "on leave" not in word.entry.canonical
    assert (body["agrees"], body["answer_due"], word.answer_due) == (False, "2026-03-16", date(2026, 3, 16))
    assert (is_open(word), told("disagreed")) == (True, 1)


def test_the_day_of_the_answer_is_the_sponsors_and_the_days_are_data(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    made = signed(demands_ok(apprenticeship, answer_disagreement_days=5), mentor)
    late_evening = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)  # still the second in New York
    assert disagreed(made, at=late_evening).answer_due == date(2026, 3, 7)


@pytest.mark.parametrize(("outcome", "who"), [("stands", "coordinator"), ("sign_again", "administrator")])
def test_the_answer_is_an_entry(outcome: str, who: str, sign_off: SignOff, request: pytest.FixtureRequest) -> None:
    word = disagreed(sign_off)
    answer = answered(word, request.getfixturevalue(who), outcome, "We looked at the log.")
    content = read(answer.entry)
    body = content["body"]
    assert (answer.entry.kind, content["by"]["role"], body["outcome"]) == ("disagreement_answer", who, outcome)
    assert (body["disagreement"], body["sign_off"], body["words"]) == (2, 1, answer.words.digest)
    assert "the log" not in answer.entry.canonical
    assert body["meaning"]["text"].startswith("I have looked into")
    assert (is_open(word), told("disagreement_answered")) == (False, 1)
    assert verify_record(sign_off.apprenticeship).is_intact


def test_an_answer_stands_in_for_no_ok(apprenticeship: Apprenticeship, mentor: User, coordinator: User) -> None:
    made = signed(demands_ok(apprenticeship, "1.1"), mentor)
    answered(disagreed(made), coordinator)
    assert not made.standing.attained
    agreed(made)
    made.standing.refresh_from_db()
    assert made.standing.attained


@pytest.mark.parametrize("who", ["mentor", "deputy", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_answers(who: str, sign_off: SignOff, request: pytest.FixtureRequest) -> None:
    word, other = disagreed(sign_off), request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        answered(word, other)
    assert not may_answer(viewer_for(other), word)
    assert is_open(word)


def test_who_signed_it_does_not_answer_for_it(apprenticeship: Apprenticeship, sponsor: Sponsor) -> None:
    both = make_person("Bea Both", Role.MENTOR, Role.COORDINATOR, sponsor=sponsor)
    make_mentorship(apprenticeship, both)
    word = disagreed(signed(apprenticeship, both))
    with pytest.raises(NotPermitted):
        answered(word, both)
    assert not may_answer(viewer_for(both), word)
    assert not DisagreementAnswer.objects.exists()


def test_a_coordinator_does_not_answer_in_their_own_book(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User
) -> None:
    own = make_apprenticeship(coordinator, apprenticeship.terms)
    make_mentorship(own, mentor)
    with pytest.raises(NotPermitted):
        answered(disagreed(signed(own, mentor)), coordinator)


@pytest.mark.parametrize(
    ("outcome", "words", "field"),
    [
        ("", "We looked.", "outcome"),
        ("taken_back", "We looked.", "outcome"),
        ("stands", " ", "words"),
        ("stands", "n" * (LONGEST_WORDS + 1), "words"),
        ("stands", "a\x00b", "words"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_stored(
    outcome: str, words: str, field: str, sign_off: SignOff, coordinator: User
) -> None:
    word = disagreed(sign_off)
    with pytest.raises(AnswerInvalid) as refusal:
        answered(word, coordinator, outcome, words)
    assert (refusal.value.field, bool(refusal.value.message)) == (field, True)
    assert (is_open(word), DisagreementAnswer.objects.exists()) == (True, False)


@pytest.mark.parametrize("meanwhile", ["agreed", "answered", "mistake", "no_longer_stands", "signed again"])
def test_what_is_settled_meanwhile_needs_no_answer(
    meanwhile: str, sign_off: SignOff, apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    word = disagreed(sign_off)
    if meanwhile == "agreed":
        agreed(sign_off)
    elif meanwhile == "answered":
        answered(word, coordinator)
    elif meanwhile == "signed again":
        signed(apprenticeship, mentor, replaces=sign_off)
    else:
        take_back(viewer=viewer_for(mentor), key="t", sign_off=sign_off, kind=meanwhile, reason="You are right.")
    entries = RecordEntry.objects.count()
    assert not is_open(word)
    with pytest.raises(NotOpen):
        answered(word, coordinator, "sign_again")
    assert RecordEntry.objects.count() == entries


def test_a_mistake_over_it_leaves_it_open(sign_off: SignOff, apprenticeship: Apprenticeship, mentor: User) -> None:
    word = disagreed(sign_off)
    second = signed(apprenticeship, mentor, replaces=sign_off)
    assert not is_open(word)
    take_back(viewer=viewer_for(mentor), key="t", sign_off=second, kind="mistake")
    assert is_open(word)


def test_an_agreement_is_nothing_to_answer(sign_off: SignOff, coordinator: User) -> None:
    (word,) = agreed(sign_off)
    with pytest.raises(NotOpen):
        answered(word, coordinator)


def test_the_same_press_again_gives_the_first_answer(sign_off: SignOff, coordinator: User) -> None:
    word = disagreed(sign_off)
    first = answered(word, coordinator, key="tap")
    assert answered(word, coordinator, key="tap") == first
    with pytest.raises(KeyReused):
        answered(word, coordinator, "sign_again", key="tap")
    assert DisagreementAnswer.objects.count() == 1
