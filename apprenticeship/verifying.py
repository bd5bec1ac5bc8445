"""Checking a book from its rows alone: every link, every hash, every typed row, every seal.

What it finds is named by sequence number, the first one first. It trusts no summary: the ends of
a chain agreeing says nothing about its middle, so each entry is recomputed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from acts.models import SealedText, origin
from acts.sealing import is_intact
from apprenticeship import standing
from apprenticeship.kinds import record_kinds
from apprenticeship.models import Apprenticeship, Purge, RecordEntry, RecordHead, SkillStanding
from apprenticeship.record import FORMAT, EntryIllegible, entry_hash, first_previous_hash, read, timestamp

# A SHA-256 in hexadecimal; its length alone would take a long name for a sealed text.
DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is off: the sequence number of the entry it concerns (0: none), and what it is."""

    sequence: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """What a check of one book came to. `texts_removed` and `files_removed` count what was purged."""

    apprenticeship: Apprenticeship
    entries: int
    head_hash: str
    findings: tuple[Finding, ...]
    texts_removed: int
    files_removed: int = 0

    @property
    def is_intact(self) -> bool:
        return not self.findings


def verify_record(apprenticeship: Apprenticeship) -> Verdict:
    """Recompute the whole book of `apprenticeship` and compare it with everything that rests on it."""
    entries = list(RecordEntry.objects.filter(apprenticeship=apprenticeship).select_related("act").order_by("sequence"))
    head = RecordHead.objects.filter(apprenticeship=apprenticeship).first()
    findings = [*chain_findings(apprenticeship, entries), *_head_findings(entries, head)]
    contents = {entry.pk: _content(entry) for entry in entries}
    findings += _row_findings(apprenticeship, entries, contents)
    seals, removed = _seal_findings(entries, contents)
    findings += seals
    for path in settings.RECORD_CHECKERS:
        findings += import_string(path)(apprenticeship, entries)
    if not findings:  # else what stands would be folded from rows that are off, and name other entries
        findings += _standing_findings(apprenticeship)
    return Verdict(
        apprenticeship=apprenticeship,
        entries=len(entries),
        head_hash=entries[-1].hash if entries else "",
        findings=tuple(sorted(findings)),
        texts_removed=removed,
        files_removed=Purge.objects.filter(apprenticeship=apprenticeship).count(),
    )


def _content(entry: RecordEntry) -> dict[str, Any]:
    """The entry's content, or nothing where its bytes are no longer an object."""
    try:
        return read(entry)
    except EntryIllegible:
        return {}


def chain_findings(apprenticeship: Apprenticeship, entries: Sequence[RecordEntry]) -> Iterable[Finding]:
    """What the entries of a book, in their order, tell against themselves: links, hashes, columns and bytes."""
    origin_id = origin()
    previous, expected = first_previous_hash(origin_id, apprenticeship.pk), 1
    for entry in entries:
        if entry.sequence != expected:
            yield Finding(
                expected,
                _("Entries %(first)s to %(last)s are missing.") % {"first": expected, "last": entry.sequence - 1},
            )
        elif entry.previous_hash != previous:
            yield Finding(entry.sequence, _("The entry does not follow from the one before it."))
        if entry_hash(entry.canonical) != entry.hash:
            yield Finding(entry.sequence, _("The entry's bytes do not give its hash."))
        yield from _byte_findings(entry, origin_id)
        previous, expected = entry.hash, entry.sequence + 1


def _byte_findings(entry: RecordEntry, origin_id: str) -> Iterable[Finding]:
    """Compare the columns of an entry with what its bytes say, and the bytes with their canonical form."""
    content = _content(entry)
    if not content or not _is_canonical(content, entry.canonical):
        yield Finding(entry.sequence, _("The entry's bytes are not in their canonical form."))
    act = entry.act
    columns = {
        "format": FORMAT,
        "origin": origin_id,
        "apprenticeship": str(entry.apprenticeship_id),
        "sequence": entry.sequence,
        "previous": entry.previous_hash,
        "kind": entry.kind,
        "recorded_at": timestamp(entry.recorded_at),
        "act.id": str(act.pk),
        "act.key": act.key,
        "act.authentication": act.authentication,
        "act.station.id": str(act.station_id) if act.station_id else None,
        "by.id": str(act.actor_id),
    }
    yield from _differences(entry.sequence, content, columns)
    if entry.kind not in record_kinds():
        yield Finding(entry.sequence, _("The entry is of an unknown kind."))


