"""Bringing in a file: keeping the file, and recording all of its rows as one act, or none.

Between the two a worker says what each row would do (`import_jobs.py`). The press that records asks the same
again under the locks of the transitions, so nothing that happened meanwhile is overrun.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.import_kinds import FileKind, file_kinds
from accounts.import_models import ASKED, LONGEST_NAME, FileImport, FileRow, ImportState, RowVerdict
from accounts.import_rows import Row, kept
from accounts.models import Sponsor
from accounts.proofs import require_proof
from accounts.viewer import Viewer, build_viewer
from acts import tables
from acts.acting import begin_act, finish_act
from acts.files import forget_unused, plain_name, store
from acts.models import Act, Authentication
from acts.refusing import FileRefused


class ImportMoved(Exception):
    """What the page showed is not so any more, or was never fit to be recorded. The edge answers 409."""


def keep_file(*, viewer: Viewer, key: str, kind: FileKind, sponsor: Sponsor, file: BinaryIO, name: str) -> FileImport:
    """Keep `file` for a worker to check; the same bytes with the same key are the same row.

    Raises NotPermitted, and FileRefused with the reason. At most settings.IMPORT_LARGEST_BYTES and one are read.
    """
    require(viewer, kind.permission, on=sponsor)
    data = file.read(settings.IMPORT_LARGEST_BYTES + 1)
    if len(data) > settings.IMPORT_LARGEST_BYTES:
        raise too_large()
    content_type = tables.type_of(data)
    pk = uuid.uuid5(sponsor.pk, f"{viewer.user_id} {key} {kind.code} {hashlib.sha256(data).hexdigest()}")
    if known := FileImport.objects.filter(pk=pk).first():
        return known
    if FileImport.objects.filter(brought_by=viewer.person).count() >= settings.IMPORT_MOST_KEPT:
        raise FileRefused(_("You have brought in many files in these days. Go on tomorrow."))
    stored = store(data, sponsor_id=sponsor.pk, content_type=content_type, at=viewer.at)
    ending = ".csv" if content_type == tables.CSV_TYPE else ".xlsx"
    facts = {
        "kind": kind.code,
        "sponsor": sponsor,
        "brought_by": viewer.person,
        "brought_at": viewer.at,
        "file": stored,
    }
    try:
        with transaction.atomic():
            return FileImport.objects.create(pk=pk, name=plain_name(name, ending=ending, longest=LONGEST_NAME), **facts)
    except IntegrityError:  # the same upload at the same instant
        return FileImport.objects.get(pk=pk)


def too_large() -> FileRefused:
    """The refusal of a file beyond the limit."""
    megabytes = settings.IMPORT_LARGEST_BYTES // 1_000_000
    return FileRefused(_("The file is larger than %(megabytes)s MB.") % {"megabytes": megabytes})


def record_import(*, viewer: Viewer, key: str, brought: FileImport, seen: str) -> FileImport:
    """Record every new row of a checked file, or none. `seen` names the check whose result the page showed.

    The same `key` gives the first result again. Raises NotPermitted, KeyReused, NotYetAccepted, ProofNeeded,
    ImportMoved; after any of them nothing is stored.
    """
    with transaction.atomic():
        kind = file_kinds()[brought.kind]
        require(viewer, kind.permission, on=brought)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind=kind.act,
            request={"import": str(brought.pk), "seen": seen},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return FileImport.objects.get(pk=brought.pk)
        now = _locked(brought)
        if now.state != ImportState.CHECKED or check_of(now) != seen:
            raise ImportMoved
        if kind.is_signed:
            require_proof(viewer, [now.sponsor])
        return _record(now, kind, _new_rows(now, kind, viewer), viewer=viewer, act=begun.act)


def order_import(*, viewer: Viewer, brought: FileImport, seen: str) -> FileImport:
    """Let a worker record every new row of a checked file, or none; the same press again is the same order.

    Raises NotPermitted and ImportMoved. The caller wakes a worker after it.
    """
    require(viewer, file_kinds()[brought.kind].permission, on=brought)
    with transaction.atomic():
        now = _locked(brought)
        if check_of(now) != seen or now.state not in (ImportState.CHECKED, *ASKED, ImportState.RECORDED):
            raise ImportMoved
        if now.state == ImportState.CHECKED:
            verdicts = set(now.rows.values_list("verdict", flat=True).distinct())
            if RowVerdict.REFUSED in verdicts or RowVerdict.NEW not in verdicts:
                raise ImportMoved
            now.state, now.ordered_as = ImportState.ORDERED, viewer.authentication
            now.attempts, now.dispatched_at = 0, None
            now.save(update_fields=["state", "ordered_as", "attempts", "dispatched_at"])
    return now


def record_ordered(brought: FileImport, *, at: datetime) -> None:
    """Record a file that the caller holds, in the name of whoever ordered it; once, whoever does it how often.

    The rows are checked anew before the transaction begins, so that nobody waits for that; what changes after it, the
    transitions that write refuse under their locks. Nothing is stored where the caller lost the file to another worker.
    Raises NotPermitted where they may no longer, and ImportMoved where a row no longer does what they saw.
    """
    kind = file_kinds()[brought.kind]
    viewer = build_viewer(brought.brought_by, at=at, authentication=Authentication(brought.ordered_as))
    rows = _new_rows(brought, kind, viewer)
    with transaction.atomic():
        now = _locked(brought)
        if now.state != ImportState.WRITING or now.token != brought.token:
            return
        require(viewer, kind.permission, on=now)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=f"file {now.pk} {check_of(now)}",
            kind=kind.act,
            request={"import": str(now.pk), "seen": check_of(now)},
            at=at,
            authentication=viewer.authentication,
        )
        now.token = now.lease_until = None
        _record(now, kind, rows, viewer=viewer, act=begun.act)


def _locked(brought: FileImport) -> FileImport:
    rows = FileImport.objects.select_for_update(of=("self",)).select_related("sponsor")
    return rows.get(pk=brought.pk)


def _record(now: FileImport, kind: FileKind, rows: Sequence[Row], *, viewer: Viewer, act: Act) -> FileImport:
    """Write rows that were just checked, and say so in the file's row. Raises ImportMoved."""
    try:
        made = kind.write(rows, viewer=viewer, sponsor=now.sponsor, act=act)
    except kind.refusals as refusal:
        raise ImportMoved from refusal
    now.state, now.act = ImportState.RECORDED, act
    now.save(update_fields=["state", "act", "token", "lease_until"])
    finish_act(act, made)
    return now


