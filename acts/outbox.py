"""What must be told after a commit: written with what caused it, delivered at least once.

A transition writes a message in its own transaction, so that a message exists exactly if the act
does. The relay delivers what is due. It claims a message by moving its due time, so no lock is
held while a handler works; a relay that dies in between leaves a message that comes due again.
A handler must therefore be safe to run twice; it gets the message's id to tell it by.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from acts.models import Act, OutboxMessage
from acts.statements import Writes

MOST_ATTEMPTS = 30
"""With the waits below, the last attempt comes about a day after the first: a mail server may be down that long."""
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


class OutOfReach(Exception):
    """Raised by a handler whose server does not answer: its other messages wait for the next run.

    Otherwise each of them would hold the run up until its own connection failed.
    """


def enqueue(
    handler: str,
    payload: Mapping[str, Any],
    *,
    act: Act | None,
    at: datetime,
    due_at: datetime | None = None,
    writes: Writes | None = None,
) -> OutboxMessage:
    """Write a message in the caller's transaction, due now or at `due_at`.

    With `writes` it waits there to be sent with other rows. Raises UnknownHandler for a name nobody answers to.
    """
    if handler not in settings.OUTBOX_HANDLERS:
        raise UnknownHandler(handler)
    message = OutboxMessage(handler=handler, payload=dict(payload), act=act, created_at=at, due_at=due_at or at)
    sent = writes or Writes()
    sent.insert([message])
    if writes is None:
        sent.send()
    return message


def relay(*, at: datetime, clock: Callable[[], datetime], handlers: Collection[str] | None = None) -> int:
    """Deliver what is due at `at`, oldest first; returns how many were delivered.

    `clock` tells the time of each delivery, because handlers take time. With `handlers` only their
    messages are delivered.
    """
    due = OutboxMessage.objects.filter(delivered_at=None, failed_at=None, due_at__lte=at).order_by("due_at", "id")
    if handlers is not None:
        due = due.filter(handler__in=handlers)
    delivered, out_of_reach = 0, set[str]()
    for message in due[:AT_ONCE]:
        if message.handler not in out_of_reach:
            try:
                delivered += _deliver(message, at=at, clock=clock)
            except OutOfReach:
                out_of_reach.add(message.handler)
    return delivered


def _deliver(message: OutboxMessage, *, at: datetime, clock: Callable[[], datetime]) -> bool:
    """Carry out one message that nobody else has claimed. Raises OutOfReach, having noted it."""
    mine = OutboxMessage.objects.filter(pk=message.pk, delivered_at=None, failed_at=None)
    wait = min(FIRST_WAIT * 2**message.attempts, LONGEST_WAIT)
    if not mine.filter(due_at=message.due_at).update(attempts=F("attempts") + 1, due_at=at + wait):
        return False
    try:
        handler: Handler = import_string(settings.OUTBOX_HANDLERS[message.handler])
        handler(message.payload, message_id=message.pk, at=clock())
    except Exception as error:  # whatever a handler raises, the other messages go on
        _note_failure(message, error, clock())
        if isinstance(error, OutOfReach):
            raise
        return False
    return bool(mine.update(delivered_at=clock(), last_error=""))


def _note_failure(message: OutboxMessage, error: Exception, at: datetime) -> None:
    """Say in row and log what went wrong; after the last attempt the message is given up, which is an error."""
    last = message.attempts + 1 >= MOST_ATTEMPTS
    told = log.error if last else log.warning
    event = "outbox_given_up" if last else "outbox_failed"
    told(event, message=str(message.pk), handler=message.handler, error=type(error).__name__)
    row = OutboxMessage.objects.filter(pk=message.pk, delivered_at=None, failed_at=None)
    row.update(last_error=f"{type(error).__name__}: {error}"[:500], **({"failed_at": at} if last else {}))
