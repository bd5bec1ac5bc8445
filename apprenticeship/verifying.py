"""Checking a book from its rows alone: every link, every hash, every typed row, every seal.

What it finds is named by sequence number, the first one first. It trusts no summary: the ends of
a chain agreeing says nothing about its middle, so each entry is recomputed.
"""

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from acts.models import origin
from acts.sealing import is_intact
from apprenticeship import standing
from apprenticeship.canonical import are_alike, judged
from apprenticeship.checked_rows import EntryLine, entry_lines, seal_rows, written
from apprenticeship.kinds import RecordKind, TypedRow, record_kinds
from apprenticeship.models import Apprenticeship, Purge, RecordEntry, RecordHead, SkillStanding
from apprenticeship.record import FORMAT, entry_hash, first_previous_hash

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
    with _collector_at_rest():
        return _verdict(apprenticeship)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Python's search for cycles waits meanwhile: a check makes none, and would have the whole process searched."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def _verdict(apprenticeship: Apprenticeship) -> Verdict:
    """As `verify_record`, which says how."""
    entries = entry_lines(apprenticeship)
    head = RecordHead.objects.filter(apprenticeship=apprenticeship).first()
    findings = [*_head_findings(entries, head)]
    rows, carried = _typed_rows(apprenticeship), dict[str, int]()
    chain, turns = _Chain(apprenticeship), list[standing.Turn]()
    for entry in entries:
        content, is_canonical = _judged(entry)
        findings += chain.findings(entry, content, is_canonical=is_canonical)
        of_entry = rows.pop(entry.id, [])
        findings += _row_findings(entry, content, of_entry)
        turns += [kind.turn(row, entry.sequence) for kind, row in of_entry if kind.turn]
        for digest in _digests(content.get("body")):
            carried[digest] = entry.sequence
    findings += _stray_findings(rows)
    seals, removed = _seal_findings(carried)
    findings += seals
    for path in settings.RECORD_CHECKERS:
        findings += import_string(path)(apprenticeship, entries)
    if not findings:  # else what stands would be folded from rows that are off, and name other entries
        findings += _standing_findings(apprenticeship, turns)
    return Verdict(
        apprenticeship=apprenticeship,
        entries=len(entries),
        head_hash=entries[-1].hash if entries else "",
        findings=tuple(sorted(findings)),
        texts_removed=removed,
        files_removed=Purge.objects.filter(apprenticeship=apprenticeship).count(),
    )


def _judged(entry: EntryLine) -> tuple[dict[str, Any], bool]:
    """The entry's content and whether its bytes are canonical; nothing where they are no longer an object."""
    try:
        content, is_canonical = judged(entry.canonical)
    except (ValueError, RecursionError):
        return {}, False
    return (content, is_canonical) if isinstance(content, dict) else ({}, False)


