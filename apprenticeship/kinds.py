"""The kinds of entry of this layer, and how each typed row must agree with its entry.

The closed list of all kinds is settings.RECORD_KINDS, described in `docs/record-format.md`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from acts.models import SealedText
from apprenticeship.checked_rows import (
    TRUE,
    RevocationRow,
    SignOffRow,
    as_text,
    revocation_rows,
    sign_off_rows,
)
from apprenticeship.models import Apprenticeship, Revocation, RevocationKind, SignOff, TestUse, TranscribedSignOff
from apprenticeship.record import level_in_entry, skill_in_entry
from apprenticeship.signing import procedure_in_entry
from apprenticeship.standing import Turn
from competencies.models import RatingLevel, Skill


class TypedRow(Protocol):
    """What the checker asks of a typed row: which entry it points at."""

    @property
    def entry_id(self) -> Any: ...


@dataclass(frozen=True)
class RecordKind:
    """One kind of entry.

    `rows` gives the typed rows of a book, models or whatever else knows its `entry_id`; `describe` gives the
    parts of the entry that the row must agree with, by dotted path from the top of the entry. Where an entry
    moves what stands for a skill, `turn` says how, from the row and the entry's number.
    """

    code: str
    rows: Callable[[Apprenticeship], Iterable[TypedRow]]
    describe: Callable[[Any], Mapping[str, Any]]
    turn: Callable[[Any, int], Turn] | None = None


@cache
def record_kinds() -> dict[str, RecordKind]:
    """All kinds by code, as the layers named them in settings.RECORD_KINDS."""
    kinds = [import_string(path) for path in settings.RECORD_KINDS]
    return {kind.code: kind for kind in kinds}


def digest_or_none(text: SealedText | None) -> str | None:
    """What an entry carries of a sealed text."""
    return text.digest if text else None


class PointedAt(NamedTuple):
    """What the sign-offs of one book point at, as entries carry it: by the id of the skill, level and entry."""

    skills: Mapping[str, Mapping[str, Any]]
    levels: Mapping[str, tuple[str, Mapping[str, Any]]]
    tests: Mapping[str, Sequence[int]]
    papers: Mapping[str, tuple[int, str, str]]


class SignedRow(NamedTuple):
    """One sign-off with what it points at, read once for all that share it."""

    entry_id: str
    columns: SignOffRow
    pointed_at: PointedAt


def _sign_offs(apprenticeship: Apprenticeship) -> Iterable[SignedRow]:
    """Read as plain columns, because they are most of every book; five queries."""
    rows = sign_off_rows(apprenticeship)
    found = RatingLevel.objects.filter(pk__in={row.level for row in rows}).select_related("scale")
    levels = {str(level.pk): (level.scale.code, level_in_entry(level)) for level in found}
    tests: dict[str, list[int]] = defaultdict(list)
    uses = TestUse.objects.filter(sign_off__apprenticeship=apprenticeship).order_by("test_result__entry__sequence")
    for entry, sequence in uses.values_list(as_text("sign_off__entry"), "test_result__entry__sequence"):
        tests[entry].append(sequence)
    uses_of_papers = TranscribedSignOff.objects.filter(sign_off__apprenticeship=apprenticeship).values_list(
        as_text("sign_off__entry"),
        "transcription__entry__sequence",
        "transcription__signer_name",
        "transcription__signer_role",
    )
    papers = {entry: (sequence, name, role) for entry, sequence, name, role in uses_of_papers}
    pointed_at = PointedAt(_skills_told(rows), levels, tests, papers)
    return [SignedRow(row.entry_id, row, pointed_at) for row in rows]


def _skills_told(rows: Iterable[SignOffRow | RevocationRow]) -> dict[str, Mapping[str, Any]]:
    """The skills that `rows` speak of as entries carry them, by id; one query."""
    skills = Skill.objects.filter(pk__in={row.skill for row in rows}).select_related("skill_set", "parent")
    said = skills.only("code", "text", "skill_set__title", "parent__code")
    return {str(skill.pk): skill_in_entry(skill) for skill in said}


def _describe_sign_off(row: SignedRow) -> Mapping[str, Any]:
    _entry, columns, pointed_at = row
    scale, level = pointed_at.levels[columns.level]
    paper, signer, role = pointed_at.papers.get(row.entry_id, (None, None, None))
    return {
        "apprenticeship": columns.apprenticeship,
        "by.id": columns.signer,
        "body.skill": pointed_at.skills[columns.skill],
        "body.scale": scale,
        "body.level": level,
        "body.method": columns.method,
        "body.observed_on": columns.observed_on,
        "body.note": columns.note,
        "body.replaces": columns.replaces,
        "body.late_reason": columns.late_reason,
        "body.procedure": procedure_in_entry(columns.procedure_number, columns.procedure_version),
        "body.needs_counter_signature": True if columns.needs_counter_signature in TRUE else None,
        "body.tests": pointed_at.tests.get(row.entry_id),
        "body.worksite.id": columns.worksite,
        "body.paper.entry": paper,
        "body.paper.signer": signer,
        "body.paper.role": role,
    }


class RevokedRow(NamedTuple):
    """One revocation with the skill it is about."""

    entry_id: str
    columns: RevocationRow
    skill: Mapping[str, Any]


def _revocations(apprenticeship: Apprenticeship) -> Iterable[RevokedRow]:
    """Read as plain columns too; two queries."""
    rows = revocation_rows(apprenticeship)
    skill_by_id = _skills_told(rows)
    return [RevokedRow(row.entry_id, row, skill_by_id[row.skill]) for row in rows]


def _describe_revocation(row: RevokedRow) -> Mapping[str, Any]:
    columns = row.columns
    return {
        "apprenticeship": columns.apprenticeship,
        "by.id": columns.by,
        "body.sign_off": columns.sign_off,
        "body.skill": row.skill,
        "body.kind": columns.kind,
        "body.reason": columns.reason,
    }


def _turn_of_sign_off(row: SignedRow, place: int) -> Turn:
    return Turn(place, row.columns.skill, place, SignOff)


def _turn_of_revocation(row: RevokedRow, place: int) -> Turn:
    columns = row.columns
    return Turn(place, columns.skill, columns.sign_off, Revocation, columns.kind == RevocationKind.MISTAKE)


SIGN_OFF = RecordKind("sign_off", _sign_offs, _describe_sign_off, _turn_of_sign_off)
REVOCATION = RecordKind("revocation", _revocations, _describe_revocation, _turn_of_revocation)
