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
from apprenticeship.checked_rows import Ids, IdText, SignOffRow, sign_off_rows
from apprenticeship.models import Apprenticeship, Revocation, TestUse
from apprenticeship.record import level_in_entry, skill_in_entry
from apprenticeship.signing import procedure_in_entry
from competencies.models import RatingLevel, Skill


class TypedRow(Protocol):
    """What the checker asks of a typed row: which entry it points at."""

    @property
    def entry_id(self) -> Any: ...


@dataclass(frozen=True)
class RecordKind:
    """One kind of entry.

    `rows` gives the typed rows of a book, models or whatever else knows its `entry_id`; `describe` gives the
    parts of the entry that the row must agree with, by dotted path from the top of the entry.
    """

    code: str
    rows: Callable[[Apprenticeship], Iterable[TypedRow]]
    describe: Callable[[Any], Mapping[str, Any]]


@cache
def record_kinds() -> dict[str, RecordKind]:
    """All kinds by code, as the layers named them in settings.RECORD_KINDS."""
    kinds = [import_string(path) for path in settings.RECORD_KINDS]
    return {kind.code: kind for kind in kinds}


def digest_or_none(text: SealedText | None) -> str | None:
    """What an entry carries of a sealed text."""
    return text.digest if text else None


class SignedRow(NamedTuple):
    """One sign-off with what it points at, told once for all that share it."""

    entry_id: str
    book: str
    columns: SignOffRow
    skill: Mapping[str, Any]
    scale: str
    level: Mapping[str, Any]
    tests: Sequence[int]


def _sign_offs(apprenticeship: Apprenticeship) -> Iterable[SignedRow]:
    """Read as plain columns, because they are most of every book; four queries."""
    rows, ids = sign_off_rows(apprenticeship), Ids()
    skills = Skill.objects.filter(pk__in={row.skill for row in rows}).select_related("skill_set", "parent")
    levels = RatingLevel.objects.filter(pk__in={row.level for row in rows}).select_related("scale")
    skill_by_id = {str(skill.pk): skill_in_entry(skill) for skill in skills}
    level_by_id = {str(level.pk): (level.scale.code, level_in_entry(level)) for level in levels}
    tests: dict[str, list[int]] = defaultdict(list)
    uses = TestUse.objects.filter(sign_off__apprenticeship=apprenticeship)
    for entry, sequence in uses.values_list(IdText("sign_off__entry"), "test_result__entry__sequence"):
        tests[ids[entry]].append(sequence)
    book = str(apprenticeship.pk)
    for row in rows:
        used = sorted(tests.get(row.entry_id, ()))
        yield SignedRow(row.entry_id, book, row, skill_by_id[row.skill], *level_by_id[row.level], used)


def _describe_sign_off(row: SignedRow) -> Mapping[str, Any]:
    columns = row.columns
    return {
        "apprenticeship": row.book,
        "by.id": columns.signer,
        "body.skill": row.skill,
        "body.scale": row.scale,
        "body.level": row.level,
        "body.method": columns.method,
        "body.observed_on": columns.observed_on.isoformat(),
        "body.worksite.id": columns.worksite,
        "body.note": columns.note,
        "body.replaces": columns.replaces,
        "body.late_reason": columns.late_reason,
        "body.procedure": procedure_in_entry(columns.procedure_number, columns.procedure_version),
        "body.needs_counter_signature": columns.needs_counter_signature or None,
        "body.tests": row.tests or None,
    }


def _revocations(apprenticeship: Apprenticeship) -> Iterable[Revocation]:
    return Revocation.objects.filter(entry__apprenticeship=apprenticeship).select_related(
        "entry", "reason", "sign_off__entry", "sign_off__skill__skill_set", "sign_off__skill__parent"
    )


def _describe_revocation(row: Revocation) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.sign_off.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.sign_off": row.sign_off.entry.sequence,
        "body.skill": skill_in_entry(row.sign_off.skill),
        "body.kind": row.kind,
        "body.reason": digest_or_none(row.reason),
    }


SIGN_OFF = RecordKind(code="sign_off", rows=_sign_offs, describe=_describe_sign_off)
REVOCATION = RecordKind(code="revocation", rows=_revocations, describe=_describe_revocation)
