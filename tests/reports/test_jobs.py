"""A job is made once, whoever dies in between."""

import hashlib
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from accounts.models import User
from acts.models import StoredFile
from apprenticeship.models import Apprenticeship
from reports import jobs
from reports.documents import request_document
from reports.models import FailureReason, JobState, RenderJob
from tests.cast import NOW, viewer_for
from tests.processes import wait_until
from tests.reports.reading import text_of

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, str]]
LATER = NOW + timedelta(seconds=django_settings.RENDER_LEASE_SECONDS)
LONG_AFTER = NOW + timedelta(hours=1)


def now_of(job: RenderJob) -> RenderJob:
    return RenderJob.objects.select_related("document__file").get(pk=job.pk)


def test_a_job_is_made_and_its_file_kept_under_a_random_name(job: RenderJob, media: Path) -> None:
    jobs.run(job.pk, clock=lambda: NOW)
    done = now_of(job)
    assert (done.state, done.attempts, done.finished_at, done.document.made_at) == (JobState.DONE, 1, NOW, NOW)
    assert done.document.file
    name = str(done.document.file.file.name)
    pdf = (media / name).read_bytes()
    assert hashlib.sha256(pdf).hexdigest() == done.document.file.sha256
    assert "Rosa Diaz" in text_of(pdf)
    assert re.fullmatch("[0-9a-f]{2}/[0-9a-f]{32}", name)


def test_making_it_twice_makes_one_file(job: RenderJob, media: Path) -> None:
    for _time in range(2):
        jobs.run(job.pk, clock=lambda: NOW)
    assert now_of(job).attempts == 1
    assert [path.is_file() for path in media.rglob("*")].count(True) == 1


def test_asking_again_for_what_is_made_gives_the_finished_job(
    job: RenderJob, book: Apprenticeship, apprentice: User, sent: Sent, django_capture_on_commit_callbacks: object
) -> None:
    jobs.run(job.pk, clock=lambda: NOW)
    again = request_document(viewer=viewer_for(apprentice), key="second", apprenticeship=book, language="en")
    assert (again.pk, again.state) == (job.pk, JobState.DONE)


def test_only_one_of_two_workers_gets_a_job(job: RenderJob) -> None:
    assert jobs.claim(job.pk, at=NOW)
    assert jobs.claim(job.pk, at=NOW) is None


def test_a_held_job_is_left_alone_until_its_lease_runs_out(job: RenderJob) -> None:
    jobs.claim(job.pk, at=NOW)
    jobs.sweep(at=LATER - timedelta(seconds=1))
    assert now_of(job).state == JobState.RUNNING


def test_what_a_dead_worker_held_is_queued_again_and_sent(job: RenderJob, sent: Sent) -> None:
    jobs.claim(job.pk, at=NOW)
    sent.clear()
    jobs.sweep(at=LATER)
    swept = now_of(job)
    assert (swept.state, swept.reason, swept.dispatched_at) == (JobState.QUEUED, FailureReason.WORKER_LOST, LATER)
    assert sent == [("documents", str(job.pk))]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lives_keeps_its_lease(job: RenderJob, settings: Any) -> None:
    settings.RENDER_LEASE_SECONDS = 0.3
    claimed = jobs.claim(job.pk, at=NOW)
    assert claimed
    with jobs.renewing(claimed, clock=lambda: LONG_AFTER):
        wait_until(lambda: (lease := now_of(job).lease_until) and lease > LONG_AFTER, what="renewed")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lease-")]


def test_a_worker_that_was_only_slow_may_not_finish_what_another_holds(job: RenderJob) -> None:
    slow = jobs.claim(job.pk, at=NOW)
    jobs.sweep(at=LATER)
    quick = jobs.claim(job.pk, at=LATER)
    assert slow
    assert quick
    assert jobs.finish(slow, b"%PDF slow", at=LATER) is False
    assert jobs.finish(quick, b"%PDF quick", at=LATER) is True
    assert now_of(job).document.file == StoredFile.objects.get(sha256=hashlib.sha256(b"%PDF quick").hexdigest())


def test_the_third_dead_worker_fails_the_job_with_a_reason(job: RenderJob) -> None:
    at = NOW
    for _attempt in range(3):
        assert jobs.claim(job.pk, at=at)
        at += timedelta(seconds=django_settings.RENDER_LEASE_SECONDS)
        jobs.sweep(at=at)
    failed = now_of(job)
    assert (failed.state, failed.reason, failed.finished_at) == (JobState.FAILED, FailureReason.WORKER_LOST, at)
    assert jobs.claim(job.pk, at=at) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("no such glyph"), FailureReason.COULD_NOT_RENDER),
        (MemoryError(), FailureReason.OUT_OF_MEMORY),
        (SoftTimeLimitExceeded(), FailureReason.TOO_LONG),
    ],
)
def test_an_attempt_that_breaks_is_tried_three_times_and_then_says_why(
    job: RenderJob, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: FailureReason
) -> None:
    def broken(_record: object, *, logo: bytes) -> bytes:
        raise error

    monkeypatch.setattr(jobs, "render_paper", broken)
    states = []
    for _attempt in range(4):
        jobs.run(job.pk, clock=lambda: NOW)
        states.append(now_of(job).state)
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED, JobState.FAILED]
    assert (now_of(job).reason, now_of(job).attempts) == (reason, 3)


def test_a_failed_job_can_be_ordered_anew(job: RenderJob, book: Apprenticeship, apprentice: User) -> None:
    RenderJob.objects.update(state=JobState.FAILED, reason=FailureReason.TOO_LONG, finished_at=NOW)
    again = request_document(viewer=viewer_for(apprentice), key="second", apprenticeship=book, language="en")
    assert (again.document, again.state) == (job.document, JobState.QUEUED)
    assert again.pk != job.pk


def test_what_was_never_sent_or_sent_long_ago_is_sent_by_the_sweep(job: RenderJob, sent: Sent) -> None:
    sent.clear()
    jobs.sweep(at=NOW)
    jobs.sweep(at=NOW + timedelta(seconds=1))
    assert len(sent) == 1
    jobs.sweep(at=LONG_AFTER)
    assert len(sent) == 2


def test_a_broker_that_is_down_breaks_no_request(
    book: Apprenticeship, apprentice: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    def unreachable(*_arguments: object, **_words: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr("reports.jobs.current_app.send_task", unreachable)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture of pytest-django
        asked = request_document(viewer=viewer_for(apprentice), key="k", apprenticeship=book, language="en")
    assert (now_of(asked).state, now_of(asked).dispatched_at) == (JobState.QUEUED, None)


def test_the_database_refuses_a_second_open_job_of_a_document(job: RenderJob) -> None:
    with pytest.raises(IntegrityError, match=r"render_job_open_once|document_id"), transaction.atomic():
        RenderJob.objects.create(document=job.document, requested_at=NOW)


def test_the_id_is_sent_only_after_the_commit(
    book: Apprenticeship, apprentice: User, sent: Sent, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture of pytest-django
        asked = request_document(viewer=viewer_for(apprentice), key="k", apprenticeship=book, language="en")
        assert sent == []
    assert sent == [("documents", str(asked.pk))]
