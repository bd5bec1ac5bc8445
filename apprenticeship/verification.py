"""The sponsor's verification of a skill set, or of the whole (29 CFR 29.5(b)(2)): a signature over sign-offs.

Not to be taken for `verifying`, which checks the chain. A coordinator or administrator who signed none
of it verifies exactly the sign-offs that they saw. It makes nothing attained and takes nothing away; what
is signed later it does not cover. Taking one back is an entry too.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act, SealedText
from acts.sealing import can_be_kept, seal
from apprenticeship.announcing import Telling, announce
from apprenticeship.meaning import meaning_of_verification, meaning_of_verification_void
from apprenticeship.models import (
    Apprenticeship,
    RecordHead,
    SignOff,
    SkillStanding,
    Verification,
    VerificationVoid,
    VerifiedSignOff,
)
from apprenticeship.record import Draft, append_many, lock_books
from competencies.models import Skill, SkillSet, StandardVersion

LONGEST_REASON = 2000
"""How many characters the reason for taking a verification back may have."""


class VerificationInvalid(Exception):
    """Wrong input: a set of another standard, nothing seen, or no usable reason. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class SignedItOneself(NotPermitted):
    """Somebody else has to verify this: `codes` are the skills that the viewer signed."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(Permission.VERIFY)
        self.codes = list(codes)


class NotYetAttained(Exception):
    """There is nothing to verify yet: these required skills are not attained. The edge answers 409."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = list(codes)


class AlreadyVerified(Exception):
    """Everything that stands is verified, and nothing has changed since. The edge answers 409."""


