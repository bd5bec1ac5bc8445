"""Asking, withdrawing and signing at the same instant: one wins, and the rows agree with each other."""

import uuid

import pytest

from accounts.models import User
from apprenticeship.asking import AskLine, CannotBeAsked, ask, withdraw
from apprenticeship.conversation import NotUnderWay
from apprenticeship.models import Apprenticeship, AskState, RequestedSkill, RequestEvent
from apprenticeship.signoff import sign_off
from tests.at_once import at_once
from tests.cast import TODAY, asked, fresh, line, skill_of, viewer_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_asking_twice_at_once_asks_once(apprenticeship: Apprenticeship, apprentice: User) -> None:
    wanted = [AskLine(skill_of(apprenticeship, "1.1"), TODAY)]
    book, viewer = fresh(apprenticeship), viewer_for(apprentice)

    def asks() -> list[RequestedSkill]:
        return ask(viewer=viewer, key=str(uuid.uuid4()), apprenticeship=book, lines=wanted)

    outcomes = at_once([asks, asks])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [CannotBeAsked.__name__, "list"]
    assert (RequestedSkill.objects.count(), RequestEvent.objects.count()) == (1, 1)


def test_a_signature_and_a_withdrawal_at_once_end_it_once(
    apprenticeship: Apprenticeship, apprentice: User, mentor: User
) -> None:
    (row,) = asked(apprenticeship)
    row = RequestedSkill.objects.select_related("apprenticeship__sponsor").get(pk=row.pk)
    wanted = line(apprenticeship)
    signer, asker = viewer_for(mentor), viewer_for(apprentice)
    _signed, left = at_once(
        [
            lambda: sign_off(viewer=signer, key="s", line=wanted),
            lambda: withdraw(viewer=asker, key="w", asked=row),
        ]
    )
    ended = RequestedSkill.objects.get()
    if isinstance(left, NotUnderWay):
        assert (ended.state, ended.ended_by) == (AskState.ANSWERED, mentor)
    else:
        assert (ended.state, ended.ended_by, ended.sign_off) == (AskState.WITHDRAWN, apprentice, None)
    assert ended.events.count() == 2
