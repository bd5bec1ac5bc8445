"""Bringing in sign-offs that were made on paper: the transcriber signs that it is written off rightly, no more.

A transcription counts for nothing. A second person compares it with its scan and verifies it by a sign-off of the
method "transcribed" (`signoff.sign_off_many`), or refuses it; who transcribed it may withdraw it until then.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from acts.sealing import can_be_kept, seal_many
from apprenticeship.evidence import EvidenceInvalid, in_entry, take
from apprenticeship.lines import Problem
from apprenticeship.meaning import TRANSCRIPTION_MEANING, meaning_of_transcription_void
from apprenticeship.models import (
    LONGEST_SIGNER,
    Apprenticeship,
    Evidence,
    SkillStanding,
    Transcription,
    TranscriptionEvidence,
    TranscriptionVoid,
)
from apprenticeship.record import (
    MOST_ENTRIES_IN_ONE_ACT,
    Draft,
    TooManyEntries,
    append_many,
    level_in_entry,
    lock_books,
    skill_in_entry,
)
from apprenticeship.running import NotRunning, rests
from apprenticeship.verification import standard_in_entry
from competencies.models import RatingLevel, Skill

LONGEST_REASON = 2000
"""How many characters the reason for refusing or withdrawing may have."""


@dataclass(frozen=True)
class PaperLine:
    """One skill on the paper: at which level, signed on which day."""

    skill: Skill
    level: RatingLevel
    signed_on: date


@dataclass(frozen=True)
class Paper:
    """What all lines of one sheet share: who signed it, as what, both as written; and its scans, by id."""

    signer_name: str
    signer_role: str
    scans: tuple[uuid.UUID, ...]


class TranscriptionInvalid(Exception):
    """Wrong input; nothing was transcribed. `problems` name the line (from 0), the field and what to do. 400."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)


class TranscriptionConflict(TranscriptionInvalid):
    """The book has something already that these lines would contradict; nothing was transcribed. 409."""


class TranscribedWhileNotRunning(NotRunning):
    """The apprenticeship is suspended or cancelled; nothing was transcribed. The edge answers 409."""


class TranscriptionClosed(Exception):
    """Some of these were verified, refused or withdrawn before. The edge answers 409."""


def transcribe_many(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, lines: Sequence[PaperLine], paper: Paper
) -> list[Transcription]:
    """Write all `lines` of one sheet into the book as transcribed, or none; in the order of the lines.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, NotYetAccepted,
    ProofNeeded, TooManyEntries, TranscriptionInvalid, TranscriptionConflict, TranscribedWhileNotRunning; after any of
    them nothing is stored.
    """
    if len(lines) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    prefetch_related_objects([line.skill for line in lines], "skill_set", "parent")
    with transaction.atomic():
        require(viewer, Permission.TRANSCRIBE, on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="transcribe",
            request=_as_request(apprenticeship, lines, paper),
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, [apprenticeship.sponsor])
        if problems := _problems(viewer, apprenticeship, lines, paper):
            raise TranscriptionInvalid(problems)
        heads = lock_books([apprenticeship.pk])
        if told := rests([apprenticeship], heads):
            raise TranscribedWhileNotRunning(told[apprenticeship.pk])
        if conflicts := _conflicts(apprenticeship, lines):
            raise TranscriptionConflict(conflicts)
        try:
            (scans,) = take([(apprenticeship, None, paper.scans)], viewer=viewer, act=begun.act)
        except EvidenceInvalid as refusal:
            raise TranscriptionInvalid([Problem(0, "scans", refusal.message)]) from refusal
        drafts = [_draft(viewer, apprenticeship, line, paper, scans) for line in lines]
        entries = append_many(drafts, viewer=viewer, act=begun.act, heads=heads)
        made = Transcription.objects.bulk_create(
            Transcription(
                entry=entry,
                apprenticeship=apprenticeship,
                skill=line.skill,
                level=line.level,
                signer_name=paper.signer_name,
                signer_role=paper.signer_role,
                signed_on=line.signed_on,
                by=viewer.person,
            )
            for entry, line in zip(entries, lines, strict=True)
        )
        TranscriptionEvidence.objects.bulk_create(
            TranscriptionEvidence(transcription=row, evidence=scan) for row in made for scan in scans
        )
        finish_act(begun.act, [row.pk for row in made])
        return made