class NotWhatWasSeen(Exception):
    """What stands is not what the viewer saw: `changed` names the skills. The edge answers 409."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = list(codes)


class AlreadyVoided(Exception):
    """The verification was taken back before. The edge answers 409."""


@dataclass(frozen=True)
class Verifiable:
    """What there is to verify in one set or in the whole: what stands, what lacks, and what is verified of it."""

    sign_offs: tuple[SignOff, ...]
    lacking: tuple[Skill, ...]
    verified: frozenset[uuid.UUID]

    @property
    def ids(self) -> frozenset[uuid.UUID]:
        return frozenset(sign_off.pk for sign_off in self.sign_offs)

    @property
    def is_ready(self) -> bool:
        """Whether everything required is attained, and something of it is not verified yet."""
        return not self.lacking and not self.is_verified

    @property
    def is_verified(self) -> bool:
        """Whether all that stands is verified."""
        return bool(self.sign_offs) and self.ids <= self.verified

    def signed_by(self, viewer: Viewer) -> list[str]:
        """The codes of those skills that `viewer` signed."""
        return [sign_off.skill.code for sign_off in self.sign_offs if sign_off.signer_id == viewer.user_id]


def verifiable(apprenticeship: Apprenticeship, skill_set: SkillSet | None) -> Verifiable:
    """What a verification of `skill_set` (None: the whole) would cover now; three queries.

    For a set counts whatever verification covers a sign-off; for the whole only one of the whole.
    """
    skills = Skill.objects.filter(skill_set__version=apprenticeship.terms.standard_version_id)
    if skill_set:
        skills = skills.filter(skill_set=skill_set)
    rows = SkillStanding.objects.filter(apprenticeship=apprenticeship, skill__in=skills, attained=True)
    attained = {
        row.skill_id: row.sign_off
        for row in rows.select_related("sign_off__entry", "sign_off__level", "sign_off__skill", "sign_off__signer")
        if row.sign_off
    }
    ordered = list(skills.order_by("skill_set__order", "order"))
    covering = VerifiedSignOff.objects.standing().filter(verification__apprenticeship=apprenticeship)
    if skill_set is None:
        covering = covering.filter(verification__skill_set=None)
    return Verifiable(
        sign_offs=tuple(attained[skill.pk] for skill in ordered if skill.pk in attained),
        lacking=tuple(skill for skill in ordered if skill.required and skill.pk not in attained),
        verified=frozenset(covering.values_list("sign_off", flat=True)),
    )


def verify(
    *, viewer: Viewer, key: str, apprenticeship: Apprenticeship, skill_set: SkillSet | None, seen: Collection[uuid.UUID]
) -> Verification:
    """Verify `skill_set`, or the whole, for the sponsor: exactly the sign-offs `seen`, by id.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, VerificationInvalid, SignedItOneself, NotYetAttained, NotWhatWasSeen,
    AlreadyVerified; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.VERIFY, on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="verify",
            request={
                "apprenticeship": str(apprenticeship.pk),
                "skill_set": str(skill_set.pk) if skill_set else None,
                "seen": sorted(str(pk) for pk in seen),
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Verification.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        _refuse_wrong_input(apprenticeship, skill_set, seen)
        heads = lock_books([apprenticeship.pk])
        found = verifiable(apprenticeship, skill_set)
        _refuse_wrong_state(viewer, found, set(seen))
        made = _write(apprenticeship, skill_set, found.sign_offs, viewer=viewer, act=begun.act, heads=heads)
        announce(Telling.VERIFIED, act=begun.act, viewer=viewer, books=[apprenticeship.pk], verification=made.pk)
        finish_act(begun.act, [made.pk])
        return made


def void_verification(*, viewer: Viewer, key: str, verification: Verification, reason: str) -> VerificationVoid:
    """Take the sponsor's `verification` back, for a reason that is sealed; what it covered stands as before.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, VerificationInvalid, AlreadyVoided; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, Permission.VERIFY, on=verification)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="void_verification",
            request={"verification": str(verification.pk), "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return VerificationVoid.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [verification.apprenticeship.sponsor])
        _refuse_reason(reason)
        heads = lock_books([verification.apprenticeship_id])
        if VerificationVoid.objects.filter(verification=verification).exists():
            raise AlreadyVoided
        sealed = seal(reason, sponsor_id=verification.sponsor_id, at=viewer.at)
        draft = _void_draft(viewer, verification, sealed)
        (entry,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = VerificationVoid.objects.create(entry=entry, verification=verification, by=viewer.person, reason=sealed)
        finish_act(begun.act, [made.pk])
        return made


def _refuse_wrong_input(
    apprenticeship: Apprenticeship, skill_set: SkillSet | None, seen: Collection[uuid.UUID]
) -> None:
    if skill_set and skill_set.version_id != apprenticeship.terms.standard_version_id:
        raise VerificationInvalid("skill_set", _("This skill set is not part of the standard this apprentice follows."))
    if not seen:
        raise VerificationInvalid("seen", _("Name the sign-offs that you verify."))


def _refuse_reason(reason: str) -> None:
    if not reason:
        raise VerificationInvalid("reason", _("Say why it is taken back; the apprentice will read it."))
    if len(reason) > LONGEST_REASON:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
        raise VerificationInvalid("reason", too_long)
    if not can_be_kept(reason):
        raise VerificationInvalid("reason", _("The reason contains signs that cannot be kept. Type it again."))


def _refuse_wrong_state(viewer: Viewer, found: Verifiable, seen: set[uuid.UUID]) -> None:
    """Compare what was seen with what stands; the book is locked, so it stays so."""
    if found.lacking:
        raise NotYetAttained([skill.code for skill in found.lacking])
    if found.ids != seen:
        raise NotWhatWasSeen(changed_since(found, seen))
    if own := found.signed_by(viewer):
        raise SignedItOneself(own)
    if found.is_verified:
        raise AlreadyVerified


def changed_since(found: Verifiable, seen: Iterable[uuid.UUID]) -> list[str]:
    """The codes of the skills whose sign-off is another one than the viewer saw, or that fell out of the list."""
    seen = set(seen)
    fallen = SignOff.objects.filter(pk__in=seen - found.ids).select_related("skill")
    codes = [sign_off.skill.code for sign_off in found.sign_offs if sign_off.pk not in seen]
    return list(dict.fromkeys([*codes, *(sign_off.skill.code for sign_off in fallen)]))


def _write(
    apprenticeship: Apprenticeship,
    skill_set: SkillSet | None,
    sign_offs: Sequence[SignOff],
    *,
    viewer: Viewer,
    act: Act,
    heads: dict[uuid.UUID, RecordHead],
) -> Verification:
    draft = _draft(viewer, apprenticeship, skill_set, sign_offs)
    (entry,) = append_many([draft], viewer=viewer, act=act, heads=heads)
    made = Verification.objects.create(
        entry=entry, apprenticeship=apprenticeship, skill_set=skill_set, by=viewer.person
    )
    VerifiedSignOff.objects.bulk_create(VerifiedSignOff(verification=made, sign_off=signed) for signed in sign_offs)
    return made


def _draft(
    viewer: Viewer, apprenticeship: Apprenticeship, skill_set: SkillSet | None, sign_offs: Sequence[SignOff]
) -> Draft:
    meaning = meaning_of_verification(whole=skill_set is None)
    return Draft(
        apprenticeship=apprenticeship,
        kind="verification",
        role=acting_role(viewer, Permission.VERIFY, on=apprenticeship),
        body={
            "set": set_in_entry(skill_set),
            "standard": standard_in_entry(apprenticeship.terms.standard_version),
            "terms": apprenticeship.terms.number,
            "covers": covers_in_entry(sign_offs),
            "meaning": {"language": get_language() or "en", "text": meaning},
        },
    )


def _void_draft(viewer: Viewer, verification: Verification, sealed: SealedText) -> Draft:
    return Draft(
        apprenticeship=verification.apprenticeship,
        kind="verification_void",
        role=acting_role(viewer, Permission.VERIFY, on=verification),
        body={
            "verification": verification.entry.sequence,
            "set": set_in_entry(verification.skill_set),
            "reason": sealed.digest,
            "meaning": {"language": get_language() or "en", "text": meaning_of_verification_void()},
        },
    )


def set_in_entry(skill_set: SkillSet | None) -> dict[str, Any] | None:
    """A set as entries carry it; None for the whole standard."""
    if skill_set is None:
        return None
    return {"id": str(skill_set.pk), "order": skill_set.order, "title": skill_set.title}


def standard_in_entry(version: StandardVersion) -> dict[str, Any]:
    """A version of a standard as entries carry it."""
    return {
        "title": version.title,
        "slug": version.standard.slug,
        "version": version.number,
        "hash": version.content_hash,
    }


def covers_in_entry(sign_offs: Iterable[SignOff]) -> list[dict[str, Any]]:
    """What a verification covers, in the order of the book: the entry of each sign-off and its skill's code."""
    covered = sorted((sign_off.entry.sequence, sign_off.skill.code) for sign_off in sign_offs)
    return [{"entry": sequence, "skill": code} for sequence, code in covered]
