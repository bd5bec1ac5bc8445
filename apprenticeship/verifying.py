"""Checking a book from its rows alone: every link, every hash, every typed row, every seal.

What it finds is named by sequence number, the first one first. It trusts no summary: the ends of
a chain agreeing says nothing about its middle, so each entry is recomputed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from acts.models import SealedText, origin
from acts.sealing import is_intact
from apprenticeship import standing
from apprenticeship.canonical import is_canonical
from apprenticeship.checked_rows import EntryLine, entry_lines
from apprenticeship.kinds import record_kinds
from apprenticeship.models import Apprenticeship, Purge, RecordEntry, RecordHead, SkillStanding
from apprenticeship.record import FORMAT, EntryIllegible, entry_hash, first_previous_hash, read, timestamp

# A SHA-256 in hexadecimal; its length alone would take a long name for a sealed text.
DIGEST = re.compile("[0-9a-f]{64}")
DIGEST_LENGTH = 64


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
    """Recompute the whole book of `apprenticeship` and compare it with everything that rests on it.

    The content of an entry is read once, compared with all that speaks of it, and let go.
    """
    entries = entry_lines(apprenticeship)
    head = RecordHead.objects.filter(apprenticeship=apprenticeship).first()
    findings = [*_head_findings(entries, head)]
    rows, carried = _typed_rows(apprenticeship), dict[str, int]()
    chain = _Chain(apprenticeship)
    for entry in entries:
        content = _content(entry)
        findings += chain.findings(entry, content)
        findings += _row_findings(entry, content, rows.pop(entry.id, []))
        for digest in _digests(content.get("body")):
            carried[digest] = entry.sequence
    findings += _stray_findings(rows)
    seals, removed = _seal_findings(carried)
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


def _content(entry: EntryLine) -> dict[str, Any]:
    """The entry's content, or nothing where its bytes are no longer an object."""
    try:
        return read(entry)
    except EntryIllegible:
        return {}


def chain_findings(apprenticeship: Apprenticeship, entries: Iterable[EntryLine]) -> Iterable[Finding]:
    """What the entries of a book, in their order, tell against themselves: links, hashes, columns and bytes."""
    chain = _Chain(apprenticeship)
    for entry in entries:
        yield from chain.findings(entry, _content(entry))


class _Chain:
    """The place in a book that a check has come to: which number and which hash the next entry must follow."""

    def __init__(self, apprenticeship: Apprenticeship) -> None:
        self.origin, self.book = origin(), str(apprenticeship.pk)
        self.previous, self.expected = first_previous_hash(self.origin, apprenticeship.pk), 1
        self.was_whole = False

    def findings(self, entry: EntryLine, content: dict[str, Any]) -> list[Finding]:
        """What is off with the next entry; then the one after it is expected."""
        found = []
        is_whole = entry_hash(entry.canonical) == entry.hash
        if entry.sequence != self.expected:
            gap = {"first": self.expected, "last": entry.sequence - 1}
            found.append(Finding(self.expected, _("Entries %(first)s to %(last)s are missing.") % gap))
        elif entry.previous_hash != self.previous:
            # Two that are whole in themselves and do not fit: the one before was exchanged, its hash mended.
            if is_whole and self.was_whole and content.get("previous") == entry.previous_hash:
                found.append(Finding(entry.sequence - 1, _("The entry is not the one that the next one follows.")))
            else:
                found.append(Finding(entry.sequence, _("The entry does not follow from the one before it.")))
        if not is_whole:
            found.append(Finding(entry.sequence, _("The entry's bytes do not give its hash.")))
        if not content or not is_canonical(content, entry.canonical):
            found.append(Finding(entry.sequence, _("The entry's bytes are not in their canonical form.")))
        found += _differences(entry.sequence, content, self._columns(entry))
        if entry.kind not in record_kinds():
            found.append(Finding(entry.sequence, _("The entry is of an unknown kind.")))
        self.previous, self.expected, self.was_whole = entry.hash, entry.sequence + 1, is_whole
        return found

    def _columns(self, entry: EntryLine) -> dict[str, Any]:
        """What the bytes must say, by the columns of the entry and its act."""
        return {
            "format": FORMAT,
            "origin": self.origin,
            "apprenticeship": self.book,
            "sequence": entry.sequence,
            "previous": entry.previous_hash,
            "kind": entry.kind,
            "recorded_at": timestamp(entry.recorded_at),
            "act.id": entry.act_id,
            "act.key": entry.act_key,
            "act.authentication": entry.act_authentication,
            "act.station.id": entry.act_station,
            "by.id": str(entry.act_actor),
        }


