"""Timed work of the acts."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from acts.leases import take_lease
from acts.outbox import relay


@shared_task(name="acts.relay_outbox")
def relay_outbox() -> None:
    """Deliver what is due of the outbox; a second scheduler's call in the same interval does nothing."""
    at = timezone.now()
    if take_lease("acts.relay_outbox", seconds=settings.OUTBOX_SECONDS * 0.9, at=at):
        relay(at=at, clock=timezone.now, handlers=set(settings.OUTBOX_HANDLERS) - set(settings.OUTBOX_SLOW))


@shared_task(name="acts.relay_slow_outbox")
def relay_slow_outbox() -> None:
    """The same for what speaks to other servers, which may let us wait: nobody else shall wait with it."""
    at = timezone.now()
    if take_lease("acts.relay_slow_outbox", seconds=settings.OUTBOX_SECONDS * 0.9, at=at):
        relay(at=at, clock=timezone.now, handlers=settings.OUTBOX_SLOW)