def _is_canonical(content: Mapping[str, Any], text: str) -> bool:
    """Whether `text` is what RFC 8785 makes of `content`; numbers it has no form for make it untrue, not a fault."""
    try:
        return rfc8785.dumps(dict(content)).decode() == text
    except (ValueError, RecursionError):
        return False


def _head_findings(entries: Sequence[RecordEntry], head: RecordHead | None) -> Iterable[Finding]:
    last = entries[-1] if entries else None
    sequence, head_hash = (last.sequence, last.hash) if last else (0, "")
    if head is None:
        if last:
            yield Finding(last.sequence, _("The book has entries but no head."))
    elif head.sequence > sequence:
        yield Finding(
            sequence + 1,
            _("The end of the book is cut off: entries up to %(last)s are missing.") % {"last": head.sequence},
        )
    elif head.sequence < sequence:
        yield Finding(head.sequence + 1, _("The head of the book does not know the entries from here on."))
    elif last and head.hash != head_hash:
        yield Finding(sequence, _("The head of the book does not agree with its last entry."))


def _row_findings(
    apprenticeship: Apprenticeship, entries: Sequence[RecordEntry], contents: Mapping[Any, dict[str, Any]]
) -> Iterable[Finding]:
    """Hold every typed row to its entry, and every entry to having exactly one typed row."""
    by_id = {entry.pk: entry for entry in entries}
    for code, kind in record_kinds().items():
        told: set[Any] = set()
        for row in kind.rows(apprenticeship):
            entry: RecordEntry = row.entry  # type: ignore[attr-defined]  # every typed row points at its entry
            if entry.pk not in by_id or entry.kind != code or entry.pk in told:
                yield Finding(
                    entry.sequence, _("A row of kind %(kind)s points at an entry that is not its own.") % {"kind": code}
                )
                continue
            told.add(entry.pk)
            yield from _differences(entry.sequence, contents[entry.pk], kind.describe(row))
        for entry in entries:
            if entry.kind == code and entry.pk not in told:
                yield Finding(entry.sequence, _("The entry has lost its row of kind %(kind)s.") % {"kind": code})


def _seal_findings(entries: Sequence[RecordEntry], contents: Mapping[Any, dict[str, Any]]) -> tuple[list[Finding], int]:
    carried = {
        digest: entry.sequence
        for entry in entries
        for digest in _members(contents[entry.pk].get("body"))
        if isinstance(digest, str) and DIGEST.fullmatch(digest)
    }
    sealed = {text.digest: text for text in SealedText.objects.filter(digest__in=carried)}
    findings = []
    for digest, sequence in carried.items():
        if digest not in sealed:
            findings.append(Finding(sequence, _("A sealed text of the entry is missing.")))
        elif not is_intact(sealed[digest]):
            findings.append(Finding(sequence, _("A sealed text of the entry was changed.")))
    return findings, sum(1 for text in sealed.values() if text.removed_at)


def _members(body: Any) -> Iterable[Any]:
    """The values of an entry's body; none where forged bytes make it something else."""
    return body.values() if isinstance(body, Mapping) else ()


def _standing_findings(apprenticeship: Apprenticeship) -> Iterable[Finding]:
    """Compare what stands now, as pages show it, with what the signatures come to."""
    stored = {row.skill_id: _values(row) for row in SkillStanding.objects.filter(apprenticeship=apprenticeship)}
    for row, sequence in standing.folded(apprenticeship):
        if stored.pop(row.skill_id, None) != _values(row):
            yield Finding(sequence, _("What stands now for this skill is not what was signed."))
    if stored:
        yield Finding(0, _("Something stands now for a skill that was never signed."))


def _values(row: SkillStanding) -> tuple[Any, ...]:
    return row.sign_off_id, row.revocation_id, row.counter_signature_id, row.attained, row.due_on


def _differences(sequence: int, content: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterable[Finding]:
    for path, value in expected.items():
        if _at(content, path) != value:
            yield Finding(sequence, _("The entry says otherwise than its row about %(field)s.") % {"field": path})


def _at(content: Any, path: str) -> Any:
    for name in path.split("."):
        content = content.get(name) if isinstance(content, Mapping) else None
    return content