class _Parts:
    """Parts of a content by their dotted paths: where they stand is worked out once for all entries of a kind."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self._paths = paths
        split = [path.rpartition(".") for path in paths]
        self._groups = [
            (above.split(".") if above else [], [name for _above, _dot, name in group])
            for above, group in groupby(split, key=itemgetter(0))
        ]

    def differences(self, sequence: int, content: Mapping[str, Any], expected: list[Any]) -> list[Finding]:
        """Compare the parts with what they must be, in the order of the paths."""
        told = self._told(content)
        if are_alike(told, expected):  # nearly always: then nobody asks where they differ
            return []
        found = []
        for path, part, value in zip(self._paths, told, expected, strict=True):
            if not are_alike(part, value):
                names = {"field": _first_difference(path, part, value)}
                found.append(Finding(sequence, _("The entry says otherwise than its row about %(field)s.") % names))
        return found

    def _told(self, content: Mapping[str, Any]) -> list[Any]:
        """The parts in the order of the paths; None for what is not there."""
        found: list[Any] = []
        for above, names in self._groups:
            part: Any = content
            for name in above:
                part = part.get(name) if type(part) is dict else None
            if type(part) is dict:
                found += map(part.get, names)
            else:
                found += [None] * len(names)
        return found


def _first_difference(path: str, told: Any, value: Any) -> str:
    """Where exactly two values differ: the member of a part that is compared as a whole."""
    if isinstance(told, Mapping) and isinstance(value, Mapping):
        names = sorted(name for name in {*told, *value} if not are_alike(told.get(name), value.get(name)))
        return f"{path}.{names[0]}" if names else path
    return path


_parts = cache(_Parts)
_COLUMNS = _Parts(
    (
        "format",
        "origin",
        "apprenticeship",
        "sequence",
        "previous",
        "kind",
        "recorded_at",
        "act.id",
        "act.key",
        "act.authentication",
        "act.station.id",
        "by.id",
    )
)


def chain_findings(apprenticeship: Apprenticeship, entries: Iterable[EntryLine]) -> Iterable[Finding]:
    """What the entries of a book, in their order, tell against themselves: links, hashes, columns and bytes."""
    chain = _Chain(apprenticeship)
    for entry in entries:
        content, is_canonical = _judged(entry)
        yield from chain.findings(entry, content, is_canonical=is_canonical)


class _Chain:
    """The place in a book that a check has come to: which number and which hash the next entry must follow."""

    def __init__(self, apprenticeship: Apprenticeship) -> None:
        self.origin, self.book = origin(), str(apprenticeship.pk)
        self.previous, self.expected = first_previous_hash(self.origin, apprenticeship.pk), 1
        self.was_whole = False

    def findings(self, entry: EntryLine, content: dict[str, Any], *, is_canonical: bool) -> list[Finding]:
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
        if not content or not is_canonical:
            found.append(Finding(entry.sequence, _("The entry's bytes are not in their canonical form.")))
        found += _COLUMNS.differences(entry.sequence, content, self._columns(entry))
        if entry.kind not in record_kinds():
            found.append(Finding(entry.sequence, _("The entry is of an unknown kind.")))
        self.previous, self.expected, self.was_whole = entry.hash, entry.sequence + 1, is_whole
        return found

    def _columns(self, entry: EntryLine) -> list[Any]:
        """What the bytes must say at _COLUMNS, by the columns of the entry and its act."""
        return [
            FORMAT,
            self.origin,
            self.book,
            entry.sequence,
            entry.previous_hash,
            entry.kind,
            entry.recorded_at,
            entry.act_id,
            entry.act_key,
            entry.act_authentication,
            entry.act_station,
            str(entry.act_actor),
        ]


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


_Row = tuple[RecordKind, TypedRow]
"""A typed row with its kind, which tells what its entry must say."""


def _typed_rows(apprenticeship: Apprenticeship) -> dict[str, list[_Row]]:
    """Every typed row of the book by the id, as the database writes it, of the entry that it points at."""
    rows: dict[str, list[_Row]] = {}
    for kind in record_kinds().values():
        for row in kind.rows(apprenticeship):
            entry = row.entry_id
            rows.setdefault(entry if type(entry) is str else written(entry), []).append((kind, row))
    return rows


def _row_findings(entry: EntryLine, content: dict[str, Any], rows: Sequence[_Row]) -> list[Finding]:
    """Hold the typed row to its entry, and the entry to having exactly one."""
    found, own = [], 0
    for kind, row in rows:
        own += kind.code == entry.kind
        if kind.code == entry.kind and own == 1:
            expected = kind.describe(row)
            found += _parts(tuple(expected)).differences(entry.sequence, content, [*expected.values()])
        else:
            found.append(_stray(entry.sequence, kind.code))
    if not own and entry.kind in record_kinds():
        found.append(Finding(entry.sequence, _("The entry has lost its row of kind %(kind)s.") % {"kind": entry.kind}))
    return found


def _stray_findings(rows: Mapping[str, Sequence[_Row]]) -> list[Finding]:
    """The rows of the book that point at entries of another one."""
    places = {written(pk): place for pk, place in RecordEntry.objects.filter(pk__in=rows).values_list("pk", "sequence")}
    return [_stray(places[pk], kind.code) for pk, lost in rows.items() for kind, _row in lost]


def _stray(sequence: int, code: str) -> Finding:
    return Finding(sequence, _("A row of kind %(kind)s points at an entry that is not its own.") % {"kind": code})


def _digests(body: Any) -> list[str]:
    """What an entry's body carries of sealed texts; nothing where forged bytes make it something else."""
    members = body.values() if isinstance(body, dict) else ()
    return [m for m in members if type(m) is str and len(m) == DIGEST_LENGTH and DIGEST.fullmatch(m)]


def _seal_findings(carried: Mapping[str, int]) -> tuple[list[Finding], int]:
    sealed = {text.digest: text for text in seal_rows(carried)}
    findings = []
    for digest, sequence in carried.items():
        if digest not in sealed:
            findings.append(Finding(sequence, _("A sealed text of the entry is missing.")))
        elif not is_intact(sealed[digest]):
            findings.append(Finding(sequence, _("A sealed text of the entry was changed.")))
    return findings, sum(1 for text in sealed.values() if text.removed_at)


def _standing_findings(apprenticeship: Apprenticeship, turns: Iterable[standing.Turn]) -> Iterable[Finding]:
    """Compare what stands now, as pages show it, with what the signatures come to; `turns` are the book's."""
    stored = {row.skill_id: _values(row) for row in SkillStanding.objects.filter(apprenticeship=apprenticeship)}
    for row, sequence in standing.folded(apprenticeship, turns):
        if stored.pop(row.skill_id, None) != _values(row):
            yield Finding(sequence, _("What stands now for this skill is not what was signed."))
    if stored:
        yield Finding(0, _("Something stands now for a skill that was never signed."))


def _values(row: SkillStanding) -> tuple[Any, ...]:
    return row.sign_off_id, row.revocation_id, row.counter_signature_id, row.attained, row.due_on