def check_of(brought: FileImport) -> str:
    """The name of a file's last check, as a page carries it."""
    return brought.checked_at.isoformat() if brought.checked_at else ""


def clear_imports(*, at: datetime) -> int:
    """Delete files that were brought in some days before `at`, rows and bytes and all; what was recorded stays."""
    old = FileImport.objects.filter(brought_at__lt=at - timedelta(days=settings.IMPORT_KEEP_DAYS))
    gone = dict(old.values_list("pk", "file"))
    with transaction.atomic():
        FileRow.objects.filter(brought__in=gone).delete()
        FileImport.objects.filter(pk__in=gone).delete()
    forget_unused(gone.values(), at=at)
    return len(gone)


def _new_rows(now: FileImport, kind: FileKind, viewer: Viewer) -> list[Row]:
    """The rows to write, checked anew. Raises ImportMoved where a row does not do what the page said."""
    told = list(now.rows.order_by("number"))
    rows = [kept(row) for row in told]
    kind.check(rows, viewer=viewer, sponsor=now.sponsor)
    verdicts = [row.verdict for row in rows]
    if verdicts != [row.verdict for row in told] or RowVerdict.REFUSED in verdicts or RowVerdict.NEW not in verdicts:
        raise ImportMoved
    return [row for row in rows if row.verdict == RowVerdict.NEW]
