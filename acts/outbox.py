"""What must be told after a commit: written with what caused it, delivered at least once.

A transition writes a message in its own transaction, so that a message exists exactly if the act
does. The relay delivers what is due. It claims a message by moving its due time, so no lock is
held while a handler works; a relay that dies in between leaves a message that comes due again.
A handler must therefore be safe to run twice; it gets the message's id to tell it by.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from acts.models import Act, OutboxMessage

MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
AT_ONCE = 50
"""How many messages one run of the relay delivers at most; the next run goes on."""

log = structlog.get_logger(__name__)


class Handler(Protocol):
    """Carries out one message; raises to have it tried again later."""

    def __call__(self, payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None: ...


class UnknownHandler(Exception):
    """The name is none of settings.OUTBOX_HANDLERS."""


def enqueue(handler: str, payload: Mapping[str, Any], *, act: Act | None, at: datetime) -> OutboxMessage:
    """Write a message in the caller's transaction. Raises UnknownHandler for a name nobody answers to."""
    if handler not in settings.OUTBOX_HANDLERS:
        raise UnknownHandler(handler)
    return OutboxMessage.objects.create(handler=handler, payload=dict(payload), act=act, created_at=at, due_at=at)


def relay(*, at: datetime, clock: Callable[[], datetime]) -> int:
    """Deliver what is due at `at`, oldest first; returns how many were delivered.

    `clock` tells the time of each delivery, because handlers take time.
    """
    due = OutboxMessage.objects.filter(delivered_at=None, failed_at=None, due_at__lte=at).order_by("due_at", "id")
    return sum(_deliver(message, at=at, clock=clock) for message in due[:AT_ONCE])


def _deliver(message: OutboxMessage, *, at: datetime, clock: Callable[[], datetime]) -> bool:
    mine = OutboxMessage.objects.filter(pk=message.pk, delivered_at=None, failed_at=None)
    wait = min(FIRST_WAIT * 2**message.attempts, LONGEST_WAIT)
    if not mine.filter(due_at=message.due_at).update(attempts=F("attempts") + 1, due_at=at + wait):
        return False
    try:
        handler: Handler = import_string(settings.OUTBOX_HANDLERS[message.handler])
        handler(message.payload, message_id=message.pk, at=clock())
    except Exception as error:  # whatever a handler raises, the other messages go on
        log.warning("outbox_failed", message=str(message.pk), handler=message.handler, error=type(error).__name__)
        given_up = {"failed_at": clock()} if message.attempts + 1 >= MOST_ATTEMPTS else {}
        mine.update(last_error=f"{type(error).__name__}: {error}"[:500], **given_up)
        return False
    return bool(mine.update(delivered_at=clock(), last_error=""))
