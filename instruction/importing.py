"""Bringing hours in from a file: keeping the file, and recording all of its rows as one act, or none.

Between the two a worker says what each row would do (`import_jobs.py`). The press that records asks the same
again under the locks of the transitions, so nothing that happened meanwhile is overrun.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Sponsor
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts import tables
from acts.acting import begin_act, finish_act
from acts.files import forget_unused, store
from acts.models import Act
from acts.refusing import FileRefused
from apprenticeship.evidence import plain_name
from apprenticeship.record import TooManyEntries, lock_books
from apprenticeship.work_days import WorkRefused
from apprenticeship.work_logging import log_lines
from instruction import import_attendance, import_timesheets
from instruction.import_rows import Row, kept
from instruction.models import HoursImport, ImportedRow, ImportKind, ImportState, RowVerdict
from instruction.planning import lock_class
from instruction.roll_checks import RollConflict, RollInvalid
from instruction.rollcall import let_stand

CHECKS: Mapping[str, Callable[..., None]] = {
    ImportKind.ATTENDANCE: import_attendance.check,
    ImportKind.TIMESHEET: import_timesheets.check,
}


class ImportMoved(Exception):
    """What the page showed is not so any more, or was never fit to be recorded. The edge answers 409."""


def keep_file(
    *, viewer: Viewer, key: str, kind: ImportKind, sponsor: Sponsor, file: BinaryIO, name: str
) -> HoursImport:
    """Keep `file` for a worker to check; the same bytes with the same key are the same row.

    Raises NotPermitted, and FileRefused with the reason. At most settings.IMPORT_LARGEST_BYTES and one are read.
    """
    require(viewer, _permission(kind), on=sponsor)
    data = file.read(settings.IMPORT_LARGEST_BYTES + 1)
    if len(data) > settings.IMPORT_LARGEST_BYTES:
        raise too_large()
    content_type = tables.type_of(data)
    pk = uuid.uuid5(sponsor.pk, f"{viewer.user_id} {key} {kind} {hashlib.sha256(data).hexdigest()}")
    if known := HoursImport.objects.filter(pk=pk).first():
        return known
    if HoursImport.objects.filter(brought_by=viewer.person).count() >= settings.IMPORT_MOST_KEPT:
        raise FileRefused(_("You have brought in many files in these days. Go on tomorrow."))
    stored = store(data, sponsor_id=sponsor.pk, content_type=content_type, at=viewer.at)
    ending = ".csv" if content_type == tables.CSV_TYPE else ".xlsx"
    facts = {"kind": kind, "sponsor": sponsor, "brought_by": viewer.person, "brought_at": viewer.at, "file": stored}
    try:
        with transaction.atomic():
            return HoursImport.objects.create(pk=pk, name=plain_name(name, content_type, ending=ending), **facts)
    except IntegrityError:  # the same upload at the same instant
        return HoursImport.objects.get(pk=pk)


def too_large() -> FileRefused:
    """The refusal of a file beyond the limit."""
    megabytes = settings.IMPORT_LARGEST_BYTES // 1_000_000
    return FileRefused(_("The file is larger than %(megabytes)s MB.") % {"megabytes": megabytes})


def record_import(*, viewer: Viewer, key: str, brought: HoursImport, seen: str) -> HoursImport:
    """Record every new row of a checked file, or none. `seen` names the check whose result the page showed.

    The same `key` gives the first result again. Raises NotPermitted, KeyReused, NotYetAccepted, ProofNeeded,
    ImportMoved; after any of them nothing is stored. Hours on the job then wait for a mentor, as when logged by hand.
    """
    with transaction.atomic():
        require(viewer, _permission(brought.kind), on=brought)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="bring_in_hours",
            request={"import": str(brought.pk), "seen": seen},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return HoursImport.objects.get(pk=brought.pk)
        now = HoursImport.objects.select_for_update(of=("self",)).select_related("sponsor").get(pk=brought.pk)
        if now.kind == ImportKind.ATTENDANCE:
            require_proof(viewer, [now.sponsor])
        rows = _new_rows(now, seen, viewer)
        try:
            made = _write(now, rows, viewer=viewer, act=begun.act)
        except (RollInvalid, RollConflict, WorkRefused, TooManyEntries) as refusal:
            raise ImportMoved from refusal
        now.state, now.act = ImportState.RECORDED, begun.act
        now.save(update_fields=["state", "act"])
        finish_act(begun.act, made)
        return now


def check_of(brought: HoursImport) -> str:
    """The name of a file's last check, as a page carries it."""
    return brought.checked_at.isoformat() if brought.checked_at else ""


def clear_imports(*, at: datetime) -> int:
    """Delete files that were brought in some days before `at`, rows and bytes and all; what was recorded stays."""
    old = HoursImport.objects.filter(brought_at__lt=at - timedelta(days=settings.IMPORT_KEEP_DAYS))
    gone = dict(old.values_list("pk", "file"))
    with transaction.atomic():
        ImportedRow.objects.filter(brought__in=gone).delete()
        HoursImport.objects.filter(pk__in=gone).delete()
    forget_unused(gone.values(), at=at)
    return len(gone)


def _permission(kind: str) -> Permission:
    return Permission.BRING_IN_HOURS if kind == ImportKind.ATTENDANCE else Permission.BRING_IN_TIMESHEETS


def _new_rows(now: HoursImport, seen: str, viewer: Viewer) -> list[Row]:
    """The rows to write, checked anew. Raises ImportMoved where a row does not do what the page said."""
    if now.state != ImportState.CHECKED or check_of(now) != seen:
        raise ImportMoved
    told = list(now.rows.order_by("number"))
    rows = [kept(row) for row in told]
    CHECKS[now.kind](rows, viewer=viewer, sponsor=now.sponsor)
    verdicts = [row.verdict for row in rows]
    if verdicts != [row.verdict for row in told] or RowVerdict.REFUSED in verdicts or RowVerdict.NEW not in verdicts:
        raise ImportMoved
    return [row for row in rows if row.verdict == RowVerdict.NEW]


def _write(now: HoursImport, rows: Sequence[Row], *, viewer: Viewer, act: Act) -> list[uuid.UUID]:
    """Write the rows by the transitions that write them otherwise too; returns what was made."""
    if now.kind == ImportKind.TIMESHEET:
        return [log.pk for log in log_lines([import_timesheets.line_of(row) for row in rows], viewer=viewer, act=act)]
    by_class: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        by_class[row.read["class"].pk].append(row)
    for planned in sorted(by_class):  # all locks first and in order, so that two acts never embrace
        lock_class(planned)
    lock_books(row.read["apprentice"].pk for row in rows)
    made = []
    for planned in sorted(by_class):
        own = by_class[planned]
        lines = [import_attendance.line_of(row) for row in own]
        recorded = let_stand(viewer=viewer, act=act, planned=own[0].read["class"], lines=lines)
        made += [row.pk for row in recorded.made]
    return made
