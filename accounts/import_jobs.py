"""Checking and recording a file that was brought in, whoever dies in between.

The row is the truth, the queue only wakes a worker.

A worker claims the row by one conditional UPDATE and holds it by a lease longer than its work may take. Its result
is written in one transaction, by whoever still holds the row; what a dead worker held is taken up again.
"""

import traceback
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import override
from kombu.exceptions import OperationalError

from accounts.access import NotPermitted
from accounts.import_columns import places_of
from accounts.import_kinds import file_kinds
from accounts.import_models import FileImport, FileRow, ImportState
from accounts.import_querysets import FileImportQuerySet
from accounts.import_rows import Row, stored
from accounts.importing import ImportMoved, record_ordered
from accounts.viewer import build_viewer
from acts import tables
from acts.refusing import FileRefused

CHECK_TASK = "accounts.check_import"
QUEUE = "documents"
MOST_ATTEMPTS = 3
DOES = {ImportState.QUEUED: ImportState.CHECKING, ImportState.ORDERED: ImportState.WRITING}
"""What a worker does with a file that waits."""
NOT_HELD = {"token": None, "lease_until": None}

log = structlog.get_logger(__name__)


def run(import_id: uuid.UUID, *, clock: Callable[[], datetime]) -> None:
    """Claim the file and do what it waits for: say of each row what it will do, or record what was ordered.

    Safe to call any number of times, by any workers.
    """
    brought = _claim(import_id, at=clock())
    if brought is None:
        return
    with override(brought.brought_by.language or settings.LANGUAGE_CODE):
        try:
            if brought.state == ImportState.WRITING:
                record_ordered(brought, at=clock())
                return
            rows = _checked(brought, at=clock())
        except (ImportMoved, NotPermitted):
            _check_anew(brought)
        except FileRefused as refused:
            _end(brought, ImportState.UNREADABLE, problem=refused.message)
        except Exception as error:  # whatever went wrong, the attempt is over and the row must say so
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{last.filename}:{last.lineno}"
            log.error("import_failed", brought=str(brought.pk), error=type(error).__name__, at=where)
            _give_back(brought)
        else:
            _finish(brought, rows, at=clock())


def sweep(*, at: datetime) -> None:
    """Take back what dead workers held, and put the id of every file that waits into its queue again."""
    for brought in FileImport.objects.held_by_the_dead(at):
        _give_back(brought)
    for brought in FileImport.objects.unsent(sent_before=at - timedelta(seconds=settings.RENDER_REDISPATCH_SECONDS)):
        if not dispatch(brought, at=at):
            return


def dispatch(brought: FileImport, *, at: datetime) -> bool:
    """Put the id into its queue; False when the broker cannot be reached, and the sweep will do it.

    Never called while a transaction is open.
    """
    try:
        current_app.send_task(CHECK_TASK, kwargs={"import_id": str(brought.pk)}, queue=QUEUE, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", brought=str(brought.pk), error=type(error).__name__)
        return False
    FileImport.objects.filter(pk=brought.pk, state__in=DOES).update(dispatched_at=at)
    return True


def check_again(brought: FileImport, *, at: datetime) -> bool:
    """Have a file that was checked before checked once more; False where it is recorded, or not checked yet."""
    waiting = {"state": ImportState.QUEUED, "attempts": 0, "dispatched_at": None}
    if not FileImport.objects.filter(pk=brought.pk, state=ImportState.CHECKED).update(**waiting):
        return False
    dispatch(brought, at=at)
    return True


def _check_anew(brought: FileImport) -> None:
    """What was ordered is not what the file would do now: nothing was recorded, and it is checked once more."""
    _held(brought).update(state=ImportState.QUEUED, attempts=0, dispatched_at=None, **NOT_HELD)


def _claim(import_id: uuid.UUID, *, at: datetime) -> FileImport | None:
    token = uuid.uuid4()
    until = at + timedelta(seconds=settings.IMPORT_SECONDS + 30)
    for waits, does in DOES.items():
        held = {"state": does, "attempts": F("attempts") + 1, "token": token, "lease_until": until}
        if FileImport.objects.filter(pk=import_id, state=waits).update(**held):
            break
    else:
        return None
    rows = FileImport.objects.select_related("sponsor", "brought_by", "file")
    return rows.filter(pk=import_id, token=token).first()


def _checked(brought: FileImport, *, at: datetime) -> list[Row]:
    """The rows of the file with what each will do, as its owner may do it now. Raises FileRefused."""
    kind = file_kinds()[brought.kind]
    with brought.file.file.open("rb") as stream:
        header, *found = tables.rows_of(stream.read(), most=kind.most_rows())
    places = places_of(header, kind.columns)
    if not found:
        raise FileRefused(_("The file has headings, but no rows below them."))
    _held(brought).update(total=len(found))
    rows = [Row(row.number, {code: row.cell(place) for code, place in places.items()}) for row in found]
    viewer = build_viewer(brought.brought_by, at=at)
    kind.check(rows, viewer=viewer, sponsor=brought.sponsor)
    return rows


def _finish(brought: FileImport, rows: Sequence[Row], *, at: datetime) -> None:
    """Keep what the rows will do, if the caller still holds the file."""
    with transaction.atomic():
        checked = {"state": ImportState.CHECKED, "checked_at": at, "problem": "", "total": len(rows)}
        if _held(brought).update(**checked, **NOT_HELD):
            FileRow.objects.filter(brought=brought.pk).delete()
            FileRow.objects.bulk_create(stored(row, brought_id=brought.pk) for row in rows)


def _end(brought: FileImport, state: ImportState, *, problem: str = "") -> None:
    _held(brought).update(state=state, problem=problem, **NOT_HELD)


def _give_back(brought: FileImport) -> None:
    """End an attempt that came to nothing: to be done again, or given up after the third."""
    if brought.attempts >= MOST_ATTEMPTS:
        _end(brought, ImportState.FAILED)
    else:
        waits = next(waits for waits, does in DOES.items() if does == brought.state)
        _held(brought).update(state=waits, dispatched_at=None, **NOT_HELD)


def _held(brought: FileImport) -> FileImportQuerySet:
    return FileImport.objects.filter(pk=brought.pk, state=brought.state, token=brought.token)
