"""Several requests at the same instant, with real commits."""

from functools import partial

import pytest

from accounts.models import RateWindow, User
from accounts.throttling import spend
from apprenticeship.models import Apprenticeship, RecordEntry, SignOff
from config.api_docs import described, make_once
from tests.api.contract import Asker
from tests.api.sending import as_sent
from tests.at_once import at_once
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_limit_lets_exactly_so_many_through() -> None:
    allowed = at_once([partial(spend, "token:1", at=NOW, limit=5) for _ in range(8)])
    assert [outcome for outcome in allowed if isinstance(outcome, Exception)] == []
    assert (allowed.count(None), RateWindow.objects.get().count) == (5, 5)


def test_one_key_sent_many_times_at_once_signs_once(apprenticeship: Apprenticeship, mentor: User) -> None:
    askers, body = [Asker(mentor) for _ in range(5)], {"lines": [as_sent(apprenticeship)]}
    answers = at_once([partial(asker.post, "api_sign_offs", body) for asker in askers])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert {(answer.status, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert (SignOff.objects.count(), RecordEntry.objects.count()) == (1, 1)


def test_of_two_mentors_at_once_one_signs_and_the_other_is_told(
    apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    askers = [Asker(person) for person in (mentor, deputy)]
    acts = [partial(asker.post, "api_sign_offs", {"lines": [as_sent(apprenticeship)]}) for asker in askers]
    first, second = sorted(at_once(acts), key=lambda answer: answer.status)
    assert (first.status, second.status, second.problem) == (201, 409, "already-signed")
    assert second.json["errors"][0]["standing"]["id"] == first.json["results"][0]["id"]


def test_the_description_is_made_once_whoever_asks_first() -> None:
    make_once.cache_clear()
    made = at_once([described] * 4)
    assert made == [made[0]] * 4
    assert make_once.cache_info().misses == 1
