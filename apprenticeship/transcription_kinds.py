"""The kinds of entry of what was transcribed from paper, and how each typed row must agree with its entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from acts.statements import Ready
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship, Transcription, TranscriptionVoid
from apprenticeship.record import level_in_entry, skill_in_entry

ROWS = Ready(
    lambda book: Transcription.objects.filter(apprenticeship=book).select_related(
        "skill__skill_set", "skill__parent", "level__scale"
    ),
    "book",
)
VOIDS = Ready(
    lambda book: TranscriptionVoid.objects.filter(entry__apprenticeship=book).select_related(
        "reason", "transcription__entry", "transcription__skill__skill_set", "transcription__skill__parent"
    ),
    "book",
)


def _transcriptions(apprenticeship: Apprenticeship) -> Iterable[Transcription]:
    return ROWS(book=apprenticeship.pk)


def _describe_transcription(row: Transcription) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.skill": skill_in_entry(row.skill),
        "body.scale": row.level.scale.code,
        "body.level": level_in_entry(row.level),
        "body.signer": {"name": row.signer_name, "role": row.signer_role},
        "body.signed_on": row.signed_on.isoformat(),
    }


def _voids(apprenticeship: Apprenticeship) -> Iterable[TranscriptionVoid]:
    return VOIDS(book=apprenticeship.pk)


def _describe_void(row: TranscriptionVoid) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.transcription.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.transcription": row.transcription.entry.sequence,
        "body.skill": skill_in_entry(row.transcription.skill),
        "body.reason": row.reason.digest,
    }


TRANSCRIPTION = RecordKind(code="transcription", rows=_transcriptions, describe=_describe_transcription)
TRANSCRIPTION_VOID = RecordKind(code="transcription_void", rows=_voids, describe=_describe_void)
