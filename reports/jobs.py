"""Making a document's file exactly once, whoever dies in between.

The row is the truth and the queue only wakes a worker: no broker keeps a task whose worker was
killed. A worker claims a job by one conditional UPDATE and holds it by a short lease, which it
renews while it lives; when it dies, the lease runs out and the sweep queues the job again. A
worker that only seemed dead finds its token gone and its result is dropped, so a job is finished
once.
"""

import threading
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from kombu.exceptions import OperationalError

from accounts.logo import logo_bytes
from acts.files import store
from reports.models import Document, FailureReason, JobState, RenderJob
from reports.paper_kinds import paper_of
from reports.querysets import RenderJobQuerySet
from reports.rendering import render_paper

MOST_ATTEMPTS = 3
RENDER_TASK = "reports.render_document"
NOT_RUNNING = {"token": None, "lease_until": None}

log = structlog.get_logger(__name__)


def run(job_id: uuid.UUID, *, clock: Callable[[], datetime]) -> None:
    """Claim the job and make its file; safe to call any number of times, by any number of workers."""
    job = claim(job_id, at=clock())
    if job is None:
        return
    try:
        with renewing(job, clock=clock):
            pdf = _made(job) if job.document.file_id is None else None
    except SoftTimeLimitExceeded:
        give_back(job, FailureReason.TOO_LONG, at=clock())
    except MemoryError:
        give_back(job, FailureReason.OUT_OF_MEMORY, at=clock())
    except Exception as error:  # whatever went wrong, the attempt is over and the job must say so
        last = traceback.extract_tb(error.__traceback__)[-1]
        log.error("render_failed", job=str(job.pk), error=type(error).__name__, at=f"{last.filename}:{last.lineno}")
        give_back(job, FailureReason.COULD_NOT_RENDER, at=clock(), detail=f"{type(error).__name__}: {error}")
    else:
        finish(job, pdf, at=clock())


def _made(job: RenderJob) -> bytes:
    """The PDF of the job's paper, with the sponsor's logo as it was when the paper was frozen."""
    paper = paper_of(job.document.frozen)
    return render_paper(paper, logo=logo_bytes(job.document.apprenticeship.sponsor_id, paper.who.logo))


def claim(job_id: uuid.UUID, *, at: datetime) -> RenderJob | None:
    """The job, now held by the caller alone; None when it is not waiting.

    Two workers with the same id meet in one conditional UPDATE: one of them changes a row.
    """
    token = uuid.uuid4()
    claimed = RenderJob.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        attempts=F("attempts") + 1,
        token=token,
        lease_until=at + timedelta(seconds=settings.RENDER_LEASE_SECONDS),
        started_at=at,
    )
    if not claimed:
        return None
    # Somebody else may hold it by now, if the lease was very short: then it is not ours to make.
    held = RenderJob.objects.select_related("document__apprenticeship")
    return held.filter(pk=job_id, token=token).first()


@contextmanager
def renewing(job: RenderJob, *, clock: Callable[[], datetime]) -> Iterator[None]:
    """Renew the job's lease from a thread of its own while the block runs, three times within its length."""
    over = threading.Event()

    def renew() -> None:
        while not over.wait(settings.RENDER_LEASE_SECONDS / 3):
            try:
                _held(job).update(lease_until=clock() + timedelta(seconds=settings.RENDER_LEASE_SECONDS))
            except DatabaseError:  # a locked table, a lost connection: the next try is still in time
                log.warning("lease_not_renewed", job=str(job.pk), exc_info=True)
                connection.close()
        connection.close()  # each thread has a connection of its own

    thread = threading.Thread(target=renew, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def finish(job: RenderJob, pdf: bytes | None, *, at: datetime) -> bool:
    """Keep the file and end the job, if the caller still holds it; returns whether it did.

    `pdf` is None where the document had its file already.
    """
    document = job.document
    kept = store(pdf, sponsor_id=document.sponsor_id, content_type="application/pdf", at=at) if pdf else None
    with transaction.atomic():
        if not _held(job).update(state=JobState.DONE, finished_at=at, reason="", detail="", **NOT_RUNNING):
            return False
        if kept:
            Document.objects.filter(pk=document.pk, file=None).update(file=kept, made_at=at)
    return True


def give_back(job: RenderJob, reason: FailureReason, *, at: datetime, detail: str = "") -> bool:
    """End an attempt that came to nothing: queue the job again, or fail it for good after the third."""
    over = job.attempts >= MOST_ATTEMPTS
    ended = {"state": JobState.FAILED, "finished_at": at} if over else {"state": JobState.QUEUED, "dispatched_at": None}
    return bool(_held(job).update(reason=reason, detail=detail[:200], **ended, **NOT_RUNNING))


def sweep(*, at: datetime) -> None:
    """Take back what dead workers held, and put every waiting job's id into its queue again.

    An id that is put in twice does no harm: the second worker finds nothing to claim.
    """
    for job in RenderJob.objects.held_by_the_dead(at):
        give_back(job, FailureReason.WORKER_LOST, at=at)
    lost = at - timedelta(seconds=settings.RENDER_REDISPATCH_SECONDS)
    for job in RenderJob.objects.unsent(at=at, sent_before=lost).order_by("requested_at"):
        if not dispatch(job, at=at):
            return


def dispatch(job: RenderJob, *, at: datetime) -> bool:
    """Put the job's id into its queue; False when the broker cannot be reached, and the sweep will do it.

    Never called while a transaction is open, and bounded by the broker's own short timeouts.
    """
    try:
        current_app.send_task(RENDER_TASK, kwargs={"job_id": str(job.pk)}, queue=job.queue, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", job=str(job.pk), error=type(error).__name__)
        return False
    RenderJob.objects.filter(pk=job.pk, state=JobState.QUEUED).update(dispatched_at=at)
    return True


def _held(job: RenderJob) -> RenderJobQuerySet:
    return RenderJob.objects.filter(pk=job.pk, state=JobState.RUNNING, token=job.token)
