"""Holding files to the book: what entries say of them, the rows that use them, and the bytes themselves.

By default the rows alone are compared, because a book with thousands of photos takes long to read.
`verify_record --files` reads every file and recomputes its hash.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from acts.files import sha256_of_what_is_there
from acts.models import StoredFile
from acts.sealing import is_intact
from acts.statements import Ready
from apprenticeship.checked_rows import EntryLine
from apprenticeship.evidence import in_entry
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship, Evidence, Purge, RecordEntry, SignOffEvidence, TranscriptionEvidence
from apprenticeship.record import EntryIllegible, read
from apprenticeship.verifying import Finding

PURGES = Ready(lambda book: Purge.objects.filter(apprenticeship=book).select_related("file", "reason"), "book")
USES = Ready(
    lambda book: (
        SignOffEvidence.objects.filter(sign_off__apprenticeship=book)
        .select_related("sign_off__entry", "evidence__file", "evidence__name")
        .order_by("pk")
    ),
    "book",
)

SCANS = Ready(
    lambda book: (
        TranscriptionEvidence.objects.filter(transcription__apprenticeship=book)
        .select_related("transcription__entry", "evidence__file", "evidence__name")
        .order_by("pk")
    ),
    "book",
)
WITH_FILES = ("sign_off", "transcription")
"""The kinds of entry whose files are compared here."""


def _purges(apprenticeship: Apprenticeship) -> Iterable[Purge]:
    return PURGES(book=apprenticeship.pk)


def _describe_purge(row: Purge) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.file.sha256": row.file.sha256,
        "body.file.size": row.file.size,
        "body.file.type": row.file.content_type,
        "body.reason": row.reason.digest,
    }


PURGE = RecordKind(code="purge", rows=_purges, describe=_describe_purge)


def check_evidence(apprenticeship: Apprenticeship, entries: Sequence[EntryLine]) -> Iterable[Finding]:
    """What is off between the entries and the files of a book; three queries, four where it has files."""
    used: dict[int, list[Evidence]] = {}
    for use in USES(book=apprenticeship.pk):
        used.setdefault(use.sign_off.entry.sequence, []).append(use.evidence)
    for scan in SCANS(book=apprenticeship.pk):
        used.setdefault(scan.transcription.entry.sequence, []).append(scan.evidence)
    for entry in (entry for entry in entries if entry.sequence in used or '"evidence"' in entry.canonical):
        rows = used.get(entry.sequence, [])
        if _files_in(entry) != in_entry(rows):
            yield Finding(entry.sequence, _("The files of the entry are not those that were signed with it."))
        if any(row.apprenticeship_id != apprenticeship.pk or not is_intact(row.name) for row in rows):
            yield Finding(entry.sequence, _("A file of the entry has another book or another name."))
    yield from _removal_findings(apprenticeship)


def check_files(apprenticeship: Apprenticeship) -> Iterable[Finding]:
    """Read every file of a book and compare it with its hash; what was removed must be gone."""
    for file, known_as in _files_of(apprenticeship):
        if what := _wrong_bytes(file):
            yield Finding(_first_entry(apprenticeship, known_as), what % {"sha256": file.sha256[:16]})


def _wrong_bytes(file: StoredFile) -> str:
    """What is wrong with the bytes that are there; blank where nothing is."""
    there = sha256_of_what_is_there(file)
    if file.removed_at is not None:
        return _("The file %(sha256)s was removed, and its bytes are still there.") if there else ""
    if not there:
        return _("The bytes of the file %(sha256)s are missing.")
    return _("The bytes of the file %(sha256)s were changed.") if there != file.sha256 else ""


def _files_in(entry: EntryLine) -> Any:
    """What the bytes of an entry say of files; nothing where they say none, or cannot be read."""
    if entry.kind not in WITH_FILES:
        return []
    try:
        body = read(entry).get("body")
    except EntryIllegible:
        return []
    return body.get("evidence", []) if isinstance(body, dict) else []


def _removal_findings(apprenticeship: Apprenticeship) -> Iterable[Finding]:
    """A file is gone exactly where a purge says so."""
    rows = Evidence.objects.filter(apprenticeship=apprenticeship).select_related("file")
    purged = dict(Purge.objects.filter(apprenticeship=apprenticeship).values_list("file", "entry__sequence"))
    files = {row.file_id: row.file for row in rows}
    for pk, sequence in purged.items():
        if pk not in files:
            yield Finding(sequence, _("The entry removes a file that the book never had."))
        elif files[pk].removed_at is None:
            yield Finding(sequence, _("The entry removes a file that is said to be there."))
    for pk, file in files.items():
        if file.removed_at is not None and pk not in purged:
            yield Finding(0, _("The file %(sha256)s was removed without an entry.") % {"sha256": file.sha256[:16]})


def _files_of(apprenticeship: Apprenticeship) -> list[tuple[StoredFile, str]]:
    """Each file and thumbnail of a book once, with the SHA-256 by which entries know it."""
    rows = Evidence.objects.filter(apprenticeship=apprenticeship).select_related("file", "thumbnail")
    found: dict[Any, tuple[StoredFile, str]] = {}
    for row in rows.order_by("uploaded_at", "pk"):
        for file in (row.file, row.thumbnail):
            if file and file.pk not in found:
                found[file.pk] = (file, row.file.sha256)
    return list(found.values())


def _first_entry(apprenticeship: Apprenticeship, sha256: str) -> int:
    """The number of the first entry, of whatever kind, that names a file (0: none)."""
    entries = RecordEntry.objects.filter(apprenticeship=apprenticeship, canonical__contains=f'"{sha256}"')
    return entries.order_by("sequence").values_list("sequence", flat=True).first() or 0
