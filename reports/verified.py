"""What the sponsor has verified of one book, what that no longer covers and why, and what is ready to be verified.

A verification makes nothing attained and takes nothing away; it stands beside the mentors' sign-offs.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.models import (
    Apprenticeship,
    RecordEntry,
    RevocationKind,
    SignOff,
    Verification,
    VerificationVoid,
    VerifiedSignOff,
)
from apprenticeship.record import EntryIllegible, read
from reports.codes import Signed, head_of
from reports.progress import Progress, SetProgress, SkillProgress
from reports.sealed import Sealed, sealed_of


@dataclass(frozen=True)
class Statement(Signed):
    """Who verified, or took a verification back, as the entry's bytes tell it."""


@dataclass(frozen=True)
class Verified:
    """One verification: `statement` is None where its entry cannot be read. `lost` says in words what changed since.

    `void` is the statement that took it back, `reason` why, for those who may read it.
    """

    verification_id: uuid.UUID
    skill_set_id: uuid.UUID | None
    covers: int
    statement: Statement | None
    lost: tuple[str, ...]
    is_void: bool = False
    void: Statement | None = None
    reason: Sealed | None = None

    @property
    def kept(self) -> int:
        """How many of the sign-offs it covers still count."""
        return self.covers - len(self.lost)


@dataclass(frozen=True)
class Part:
    """A set, or the whole (`part` is None), with its verifications, the newest first.

    `is_verified`: everything required is attained and all that counts is covered. `is_ready`: everything is
    attained and something of it is not covered.
    """

    part: SetProgress | None
    verifications: tuple[Verified, ...]
    is_complete: bool
    is_verified: bool

    @property
    def is_ready(self) -> bool:
        return self.is_complete and not self.is_verified

    @property
    def last(self) -> Verified | None:
        """The newest one that was not taken back."""
        return next((one for one in self.verifications if not one.is_void), None)


@dataclass(frozen=True)
class VerifiedBook:
    """The whole and every set of one book."""

    whole: Part
    sets: Mapping[uuid.UUID, Part]

    @property
    def done(self) -> int:
        """How many sets are verified as they stand."""
        return sum(part.is_verified for part in self.sets.values())


def verified_of(apprenticeship: Apprenticeship, progress: Progress, *, viewer: Viewer | None = None) -> VerifiedBook:
    """What is verified of this book as `progress` has it; three queries, one where nothing ever was.

    Reasons are told only to a `viewer` who may read sealed texts.
    """
    rows = list(
        Verification.objects.filter(apprenticeship=apprenticeship)
        .select_related("entry", "void__entry", "void__reason")
        .order_by("-entry__sequence")
    )
    covers: dict[uuid.UUID, list[SignOff]] = {row.pk: [] for row in rows}
    if rows:
        wanted = VerifiedSignOff.objects.filter(verification__in=rows).select_related(
            "sign_off__skill", "sign_off__revocation", "sign_off__entry"
        )
        for cover in wanted.order_by("sign_off__entry__sequence"):
            covers[cover.verification_id].append(cover.sign_off)
    may_read = viewer is not None and permits(viewer, Permission.READ_SEALED_TEXT, on=apprenticeship)
    told_by = {row.pk: _verified(row, covers[row.pk], progress, may_read=may_read) for row in rows}
    wholes = [row for row in rows if row.skill_set_id is None]
    return VerifiedBook(
        whole=_part(None, list(progress.all_skills), wholes, told_by, covers),
        sets={
            part.skill_set_id: _part(
                part,
                part.all_skills,
                [row for row in rows if row.skill_set_id in (None, part.skill_set_id)],
                told_by,
                covers,
            )
            for part in progress.sets
        },
    )


def _part(
    part: SetProgress | None,
    skills: Sequence[SkillProgress],
    rows: Sequence[Verification],
    told_by: Mapping[uuid.UUID, Verified],
    covers: Mapping[uuid.UUID, Sequence[SignOff]],
) -> Part:
    counting = {skill.signature.sign_off_id for skill in skills if skill.attained and skill.signature}
    standing = [row for row in rows if not hasattr(row, "void")]
    covered = {sign_off.pk for row in standing for sign_off in covers[row.pk]}
    complete = bool(skills) and all(skill.attained for skill in skills if skill.required)
    mine = [row for row in rows if row.skill_set_id == (part.skill_set_id if part else None)]
    return Part(
        part=part,
        verifications=tuple(told_by[row.pk] for row in mine),
        is_complete=complete,
        is_verified=complete and bool(counting) and counting <= covered,
    )


def _verified(row: Verification, covers: Sequence[SignOff], progress: Progress, *, may_read: bool) -> Verified:
    void: VerificationVoid | None = getattr(row, "void", None)
    return Verified(
        verification_id=row.pk,
        skill_set_id=row.skill_set_id,
        covers=len(covers),
        statement=statement_of(row.entry),
        lost=tuple(_lost(covers, progress)),
        is_void=void is not None,
        void=statement_of(void.entry) if void else None,
        reason=sealed_of(void.reason, may_read=may_read) if void else None,
    )


def _lost(covers: Iterable[SignOff], progress: Progress) -> Iterable[str]:
    """In words, what a verification covered that counts no more, in the order of the book."""
    for sign_off in covers:
        now = progress.skill(sign_off.skill_id)
        if now is None or not (now.attained and now.signature and now.signature.sign_off_id == sign_off.pk):
            yield _why(sign_off, now)


def _why(sign_off: SignOff, now: SkillProgress | None) -> str:
    code, revocation = sign_off.skill.code, getattr(sign_off, "revocation", None)
    if revocation is not None:
        mistake = revocation.kind == RevocationKind.MISTAKE
        said = _("%(code)s was entered by mistake") if mistake else _("%(code)s no longer stands")
        return said % {"code": code}
    live = now.live_signature if now else None
    if live and live.sign_off_id != sign_off.pk:
        told_now = {"code": code, "level": live.level, "number": live.sequence}
        return _("%(code)s was signed again (%(level)s, entry %(number)s)") % told_now
    if now and now.missing_steps:
        return _("%(code)s counts no more: %(why)s") % {"code": code, "why": "; ".join(now.missing_steps)}
    return _("%(code)s counts no more") % {"code": code}


def statement_of(entry: RecordEntry) -> Statement | None:
    """Who said it and when, as the entry's bytes tell it, or None where they cannot be read."""
    try:
        return Statement(**head_of(read(entry)))
    except EntryIllegible:
        return None
