"""What somebody signed on paper: transcribed by one, verified or refused by another."""

import uuid
from datetime import date, timedelta

from accounts.models import User
from apprenticeship.models import Apprenticeship, Method, SignOff, Transcription, TranscriptionVoid
from apprenticeship.signoff import SignOffLine, sign_off_many
from apprenticeship.transcribing import Paper, PaperLine, transcribe_many, void_transcriptions
from apprenticeship.transcriptions_shown import loaded
from tests.cast import STARTS_ON, fresh, level_of, skill_of, viewer_for
from tests.evidence.files import PDF, uploaded

SIGNED_ON = STARTS_ON + timedelta(days=9)


def transcribed(
    book: Apprenticeship,
    by: User,
    *codes: str,
    key: str = "",
    level: str | None = None,
    day: date = SIGNED_ON,
    signer: str = "R. Alvarez",
    role: str = "Journeyworker",
    scans: tuple[uuid.UUID, ...] | None = None,
) -> list[Transcription]:
    """The skills `codes` from one sheet with its scan, as `by` copies them."""
    if scans is None:
        scans = (uploaded(book, by, PDF + uuid.uuid4().bytes.hex().encode(), name="sheet.pdf").pk,)
    skills = [skill_of(book, code) for code in codes or ("1.1",)]
    made = transcribe_many(
        viewer=viewer_for(by),
        key=key or str(uuid.uuid4()),
        apprenticeship=fresh(book),
        lines=[PaperLine(skill, level_of(skill, level), day) for skill in skills],
        paper=Paper(signer, role, scans),
    )
    found = loaded(Transcription.objects.all()).in_bulk([row.pk for row in made])
    return [found[row.pk] for row in made]


def paper_verified(by: User, *rows: Transcription, replaces: SignOff | None = None, key: str = "") -> list[SignOff]:
    """What was transcribed, compared with its scan by somebody else; `replaces` is what they saw standing."""
    lines = [
        SignOffLine(
            apprenticeship=fresh(row.apprenticeship),
            skill=row.skill,
            level=row.level,
            method=Method.TRANSCRIBED,
            observed_on=row.signed_on,
            replaces=replaces.pk if replaces else None,
            transcription=row,
        )
        for row in rows
    ]
    return sign_off_many(viewer=viewer_for(by), key=key or str(uuid.uuid4()), lines=lines)


def paper_refused(
    by: User, *rows: Transcription, reason: str = "Not readable.", key: str = ""
) -> list[TranscriptionVoid]:
    """What was transcribed, taken out for a reason."""
    viewer, key = viewer_for(by), key or str(uuid.uuid4())
    return void_transcriptions(viewer=viewer, key=key, transcriptions=rows, reason=reason)
