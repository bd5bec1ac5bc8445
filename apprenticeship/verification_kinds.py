"""The kinds of entry of the sponsor's verification, and how each typed row must agree with its entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from acts.statements import Ready
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship, Verification, VerificationVoid
from apprenticeship.verification import covers_in_entry, set_in_entry


def _verifications(apprenticeship: Apprenticeship) -> Iterable[Verification]:
    rows = Verification.objects.filter(apprenticeship=apprenticeship).select_related("skill_set")
    return rows.prefetch_related("covers__sign_off__entry", "covers__sign_off__skill")


def _describe_verification(row: Verification) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.set": set_in_entry(row.skill_set),
        "body.covers": covers_in_entry(cover.sign_off for cover in row.covers.all()),
    }


VOIDS = Ready(
    lambda book: VerificationVoid.objects.filter(entry__apprenticeship=book).select_related(
        "reason", "verification__entry", "verification__skill_set"
    ),
    "book",
)


def _voids(apprenticeship: Apprenticeship) -> Iterable[VerificationVoid]:
    return VOIDS(book=apprenticeship.pk)


def _describe_void(row: VerificationVoid) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.verification.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.verification": row.verification.entry.sequence,
        "body.set": set_in_entry(row.verification.skill_set),
        "body.reason": row.reason.digest,
    }


VERIFICATION = RecordKind(code="verification", rows=_verifications, describe=_describe_verification)
VERIFICATION_VOID = RecordKind(code="verification_void", rows=_voids, describe=_describe_void)
