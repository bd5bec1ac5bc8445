"""Real workers on a real broker, killed while they render: the record is made all the same, once."""

import os
import shutil
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from accounts.models import User
from acts.models import StoredFile
from apprenticeship.models import Apprenticeship
from reports.documents import request_document
from reports.jobs import dispatch
from reports.models import JobState, RenderJob
from tests.cast import signed, viewer_for
from tests.processes import running, test_environment, wait_until, worker
from tests.reports.reading import text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LEASE = 4
# The tests wait seconds where an installation waits a minute.
QUICK = {"RENDER_LEASE_SECONDS": str(LEASE), "SWEEP_SECONDS": "1", "RENDER_REDISPATCH_SECONDS": "4"}


@pytest.fixture(autouse=True)
def media() -> Path:
    """The folder that the workers write to, without what earlier tests left; it goes with the run."""
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    return Path(settings.MEDIA_ROOT)


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    for code in ("1.1", "1.2", "2.1", "2.2", "3.1", "6.1"):
        signed(apprenticeship, mentor, code)
    return apprenticeship


def order(book: Apprenticeship, apprentice: User) -> RenderJob:
    key = str(uuid.uuid4())
    return request_document(viewer=viewer_for(apprentice), key=key, apprenticeship=book, language="en")


def state_of(job: RenderJob) -> str:
    return RenderJob.objects.values_list("state", flat=True).get(pk=job.pk)


@contextmanager
def a_worker(log: Path) -> Iterator[psutil.Process]:
    with worker("documents", log=log, env={**test_environment(), **QUICK}) as process:
        yield psutil.Process(process.pid)


@contextmanager
def beat(log: Path) -> Iterator[None]:
    with running(["config.start", "beat"], env={**test_environment(), **QUICK}, log=log):
        yield


def ordered_and_running(book: Apprenticeship, apprentice: User) -> RenderJob:
    """A job that a worker has claimed this very moment: rendering takes it a second or two."""
    job = order(book, apprentice)
    wait_until(lambda: state_of(job) == JobState.RUNNING, what="running")
    return job


def assert_made_once(job: RenderJob, media: Path) -> None:
    done = RenderJob.objects.select_related("document__file").get(pk=job.pk)
    assert (done.state, done.attempts, done.reason) == (JobState.DONE, 2, "")
    assert StoredFile.objects.get() == done.document.file
    (file,) = (path for path in media.rglob("*") if path.is_file())
    assert "Rosa Diaz" in text_of(file.read_bytes())
    file.unlink()


def test_a_record_whose_worker_is_killed_in_mid_render_is_made_once_by_the_next_one(
    book: Apprenticeship, apprentice: User, media: Path, tmp_path: Path
) -> None:
    with beat(tmp_path / "beat"):
        with a_worker(tmp_path / "first") as process:
            job = ordered_and_running(book, apprentice)
            os.killpg(process.pid, signal.SIGKILL)  # the worker and its child at once, as when power fails
            assert state_of(job) == JobState.RUNNING
        with a_worker(tmp_path / "second"):
            wait_until(lambda: state_of(job) == JobState.DONE, within=45, what=(tmp_path / "second").read_text)
    assert_made_once(job, media)


def test_a_record_whose_renderer_is_killed_under_a_worker_that_lives_is_made_once(
    book: Apprenticeship, apprentice: User, media: Path, tmp_path: Path
) -> None:
    with beat(tmp_path / "beat"), a_worker(tmp_path / "log") as process:
        job = ordered_and_running(book, apprentice)
        (child,) = process.children()
        child.kill()  # as when the kernel runs out of memory
        assert state_of(job) == JobState.RUNNING
        wait_until(lambda: state_of(job) == JobState.DONE, within=45, what=(tmp_path / "log").read_text)
    assert_made_once(job, media)


def test_a_job_whose_id_never_reached_the_queue_is_made_when_a_worker_starts(
    book: Apprenticeship, apprentice: User, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.documents.dispatch", lambda *_job, **_at: None)  # it died between COMMIT and sending
    job = order(book, apprentice)
    with a_worker(tmp_path / "log"):
        wait_until(lambda: state_of(job) == JobState.DONE, within=30, what=(tmp_path / "log").read_text)
    assert RenderJob.objects.get(pk=job.pk).attempts == 1
    for file in media.rglob("*"):
        if file.is_file():
            file.unlink()


def test_two_workers_and_ids_sent_three_times_make_each_record_once(
    book: Apprenticeship, apprentice: User, mentor: User, media: Path, tmp_path: Path
) -> None:
    orders = [order(book, apprentice)]
    for code in ("9.1", "9.2"):
        signed(book, mentor, code)
        orders.append(order(book, apprentice))
    for job in orders * 2:
        dispatch(job, at=job.requested_at)
    with a_worker(tmp_path / "log"), a_worker(tmp_path / "log2"):
        wait_until(lambda: {state_of(job) for job in orders} == {JobState.DONE}, within=60, what="all made")
    assert set(RenderJob.objects.values_list("attempts", flat=True)) == {1}
    files = [path for path in media.rglob("*") if path.is_file()]
    assert len(files) == StoredFile.objects.count() == 3
    for file in files:
        file.unlink()
