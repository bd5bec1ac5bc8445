"""The outbox delivers what was committed, at least once, and gives up in the end."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from acts import outbox
from acts.models import OutboxMessage
from tests.cast import NOW

pytestmark = pytest.mark.django_db
delivered: list[str] = []


def remember(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:
    delivered.append(payload["to"])


def refuse(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:
    raise ConnectionError("mail server down")


@pytest.fixture(autouse=True)
def handlers(settings: Any) -> None:
    delivered.clear()
    settings.OUTBOX_HANDLERS = {"tell": f"{__name__}.remember", "refuse": f"{__name__}.refuse"}


def relay(at: datetime = NOW) -> int:
    return outbox.relay(at=at, clock=lambda: at)


def test_a_message_is_delivered_once() -> None:
    outbox.enqueue("tell", {"to": "Rosa"}, act=None, at=NOW)
    assert (relay(), relay()) == (1, 0)
    assert delivered == ["Rosa"]
    assert OutboxMessage.objects.get().delivered_at == NOW


def test_a_message_of_an_act_that_failed_does_not_exist() -> None:
    with transaction.atomic():
        outbox.enqueue("tell", {"to": "Rosa"}, act=None, at=NOW)
        transaction.set_rollback(True)
    assert relay() == 0


def test_one_that_fails_holds_nobody_up_and_is_tried_again_later() -> None:
    outbox.enqueue("refuse", {}, act=None, at=NOW)
    outbox.enqueue("tell", {"to": "Luis"}, act=None, at=NOW)
    assert relay() == 1
    waiting = OutboxMessage.objects.get(handler="refuse")
    assert (waiting.attempts, waiting.due_at, waiting.failed_at) == (1, NOW + outbox.FIRST_WAIT, None)
    assert waiting.last_error == "ConnectionError: mail server down"


def test_after_the_last_attempt_it_is_given_up_for_good() -> None:
    outbox.enqueue("refuse", {}, act=None, at=NOW)
    for day in range(outbox.MOST_ATTEMPTS + 2):
        relay(NOW + timedelta(days=day))
    message = OutboxMessage.objects.get()
    assert (message.attempts, message.failed_at) == (
        outbox.MOST_ATTEMPTS,
        NOW + timedelta(days=outbox.MOST_ATTEMPTS - 1),
    )


def test_a_relay_that_died_in_mid_delivery_leaves_a_message_that_comes_due_again() -> None:
    message = outbox.enqueue("tell", {"to": "Rosa"}, act=None, at=NOW)
    OutboxMessage.objects.filter(pk=message.pk).update(attempts=1, due_at=NOW + outbox.FIRST_WAIT)
    assert relay() == 0
    assert relay(NOW + outbox.FIRST_WAIT) == 1


def test_a_name_nobody_answers_to_is_refused() -> None:
    with pytest.raises(outbox.UnknownHandler):
        outbox.enqueue("shout", {}, act=None, at=NOW)
