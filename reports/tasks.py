"""What the workers do: each task takes ids or nothing, and may run twice."""

import resource
import uuid
from contextlib import suppress
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init, worker_ready
from django.conf import settings
from django.utils import timezone

from acts.leases import take_lease
from reports import jobs
from reports.models import JobQueue


@shared_task(
    name=jobs.RENDER_TASK,
    soft_time_limit=settings.RENDER_SECONDS,
    time_limit=settings.RENDER_SECONDS + 5,
)
def render_document(*, job_id: str) -> None:
    """Make the file of one job, if it still waits to be made."""
    jobs.run(uuid.UUID(job_id), clock=timezone.now)


@shared_task(name="reports.sweep_render_jobs")
def sweep_render_jobs(*, now: bool = False) -> None:
    """Requeue what dead workers held and what the queue lost; `now` does not wait for the lease."""
    at = timezone.now()
    if now or take_lease("reports.sweep_render_jobs", seconds=settings.SWEEP_SECONDS * 0.9, at=at):
        jobs.sweep(at=at)


@worker_ready.connect
def sweep_at_start(**_signal: Any) -> None:
    """A worker that starts looks at once for what an earlier one left behind."""
    sweep_render_jobs.apply_async(kwargs={"now": True}, queue=JobQueue.DOCUMENTS.value, retry=False)


@worker_process_init.connect
def bound_memory(**_signal: Any) -> None:
    """A page that never ends gets a MemoryError in its own child, before it takes the machine with it."""
    with suppress(ValueError, OSError):  # systems that know no such limit go on without
        _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (settings.RENDER_MEMORY_BYTES, hard))
