"""Timed work of the acts."""

from collections.abc import Collection
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from acts.leases import take_lease
from acts.outbox import relay


@shared_task(name="acts.relay_outbox")
def relay_outbox() -> None:
    """Deliver what is due of the outbox; a second scheduler's call in the same interval does nothing."""
    _relay("acts.relay_outbox", set(settings.OUTBOX_HANDLERS) - set(settings.OUTBOX_SLOW))


@shared_task(name="acts.relay_slow_outbox")
def relay_slow_outbox() -> None:
    """The same for what speaks to other servers, which may let us wait: nobody else shall wait with it."""
    _relay("acts.relay_slow_outbox", settings.OUTBOX_SLOW)


def _relay(lease: str, handlers: Collection[str]) -> None:
    """Deliver piece by piece until nothing is due or the next call is near; a whole shift may sign at once."""
    at = timezone.now()
    if take_lease(lease, seconds=settings.OUTBOX_SECONDS * 0.9, at=at):
        until = at + timedelta(seconds=settings.OUTBOX_SECONDS * 0.6)
        while relay(at=timezone.now(), clock=timezone.now, handlers=handlers) and timezone.now() < until:
            pass