def void_transcriptions(
    *, viewer: Viewer, key: str, transcriptions: Sequence[Transcription], reason: str
) -> list[TranscriptionVoid]:
    """Take out what still waits, for one sealed `reason`: one's own is withdrawn, another's refused. All or none.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, NotYetAccepted,
    ProofNeeded, TranscriptionInvalid, TranscriptionClosed, TooManyEntries; after any of them nothing is stored.
    """
    reason = reason.strip()
    rows = list({row.pk: row for row in transcriptions}.values())
    with transaction.atomic():
        for row in rows:
            require(viewer, Permission.VERIFY, on=row)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="void_transcription",
            request={"transcriptions": [str(row.pk) for row in rows], "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            found = TranscriptionVoid.objects.in_bulk([uuid.UUID(pk) for pk in begun.act.result_ids])
            return [found[uuid.UUID(pk)] for pk in begun.act.result_ids]
        require_proof(viewer, (row.apprenticeship.sponsor for row in rows))
        if problems := [Problem(0, name, message) for name, message in problems_of_reason(rows, reason)]:
            raise TranscriptionInvalid(problems)
        heads = lock_books(row.apprenticeship_id for row in rows)
        require_waiting(rows)
        seals = seal_many([(reason, row.sponsor_id) for row in rows], at=viewer.at)
        drafts = [_void_draft(viewer, row, sealed.digest) for row, sealed in zip(rows, seals, strict=True)]
        entries = append_many(drafts, viewer=viewer, act=begun.act, heads=heads)
        made = TranscriptionVoid.objects.bulk_create(
            TranscriptionVoid(entry=entry, transcription=row, by=viewer.person, reason=sealed)
            for entry, row, sealed in zip(entries, rows, seals, strict=True)
        )
        finish_act(begun.act, [void.pk for void in made])
        return made


def require_waiting(transcriptions: Iterable[Transcription]) -> None:
    """Raise TranscriptionClosed unless all still wait; the books are locked, so it stays so."""
    wanted = {row.pk for row in transcriptions}
    if wanted and Transcription.objects.waiting().filter(pk__in=wanted).count() != len(wanted):
        raise TranscriptionClosed


def overtaken(standing: SkillStanding | None, signed_on: date) -> bool:
    """Whether what stands for a skill makes an older paper say nothing new: it is attained, or of a later day."""
    live = standing.sign_off if standing else None
    return live is not None and (live.level.attained or live.observed_on > signed_on)


def problems_of_reason(rows: Sequence[Transcription], reason: str) -> list[tuple[str, str]]:
    """What is wrong with what one wants to take out, as (field, what to do)."""
    if not rows:
        return [("lines", _("Tick at least one line."))]
    if not reason:
        return [("reason", _("Say why; it stays beside what was transcribed."))]
    if len(reason) > LONGEST_REASON or not can_be_kept(reason):
        return [("reason", _("Keep it to %(most)s plain characters.") % {"most": LONGEST_REASON})]
    return []


def paper_in_entry(row: Transcription) -> dict[str, Any]:
    """Which paper a verifying sign-off stands on, as its entry carries it; load `entry` and `by`."""
    return {
        "entry": row.entry.sequence,
        "signer": row.signer_name,
        "role": row.signer_role,
        "transcriber": row.by.name,
    }


def _as_request(book: Apprenticeship, lines: Sequence[PaperLine], paper: Paper) -> dict[str, Any]:
    return {
        "apprenticeship": str(book.pk),
        "signer_name": paper.signer_name,
        "signer_role": paper.signer_role,
        "scans": [str(pk) for pk in paper.scans],
        "lines": [[str(line.skill.pk), str(line.level.pk), line.signed_on.isoformat()] for line in lines],
    }


def _earlier(act: Act) -> list[Transcription]:
    found = Transcription.objects.in_bulk([uuid.UUID(pk) for pk in act.result_ids])
    return [found[uuid.UUID(pk)] for pk in act.result_ids]


def _problems(viewer: Viewer, book: Apprenticeship, lines: Sequence[PaperLine], paper: Paper) -> list[Problem]:
    problems = [] if lines else [Problem(0, "lines", _("Tick at least one skill."))]
    for name, text in (("signer_name", paper.signer_name), ("signer_role", paper.signer_role)):
        if not text.strip():
            problems.append(Problem(0, name, _("Write it as it stands on the paper.")))
        elif len(text) > LONGEST_SIGNER or not can_be_kept(text):
            problems.append(Problem(0, name, _("Keep it to %(most)s plain characters.") % {"most": LONGEST_SIGNER}))
    if not paper.scans:
        problems.append(Problem(0, "scans", _("Add a scan or a photo of the paper.")))
    seen: set[uuid.UUID] = set()
    for place, line in enumerate(lines):
        if line.skill.pk in seen:
            problems.append(Problem(place, "skill", _("This skill is in the list twice.")))
        seen.add(line.skill.pk)
        problems += [Problem(place, name, message) for name, message in _problems_of_line(viewer, book, line)]
    return problems


def _problems_of_line(viewer: Viewer, book: Apprenticeship, line: PaperLine) -> list[tuple[str, str]]:
    problems = []
    if line.skill.skill_set.version_id != book.terms.standard_version_id:
        problems.append(("skill", _("This skill is not part of the standard this apprentice follows.")))
    if line.level.scale_id != line.skill.scale_id:
        problems.append(("level", _("This level is not on the scale of this skill.")))
    if line.signed_on > viewer.today(book.sponsor):
        problems.append(("signed_on", _("The date is in the future. Enter the day that the paper names.")))
    elif line.signed_on < book.starts_on:
        told = _("The date is before the apprenticeship began. For what was learned before it, grant credit.")
        problems.append(("signed_on", told))
    return problems


def _conflicts(book: Apprenticeship, lines: Sequence[PaperLine]) -> list[Problem]:
    skills = [line.skill.pk for line in lines]
    waits = Transcription.objects.waiting().filter(apprenticeship=book, skill__in=skills)
    waiting = set(waits.values_list("skill", flat=True))
    rows = SkillStanding.objects.filter(apprenticeship=book, skill__in=skills).select_related("sign_off__level")
    standing = {row.skill_id: row for row in rows}
    problems = []
    for place, line in enumerate(lines):
        if line.skill.pk in waiting:
            told = _("This skill was transcribed before and waits to be verified.")
            problems.append(Problem(place, "skill", told))
        elif overtaken(standing.get(line.skill.pk), line.signed_on):
            told = _("A signature that is attained or of a later day stands for this skill. The paper adds nothing.")
            problems.append(Problem(place, "skill", told))
    return problems


def _draft(viewer: Viewer, book: Apprenticeship, line: PaperLine, paper: Paper, scans: Sequence[Evidence]) -> Draft:
    return Draft(
        apprenticeship=book,
        kind="transcription",
        role=acting_role(viewer, Permission.TRANSCRIBE, on=book),
        body={
            "skill": skill_in_entry(line.skill),
            "standard": standard_in_entry(book.terms.standard_version),
            "terms": book.terms.number,
            "scale": line.level.scale.code,
            "level": level_in_entry(line.level),
            "signer": {"name": paper.signer_name, "role": paper.signer_role},
            "signed_on": line.signed_on.isoformat(),
            "evidence": in_entry(scans),
            "meaning": {"language": get_language() or "en", "text": str(TRANSCRIPTION_MEANING)},
        },
    )


def _void_draft(viewer: Viewer, row: Transcription, digest: str) -> Draft:
    meaning: Mapping[str, str] = {
        "language": get_language() or "en",
        "text": meaning_of_transcription_void(own=row.by_id == viewer.user_id),
    }
    return Draft(
        apprenticeship=row.apprenticeship,
        kind="transcription_void",
        role=acting_role(viewer, Permission.VERIFY, on=row),
        body={
            "transcription": row.entry.sequence,
            "skill": skill_in_entry(row.skill),
            "reason": digest,
            "meaning": meaning,
        },
    )
