"""The kinds of entry of this layer, and how each typed row must agree with its entry.

The closed list of all kinds is settings.RECORD_KINDS, described in `docs/record-format.md`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from acts.models import SealedText
from apprenticeship.models import Apprenticeship, Revocation, SignOff
from apprenticeship.record import skill_in_entry
from apprenticeship.signing import procedure_in_entry


@dataclass(frozen=True)
class RecordKind:
    """One kind of entry.

    `rows` gives the typed rows of a book, each with its `entry`; `describe` gives the parts of the
    entry that the row must agree with, by dotted path from the top of the entry.
    """

    code: str
    rows: Callable[[Apprenticeship], Iterable[models.Model]]
    describe: Callable[[Any], Mapping[str, Any]]


@cache
def record_kinds() -> dict[str, RecordKind]:
    """All kinds by code, as the layers named them in settings.RECORD_KINDS."""
    kinds = [import_string(path) for path in settings.RECORD_KINDS]
    return {kind.code: kind for kind in kinds}


def digest_or_none(text: SealedText | None) -> str | None:
    """What an entry carries of a sealed text."""
    return text.digest if text else None


def _sign_offs(apprenticeship: Apprenticeship) -> Iterable[SignOff]:
    return (
        SignOff.objects.filter(apprenticeship=apprenticeship)
        .select_related(
            "entry",
            "skill__skill_set",
            "skill__parent",
            "level__scale",
            "worksite",
            "note",
            "late_reason",
            "replaces__entry",
        )
        .prefetch_related("tests_used__test_result__entry")
    )


def _describe_sign_off(row: SignOff) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.signer_id),
        "body.skill": skill_in_entry(row.skill),
        "body.scale": row.level.scale.code,
        "body.level.code": row.level.code,
        "body.level.label": row.level.label,
        "body.level.sentence": row.level.sentence,
        "body.level.attained": row.level.attained,
        "body.method": row.method,
        "body.observed_on": row.observed_on.isoformat(),
        "body.worksite.id": str(row.worksite_id) if row.worksite_id else None,
        "body.note": digest_or_none(row.note),
        "body.replaces": row.replaces.entry.sequence if row.replaces else None,
        "body.late_reason": digest_or_none(row.late_reason),
        "body.procedure": procedure_in_entry(row.procedure_number, row.procedure_version),
        "body.needs_counter_signature": row.needs_counter_signature or None,
        "body.tests": sorted(use.test_result.entry.sequence for use in row.tests_used.all()) or None,
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
