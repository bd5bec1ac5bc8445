"""A file is checked by a worker: once, whoever dies in between, and never by half; it ends after some days."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts import import_jobs
from accounts.import_models import FileImport, FileRow, ImportState
from accounts.importing import clear_imports
from accounts.models import User
from accounts.viewer import build_viewer
from acts.models import StoredFile
from acts.refusing import FileRefused
from apprenticeship.models import Apprenticeship, WorkLog
from instruction.import_kinds import TIMESHEET
from tests.cast import NOW, viewer_for
from tests.imports.bringing import TIMES, checked, kept, lines, recorded, said
from tests.processes import wait_until, worker

SHEET = lines(TIMES, "2026-02-25,rosa,Clean room,1,8")
LATER = NOW + timedelta(minutes=5)


def now(brought: FileImport) -> FileImport:
    return FileImport.objects.get(pk=brought.pk)


def broken(*_given: object, **_options: object) -> None:
    raise MemoryError


def test_what_a_dead_worker_held_is_checked_by_the_next_one(apprenticeship: Apprenticeship, coordinator: User) -> None:
    brought = kept(coordinator, TIMESHEET, SHEET)
    dead = import_jobs._claim(brought.pk, at=NOW)
    import_jobs.run(brought.pk, clock=lambda: NOW)
    assert (now(brought).state, brought.rows.count()) == (ImportState.CHECKING, 0)
    import_jobs.sweep(at=LATER)
    import_jobs.run(brought.pk, clock=lambda: LATER)
    assert (now(brought).state, now(brought).attempts) == (ImportState.CHECKED, 2)
    assert dead
    import_jobs._finish(dead, [], at=LATER)  # the dead one was only slow: its result is dropped
    assert said(now(brought)) == {2: "new"}


def test_after_three_attempts_it_is_given_up(coordinator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_jobs, "_checked", broken)
    brought = kept(coordinator, TIMESHEET, SHEET)
    for _attempt in range(4):
        import_jobs.run(brought.pk, clock=lambda: NOW)
    assert (now(brought).state, now(brought).attempts) == (ImportState.FAILED, 3)


def test_a_check_that_dies_while_it_writes_leaves_nothing(
    apprenticeship: Apprenticeship, coordinator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = kept(coordinator, TIMESHEET, SHEET)
    monkeypatch.setattr(FileRow.objects, "bulk_create", broken)
    with pytest.raises(MemoryError):
        import_jobs.run(brought.pk, clock=lambda: NOW)
    assert (now(brought).state, brought.rows.count()) == (ImportState.CHECKING, 0)


def test_files_end_after_some_days_and_what_was_recorded_stays(
    apprenticeship: Apprenticeship, coordinator: User
) -> None:
    recorded(coordinator, checked(coordinator, TIMESHEET, SHEET))
    assert clear_imports(at=NOW + timedelta(days=6)) == 0
    assert clear_imports(at=NOW + timedelta(days=8)) == 1
    assert not FileImport.objects.exists()
    assert not StoredFile.objects.exists()
    assert WorkLog.objects.count() == 1


def test_a_large_file_and_one_too_many_are_refused(coordinator: User, settings: Settings) -> None:
    settings.IMPORT_LARGEST_BYTES = 1_000_000
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        kept(coordinator, TIMESHEET, b"x" * 1_000_001)
    settings.IMPORT_MOST_KEPT = 1
    kept(coordinator, TIMESHEET, SHEET)
    with pytest.raises(FileRefused, match="many files"):
        kept(coordinator, TIMESHEET, SHEET)


def test_whoever_brought_a_file_sees_it_and_nobody_else(
    coordinator: User, administrator: User, instructor: User, mentor: User, auditor: User, outsider: User
) -> None:
    kept(coordinator, TIMESHEET, SHEET)
    checked(coordinator, TIMESHEET, SHEET)
    for table in (FileImport, FileRow):
        assert table.objects.visible_to(viewer_for(coordinator)).exists()
        for other in (administrator, instructor, mentor, auditor, outsider):
            assert not table.objects.visible_to(viewer_for(other)).exists()
        assert not table.objects.visible_to(build_viewer(None, at=NOW)).exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_up_what_a_dead_one_held(
    apprenticeship: Apprenticeship, coordinator: User, tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = settings.VAR_DIR / "files"  # where the worker looks
    brought = kept(coordinator, TIMESHEET, SHEET)
    held = {"state": ImportState.CHECKING, "token": uuid.uuid4(), "lease_until": NOW, "attempts": 1}
    FileImport.objects.filter(pk=brought.pk).update(**held)
    with worker("documents", log=tmp_path / "log"):
        wait_until(lambda: now(brought).state == ImportState.CHECKED, within=30, what=(tmp_path / "log").read_text)
    assert said(now(brought)) == {2: "new"}
    StoredFile.objects.get().file.delete(save=False)
