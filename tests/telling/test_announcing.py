"""Each act announces itself once, in its own transaction, with ids and nothing else."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from acts.models import OutboxMessage
from apprenticeship.answering import send_back
from apprenticeship.asking import CannotBeAsked, withdraw
from apprenticeship.models import Apprenticeship, RevocationKind
from apprenticeship.signoff import sign_off_many
from apprenticeship.takingback import take_back
from tests.cast import asked, line, signed, viewer_for

pytestmark = pytest.mark.django_db


def told() -> list[Any]:
    return [m.payload["telling"] for m in OutboxMessage.objects.order_by("created_at", "pk")]


def test_asking_for_two_skills_is_told_once(apprenticeship: Apprenticeship) -> None:
    rows = asked(apprenticeship, "1.1", "1.2", comment="Friday's orders")
    message = OutboxMessage.objects.select_related("act").get()
    assert message.act
    assert message.act.kind == "ask"
    assert message.payload == {
        "telling": "asked",
        "books": [str(apprenticeship.pk)],
        "asked": [str(row.pk) for row in rows],
    }


def test_what_was_refused_is_not_told(apprenticeship: Apprenticeship) -> None:
    asked(apprenticeship, "1.1")
    with pytest.raises(CannotBeAsked):
        asked(apprenticeship, "1.1")
    assert told() == ["asked"]


def test_withdrawing_and_sending_back_are_told(apprenticeship: Apprenticeship, mentor: User) -> None:
    first, second = asked(apprenticeship, "1.1", "1.2")
    withdraw(viewer=viewer_for(apprenticeship.apprentice), key="w", asked=first)
    send_back(viewer=viewer_for(mentor), key="s", asked=[second], comment="Show me the log")
    assert sorted(told()) == ["asked", "sent_back", "withdrawn"]
    assert "log" not in json.dumps([m.payload for m in OutboxMessage.objects.all()])


def test_signing_many_skills_is_one_message_whose_mail_waits_for_the_undo_time(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    apprenticeship.sponsor.undo_minutes = 12
    apprenticeship.sponsor.save()
    lines = [line(apprenticeship, code, note="Careful") for code in ("1.1", "1.2", "1.3")]
    sign_off_many(viewer=viewer_for(mentor), key="k", lines=lines)
    message = OutboxMessage.objects.get()
    assert message.payload == {"telling": "signed", "wait": timedelta(minutes=12).seconds}


def test_a_replay_is_not_told_again(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor)
    key = str(uuid.uuid4())
    for _press in range(2):
        take_back(viewer=viewer_for(mentor), key=key, sign_off=made, kind=RevocationKind.MISTAKE)
    assert sorted(told()) == ["signed", "taken_back"]
