"""Timed work of the record."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from acts.leases import take_lease
from apprenticeship import reminding
from apprenticeship.evidence import clear_drafts
from apprenticeship.heads import write_heads
from apprenticeship.rotation import settle
from apprenticeship.work_reminding import remind_of_months


@shared_task(name="apprenticeship.write_heads")
def write_daily_heads() -> None:
    """Once a day: the head hashes of all books, to a file outside the database. Safe to run twice."""
    write_heads(settings.HEADS_DIR, at=timezone.now())


@shared_task(name="apprenticeship.clear_drafts")
def clear_unused_drafts() -> None:
    """Once an hour: what was uploaded a day ago and never given. A second scheduler's call does nothing."""
    at = timezone.now()
    if take_lease("apprenticeship.clear_drafts", seconds=1800, at=at):
        clear_drafts(at=at)


@shared_task(name="apprenticeship.remind")
def remind() -> None:
    """Every quarter of an hour: what waits too long, for nobody or somebody new; what is due or begins. Safe twice."""
    at = timezone.now()
    if take_lease("apprenticeship.remind", seconds=600, at=at):
        settle(at=at)
        reminding.alert(at=at)
        reminding.tell_later_signers(at=at)
        reminding.hand_on(at=at)
        reminding.announce_due(at=at)
        remind_of_months(at=at)
