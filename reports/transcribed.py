"""What was transcribed from paper, as the time line of a skill tells it: from the bytes of its entries."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from apprenticeship.models import Apprenticeship, Transcription, TranscriptionVoid
from apprenticeship.record import EntryIllegible, read, told
from apprenticeship.transcription_querysets import TranscriptionQuerySet
from competencies.models import Skill
from reports.codes import Signed, head_of


@dataclass(frozen=True)
class Transcribed(Signed):
    """One transcription: who signed on paper, as what, when, at which level; the head is the transcriber's.

    It `waits`, or it was verified or taken out (`taken_out`) since.
    """

    transcription_id: uuid.UUID
    signer: str
    signer_role: str
    signed_on: date
    level: str
    level_sentence: str
    waits: bool
    taken_out: bool


@dataclass(frozen=True)
class TakenOut(Signed):
    """That a transcription was withdrawn or refused: who said so, and when. The reason is sealed."""

    of_sequence: int


def transcriptions_about(apprenticeship: Apprenticeship, skill: Skill) -> TranscriptionQuerySet:
    """The transcriptions of one skill in one book, with all that `transcribed_of` reads."""
    rows = Transcription.objects.filter(apprenticeship=apprenticeship, skill=skill)
    return rows.select_related("entry", "void__entry", "void__reason")


def waiting_among(rows: Iterable[Transcription]) -> set[uuid.UUID]:
    """The ids of those that nobody has verified or taken out; no query for none."""
    ids = [row.pk for row in rows]
    return set(Transcription.objects.waiting().filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def transcribed_of(row: Transcription, *, waits: bool) -> Transcribed | None:
    """The transcription as its entry's bytes tell it, or None where they cannot be read."""
    try:
        content = read(row.entry)
        return Transcribed(
            **head_of(content),
            transcription_id=row.pk,
            signer=told(content, "body.signer.name", str),
            signer_role=told(content, "body.signer.role", str),
            signed_on=date.fromisoformat(told(content, "body.signed_on", str)),
            level=told(content, "body.level.label", str),
            level_sentence=told(content, "body.level.sentence", str),
            waits=waits,
            taken_out=hasattr(row, "void"),
        )
    except (EntryIllegible, ValueError):  # the day that was given may be none
        return None


def taken_out_of(void: TranscriptionVoid) -> TakenOut | None:
    """Who took a transcription out and when, or None where the bytes cannot be read; load `entry`."""
    try:
        content = read(void.entry)
        return TakenOut(**head_of(content), of_sequence=told(content, "body.transcription", int))
    except EntryIllegible:
        return None
