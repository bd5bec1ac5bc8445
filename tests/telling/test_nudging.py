"""The apprentice sees who was told, and may remind them after three days, and again after three more."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.access import NotPermitted
from accounts.models import Notice, User
from acts.models import Act, OutboxMessage
from apprenticeship.answering import send_back
from apprenticeship.conversation import NotUnderWay
from apprenticeship.models import Apprenticeship, RequestedSkill, RequestEvent, RequestEventKind, Terms
from apprenticeship.nudging import TooEarly, nudge
from tests.cast import NOW, asked, make_apprenticeship, make_mentorship, signed, viewer_for
from tests.pages.conftest import at
from tests.telling.delivering import notices, told

__all__ = ["at"]
pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
At = Callable[[User], Client]


@pytest.fixture
def waiting(apprenticeship: Apprenticeship) -> RequestedSkill:
    """Asked for at NOW; the mentors were told."""
    (row,) = asked(apprenticeship)
    told()
    return row


def nudges() -> int:
    return RequestEvent.objects.filter(kind=RequestEventKind.NUDGED).count()


def test_after_three_days_all_who_have_it_are_reminded(waiting: RequestedSkill, mentor: User, deputy: User) -> None:
    apprentice = viewer_for(waiting.apprenticeship.apprentice, LATER)
    assert nudge(viewer=apprentice, key="n", asking=waiting.request) == [waiting]
    told(LATER)
    assert (notices(mentor), notices(deputy)) == (["asked", "nudged"], ["asked", "nudged"])


def test_earlier_it_is_refused_and_nothing_stored(waiting: RequestedSkill) -> None:
    early = viewer_for(waiting.apprenticeship.apprentice, LATER - timedelta(seconds=1))
    acts = Act.objects.count()
    with pytest.raises(TooEarly) as refused:
        nudge(viewer=early, key="n", asking=waiting.request)
    assert refused.value.may_from == LATER
    assert (nudges(), Act.objects.count()) == (0, acts)


def test_the_next_reminder_waits_three_days_more(waiting: RequestedSkill) -> None:
    apprentice = waiting.apprenticeship.apprentice
    nudge(viewer=viewer_for(apprentice, LATER), key="1", asking=waiting.request)
    with pytest.raises(TooEarly):
        nudge(viewer=viewer_for(apprentice, LATER + timedelta(days=2)), key="2", asking=waiting.request)
    nudge(viewer=viewer_for(apprentice, LATER + timedelta(days=3)), key="3", asking=waiting.request)
    assert nudges() == 2


def test_the_same_press_twice_reminds_once(waiting: RequestedSkill) -> None:
    for _press in range(2):
        nudge(viewer=viewer_for(waiting.apprenticeship.apprentice, LATER), key="n", asking=waiting.request)
    assert nudges() == 1
    assert OutboxMessage.objects.filter(payload__telling="nudged").count() == 1


def test_what_was_answered_or_sent_back_cannot_be_nudged(waiting: RequestedSkill, mentor: User) -> None:
    apprentice = viewer_for(waiting.apprenticeship.apprentice, LATER)
    send_back(viewer=viewer_for(mentor), key="s", asked=[waiting], comment="Show me the log")
    with pytest.raises(NotUnderWay):
        nudge(viewer=apprentice, key="1", asking=waiting.request)
    signed(waiting.apprenticeship, mentor)
    with pytest.raises(NotUnderWay):
        nudge(viewer=apprentice, key="2", asking=waiting.request)


def test_only_the_apprentice_may(waiting: RequestedSkill, mentor: User, coordinator: User, outsider: User) -> None:
    for person in (mentor, coordinator, outsider, None):
        with pytest.raises(NotPermitted):
            nudge(viewer=viewer_for(person, LATER), key="n", asking=waiting.request)
    assert nudges() == 0


def test_the_days_are_those_of_the_terms(terms: Terms, apprentice: User, mentor: User) -> None:
    Terms.objects.update(signing_limits={"nudge_after_days": 1})
    book = make_apprenticeship(apprentice, Terms.objects.get())
    make_mentorship(book, mentor)
    (row,) = asked(book)
    nudge(viewer=viewer_for(apprentice, NOW + timedelta(days=1)), key="n", asking=row.request)
    assert nudges() == 1


def test_the_page_names_who_was_told_and_offers_the_reminder_in_time(
    waiting: RequestedSkill, mentor: User, at: At
) -> None:
    address = f"/requests/{waiting.request_id}/"
    with time_machine.travel(NOW, tick=False):
        page = at(waiting.apprenticeship.apprentice).get(address).content.decode()
    assert "Dev Patel ·" in page
    assert "you can remind them from" in page
    with time_machine.travel(LATER, tick=False):
        client = at(waiting.apprenticeship.apprentice)
        assert "Remind them" in client.get(address).content.decode()
        answer = client.post(f"{address}nudge/", {"key": str(uuid.uuid4())}, follow=True)
        assert "Everybody who has it was reminded." in answer.content.decode()
        again = client.post(f"{address}nudge/", {"key": str(uuid.uuid4())}, follow=True)
        assert "too early" in again.content.decode()
        assert "Remind them" not in at(mentor).get(address).content.decode()
    assert Notice.objects.filter(kind="nudged").count() == 0  # until the worker comes by
