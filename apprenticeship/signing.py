"""A line on its way into the book: the request that its act keeps, its entry's body, and its row."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from accounts.access import Permission, acting_role
from accounts.viewer import Viewer
from acts.models import SealedText
from apprenticeship.evidence import in_entry
from apprenticeship.lines import SignOffLine
from apprenticeship.meaning import meaning_of_sign_off
from apprenticeship.models import Evidence, RecordEntry, SignOff, SkillStanding, TestResult
from apprenticeship.record import Draft, level_in_entry, skill_in_entry
from apprenticeship.taken import TestTaken
from apprenticeship.transcribing import paper_in_entry


@dataclass
class Signing:
    """A line on its way: its place in the caller's list, by which mentorship, and what was made of it.

    `resting` are the tests that carry it, among them those reported with it; `rests_on` the same once all
    are in the book.
    """

    place: int
    line: SignOffLine
    qualification: str
    seen: SkillStanding | None = None
    note: SealedText | None = None
    late_reason: SealedText | None = None
    evidence: Sequence[Evidence] = ()
    resting: list[TestResult | TestTaken] = field(default_factory=list)
    rests_on: list[TestResult] = field(default_factory=list)
    made: SignOff | None = field(default=None)

    def role_of(self, viewer: Viewer) -> str:
        """In which role `viewer` signs this line."""
        return acting_role(viewer, permission_for(self.line), on=self.line.apprenticeship)


def permission_for(line: SignOffLine) -> Permission:
    """What it takes to sign the line."""
    if line.transcription:
        return Permission.VERIFY
    return Permission.GRANT_CREDIT if line.is_credit else Permission.SIGN_OFF


def live(row: SkillStanding | None) -> SignOff | None:
    """The sign-off that stands by this row of the projection."""
    return row.sign_off if row else None


def live_id(row: SkillStanding | None) -> uuid.UUID | None:
    """Its id, without a query."""
    return row.sign_off_id if row else None


def as_request(line: SignOffLine) -> dict[str, Any]:
    """What the act's request says of the line: whatever the signer decided."""
    return {
        "apprenticeship": str(line.apprenticeship.pk),
        "skill": str(line.skill.pk),
        "level": str(line.level.pk),
        "method": line.method,
        "observed_on": line.observed_on.isoformat(),
        "replaces": str(line.replaces) if line.replaces else None,
        "worksite": str(line.worksite.pk) if line.worksite else None,
        "note": line.note,
        **said(
            late_reason=line.late_reason,
            procedure=[line.procedure_number, line.procedure_version] if line.procedure_number else None,
            evidence=[str(evidence) for evidence in line.evidence],
            tests=[taken.as_request() for taken in line.tests],
            transcription=str(line.transcription.pk) if line.transcription else None,
        ),
    }


def said(**members: Any) -> dict[str, Any]:
    """The members that say something; what a form learned later stands only there, so older bytes stay as they are."""
    return {name: value for name, value in members.items() if value}


def row_of(signing: Signing, entry: RecordEntry, viewer: Viewer) -> SignOff:
    """The typed row of the entry, not yet stored."""
    line = signing.line
    return SignOff(
        entry=entry,
        apprenticeship=line.apprenticeship,
        skill=line.skill,
        level=line.level,
        method=line.method,
        observed_on=line.observed_on,
        worksite=line.worksite,
        signer=viewer.person,
        replaces_id=line.replaces,
        note=signing.note,
        late_reason=signing.late_reason,
        procedure_number=line.procedure_number,
        procedure_version=line.procedure_version,
        needs_counter_signature=line.demands.counter_signature,
    )


def draft_of(signing: Signing, viewer: Viewer) -> Draft:
    """The entry of the line: all that the printed record shows, readable without any other table."""
    line = signing.line
    replaced = live(signing.seen)
    version = line.apprenticeship.terms.standard_version
    return Draft(
        apprenticeship=line.apprenticeship,
        kind="sign_off",
        role=signing.role_of(viewer),
        qualification=signing.qualification,
        body={
            "skill": skill_in_entry(line.skill),
            "standard": {
                "title": version.title,
                "slug": version.standard.slug,
                "version": version.number,
                "hash": version.content_hash,
            },
            "terms": line.apprenticeship.terms.number,
            "scale": line.level.scale.code,
            "level": level_in_entry(line.level),
            "method": line.method,
            "observed_on": line.observed_on.isoformat(),
            "worksite": {"id": str(line.worksite.pk), "name": line.worksite.name} if line.worksite else None,
            "meaning": {
                "language": get_language() or "en",
                "text": meaning_of_sign_off(line.method, attained=line.level.attained),
            },
            "note": signing.note.digest if signing.note else None,
            "replaces": replaced.entry.sequence if replaced else None,
            **said(
                late_reason=signing.late_reason.digest if signing.late_reason else None,
                procedure=procedure_in_entry(line.procedure_number, line.procedure_version),
                needs_counter_signature=line.demands.counter_signature,
                evidence=in_entry(signing.evidence),
                tests=sorted(test.entry.sequence for test in signing.rests_on),
                paper=paper_in_entry(line.transcription) if line.transcription else None,
            ),
        },
    )


def procedure_in_entry(number: str, version: str) -> dict[str, str] | None:
    """The procedure that the work was held against, as entries carry it."""
    return {"number": number, "version": version} if number else None
