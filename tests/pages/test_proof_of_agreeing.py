"""Who agrees, disagrees or answers proves who they are, as their sponsor's policy asks; what was typed is kept."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from accounts.models import SignatureAcceptance, User
from accounts.proofs import NotYetAccepted, ProofNeeded
from acts.guards import lifted
from apprenticeship.models import Apprenticeship, CounterSignature, DisagreementAnswer, SignOff
from tests.agreements import agreed, answered, disagreed
from tests.cast import PASSWORD, signed
from tests.pages.words import words_of

At = Callable[[User], Client]


@pytest.fixture
def made(apprenticeship: Apprenticeship, mentor: User) -> SignOff:
    return signed(apprenticeship, mentor)


def asks_every_time(book: Apprenticeship) -> None:
    book.sponsor.signing_policy = "every"
    book.sponsor.save(update_fields=["signing_policy"])


def test_a_wrong_password_keeps_why_one_disagrees(
    made: SignOff, apprenticeship: Apprenticeship, apprentice: User, at: At
) -> None:
    asks_every_time(apprenticeship)
    browser, address = at(apprentice), f"/sign-offs/{made.pk}/disagree/"
    form = {"key": str(uuid.uuid4()), "reason": "Not my work.", "password": "wrong-lantern"}
    refused = browser.post(address, form)
    assert (refused.status_code, "Not my work." in words_of(refused)) == (400, True)
    assert not CounterSignature.objects.exists()
    assert browser.post(address, {**form, "password": PASSWORD}).status_code == 302
    assert CounterSignature.objects.get().entry.act.authentication == "reauthenticated"


def test_a_wrong_password_keeps_the_answer(
    made: SignOff, apprenticeship: Apprenticeship, coordinator: User, at: At
) -> None:
    word = disagreed(made)
    asks_every_time(apprenticeship)
    form = {"key": str(uuid.uuid4()), "outcome": "stands", "words": "We looked.", "password": ""}
    refused = at(coordinator).post(f"/disagreements/{word.pk}/answer/", form)
    assert (refused.status_code, "We looked." in words_of(refused)) == (400, True)
    assert not DisagreementAnswer.objects.exists()


def test_the_transitions_ask_for_themselves(made: SignOff, apprenticeship: Apprenticeship, coordinator: User) -> None:
    word = disagreed(made)
    asks_every_time(apprenticeship)
    with pytest.raises(ProofNeeded):
        agreed(made)
    with pytest.raises(ProofNeeded):
        answered(word, coordinator)
    assert CounterSignature.objects.count() == 1


def test_who_has_not_accepted_what_a_signature_is_says_nothing(made: SignOff, apprentice: User, at: At) -> None:
    with lifted(connection):
        SignatureAcceptance.objects.filter(person=apprentice).delete()
    with pytest.raises(NotYetAccepted):
        agreed(made)
    assert at(apprentice).get(f"/records/{made.apprenticeship_id}/agree/").status_code == 403
