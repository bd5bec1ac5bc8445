"""An act happens once: the same key gives the first result, another request is refused."""

import uuid
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from acts.acting import Begun, KeyReused, KeyUnusable, begin_act, finish_act, request_hash
from acts.models import Act, Authentication
from tests.at_once import at_once
from tests.cast import NOW

RESULT = uuid.UUID(int=7)


def begin(actor: User | None, key: str = "k", *, kind: str = "sign_off", skill: str = "1.1") -> Begun:
    authentication = Authentication.SESSION if actor else Authentication.COMMAND
    return begin_act(
        actor_id=actor.pk if actor else None,
        key=key,
        kind=kind,
        request={"skill": skill},
        at=NOW,
        authentication=authentication,
    )


def test_the_first_time_the_act_is_fresh(mentor: User) -> None:
    begun = begin(mentor)
    assert not begun.is_replay
    assert (begun.act.actor, begun.act.at, begun.act.authentication) == (mentor, NOW, "session")


def test_the_same_request_again_finds_the_first_act_and_its_results(mentor: User) -> None:
    first = begin(mentor)
    finish_act(first.act, [RESULT, uuid.UUID(int=3)])
    again = begin(mentor)
    assert (again.is_replay, again.act) == (True, first.act)
    assert again.act.result_ids == [str(RESULT), str(uuid.UUID(int=3))]


@pytest.mark.parametrize("other", [{"skill": "1.2"}, {"kind": "take_back"}])
def test_another_request_under_the_same_key_is_refused(other: dict[str, str], mentor: User) -> None:
    begin(mentor)
    with pytest.raises(KeyReused):
        begin(mentor, **other)
    assert Act.objects.count() == 1


def test_two_people_may_use_the_same_key(mentor: User, deputy: User) -> None:
    assert not begin(mentor).is_replay
    assert not begin(deputy).is_replay


@pytest.mark.django_db
def test_a_command_without_a_person_happens_once_too() -> None:
    assert not begin(None).is_replay
    assert begin(None).is_replay
    with pytest.raises(KeyReused):
        begin(None, skill="1.2")


def test_an_act_that_fails_leaves_nothing_and_may_be_tried_again(mentor: User) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        begin(mentor, skill=str(1 / int(begin(mentor).is_replay)))
    assert not Act.objects.exists()
    assert not begin(mentor).is_replay


@pytest.mark.parametrize("key", ["", "k" * 201, "a\x00b", "a\nb", "\ud800"])
def test_a_key_that_cannot_be_kept_is_refused(key: str, mentor: User) -> None:
    with pytest.raises(KeyUnusable):
        begin(mentor, key)
    assert not Act.objects.exists()


def test_the_hash_of_a_request_knows_no_order_of_names_and_takes_any_text() -> None:
    assert request_hash("k", {"a": "1", "b": "2"}) == request_hash("k", {"b": "2", "a": "1"})
    texts = ["\ud800", "\x00", "é", "", None]
    assert len({request_hash("k", {"note": text}) for text in texts}) == len(texts)


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_the_same_instant_one_is_the_replay_of_the_other(mentor: User) -> None:
    def claim() -> tuple[bool, Any]:
        with transaction.atomic():
            begun = begin(mentor)
            if not begun.is_replay:
                finish_act(begun.act, [RESULT])
            return begun.is_replay, begun.act.result_ids

    outcomes = at_once([claim] * 6)
    assert sorted(outcomes) == [(False, [str(RESULT)])] + [(True, [str(RESULT)])] * 5


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_waited_for_one_that_failed_is_fresh(mentor: User) -> None:
    def failing() -> None:
        with transaction.atomic():
            begin(mentor)
            raise ZeroDivisionError

    def claim() -> bool:
        with transaction.atomic():
            return begin(mentor).is_replay

    outcomes = at_once([failing, claim])
    assert isinstance(outcomes[0], ZeroDivisionError)
    assert outcomes[1] is False
