"""What the workers do about hours: at its time, and checking files that were brought in."""

import uuid
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.utils import timezone

from acts.leases import take_lease
from instruction import certificate_reminding, import_jobs
from instruction.importing import clear_imports
from instruction.models import ClassFile, StaffFile
from instruction.sponsor_files import clear_drafts


@shared_task(name="instruction.remind_of_certificates")
def remind_of_certificates() -> None:
    """Every half hour: certificates that run out. Safe to run twice; a second scheduler's call does nothing."""
    at = timezone.now()
    if take_lease("instruction.remind_of_certificates", seconds=1200, at=at):
        certificate_reminding.remind(at=at)


@shared_task(name="instruction.clear_drafts")
def clear_unused_files() -> None:
    """Once an hour: files of staff and of classes uploaded a day ago and never given, and old files of hours."""
    at = timezone.now()
    if take_lease("instruction.clear_drafts", seconds=1800, at=at):
        for table in (StaffFile, ClassFile):
            clear_drafts(table, at=at)
        clear_imports(at=at)


@shared_task(
    name=import_jobs.CHECK_TASK, soft_time_limit=settings.IMPORT_SECONDS, time_limit=settings.IMPORT_SECONDS + 5
)
def check_import(*, import_id: str) -> None:
    """Check one file of hours, if it still waits to be checked."""
    import_jobs.run(uuid.UUID(import_id), clock=timezone.now)


@shared_task(name="instruction.sweep_imports")
def sweep_imports(*, now: bool = False) -> None:
    """Take up what dead workers held and what the queue lost; `now` does not wait for the lease."""
    at = timezone.now()
    if now or take_lease("instruction.sweep_imports", seconds=settings.SWEEP_SECONDS * 0.9, at=at):
        import_jobs.sweep(at=at)


@worker_ready.connect
def sweep_imports_at_start(**_signal: Any) -> None:
    """A worker that starts looks at once for what an earlier one left behind."""
    sweep_imports.apply_async(kwargs={"now": True}, queue=import_jobs.QUEUE, retry=False)