def _head_findings(entries: Sequence[EntryLine], head: RecordHead | None) -> Iterable[Finding]:
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


_Told = tuple[str, Mapping[str, Any]]
"""The kind of a typed row, and what its entry must say."""


def _typed_rows(apprenticeship: Apprenticeship) -> dict[str, list[_Told]]:
    """Every typed row of the book by the id of the entry that it points at."""
    rows: dict[str, list[_Told]] = {}
    for code, kind in record_kinds().items():
        for row in kind.rows(apprenticeship):
            rows.setdefault(str(row.entry_id), []).append((code, kind.describe(row)))
    return rows


def _row_findings(entry: EntryLine, content: dict[str, Any], rows: Sequence[_Told]) -> list[Finding]:
    """Hold the typed row to its entry, and the entry to having exactly one."""
    found, own = [], 0
    for code, expected in rows:
        own += code == entry.kind
        if code == entry.kind and own == 1:
            found += _differences(entry.sequence, content, expected)
        else:
            found.append(_stray(entry.sequence, code))
    if not own and entry.kind in record_kinds():
        found.append(Finding(entry.sequence, _("The entry has lost its row of kind %(kind)s.") % {"kind": entry.kind}))
    return found


def _stray_findings(rows: Mapping[str, Sequence[_Told]]) -> list[Finding]:
    """The rows of the book that point at entries of another one."""
    places = {str(pk): place for pk, place in RecordEntry.objects.filter(pk__in=rows).values_list("pk", "sequence")}
    return [_stray(places[pk], code) for pk, told in rows.items() for code, _expected in told]


def _stray(sequence: int, code: str) -> Finding:
    return Finding(sequence, _("A row of kind %(kind)s points at an entry that is not its own.") % {"kind": code})


def _digests(body: Any) -> list[str]:
    """What an entry's body carries of sealed texts; nothing where forged bytes make it something else."""
    members = body.values() if isinstance(body, dict) else ()
    return [m for m in members if isinstance(m, str) and len(m) == DIGEST_LENGTH and DIGEST.fullmatch(m)]


def _seal_findings(carried: Mapping[str, int]) -> tuple[list[Finding], int]:
    sealed = {text.digest: text for text in SealedText.objects.filter(digest__in=carried)}
    findings = []
    for digest, sequence in carried.items():
        if digest not in sealed:
            findings.append(Finding(sequence, _("A sealed text of the entry is missing.")))
        elif not is_intact(sealed[digest]):
            findings.append(Finding(sequence, _("A sealed text of the entry was changed.")))
    return findings, sum(1 for text in sealed.values() if text.removed_at)


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


def _differences(sequence: int, content: Mapping[str, Any], expected: Mapping[str, Any]) -> list[Finding]:
    """Compare parts of a content, by dotted path, with what they must be; True is no 1."""
    found = []
    for path, value in expected.items():
        told: Any = content
        for name in _names(path):
            told = told.get(name) if isinstance(told, dict) else None
        if told != value or type(told) is not type(value):
            named = _first_difference(path, told, value)
            found.append(
                Finding(sequence, _("The entry says otherwise than its row about %(field)s.") % {"field": named})
            )
    return found


def _first_difference(path: str, told: Any, value: Any) -> str:
    """Where exactly two values differ: the member of a part that is compared as a whole."""
    if isinstance(told, Mapping) and isinstance(value, Mapping):
        names = sorted(name for name in {*told, *value} if told.get(name) != value.get(name))
        return f"{path}.{names[0]}" if names else path
    return path


@cache
def _names(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))
