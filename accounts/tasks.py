"""Timed work about people."""

from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts import mailing
from acts.leases import take_lease


@shared_task(name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Once a day: delete the sessions that have run out. Safe to run twice."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task(name="accounts.write_daily_mails")
def write_daily_mails() -> None:
    """Every ten minutes: the daily mails of those for whom the hour has come. Safe to run twice."""
    at = timezone.now()
    if take_lease("accounts.write_daily_mails", seconds=300, at=at):
        mailing.write_daily_mails(at=at)
