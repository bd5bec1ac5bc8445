"""Timed work about people, and about files that were brought in."""

import uuid
from importlib import import_module
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone

from accounts import import_jobs, mailing
from accounts.importing import clear_imports
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


@shared_task(name="accounts.clear_imports")
def clear_old_imports() -> None:
    """Once an hour: files that were brought in some days ago. Safe to run twice."""
    at = timezone.now()
    if take_lease("accounts.clear_imports", seconds=1800, at=at):
        clear_imports(at=at)


@shared_task(
    name=import_jobs.CHECK_TASK, soft_time_limit=settings.IMPORT_SECONDS, time_limit=settings.IMPORT_SECONDS + 5
)
def check_import(*, import_id: str) -> None:
    """Check one file that was brought in, if it still waits to be checked."""
    import_jobs.run(uuid.UUID(import_id), clock=timezone.now)


@shared_task(name="accounts.sweep_imports")
def sweep_imports(*, now: bool = False) -> None:
    """Take up what dead workers held and what the queue lost; `now` does not wait for the lease."""
    at = timezone.now()
    if now or take_lease("accounts.sweep_imports", seconds=settings.SWEEP_SECONDS * 0.9, at=at):
        import_jobs.sweep(at=at)


@worker_ready.connect
def sweep_imports_at_start(**_signal: Any) -> None:
    """A worker that starts looks at once for what an earlier one left behind."""
    sweep_imports.apply_async(kwargs={"now": True}, queue=import_jobs.QUEUE, retry=False)
