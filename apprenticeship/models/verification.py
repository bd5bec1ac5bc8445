"""The sponsor's verification of a skill set or of the whole: what it covers, and that one no longer stands."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Role
from apprenticeship.models.record import RecordEntry, SignOff
from apprenticeship.querysets import (
    VerificationQuerySet,
    VerificationVoidQuerySet,
    VerifiedSignOffQuerySet,
)

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class Verification(models.Model):
    """One row is one signature of the sponsor over the sign-offs it names (29 CFR 29.5(b)(2)). Insert only.

    `skill_set` is the set that was verified; blank means the whole standard. What it covers are its
    VerifiedSignOff rows, for good: a later sign-off of the same skill is not covered by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="verification")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="verifications"
    )
    skill_set = models.ForeignKey(
        "competencies.SkillSet", on_delete=models.PROTECT, null=True, related_name="verifications"
    )
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="verifications")

    objects = VerificationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.skill_set_id or 'whole'}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that the verification stands in."""
        return self.apprenticeship.roles_of(viewer)


class VerifiedSignOff(models.Model):
    """One row says that one verification covers one sign-off. Insert only, written with the verification."""

    id = models.BigAutoField(primary_key=True)
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="covers")
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="verified")

    objects = VerifiedSignOffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["verification", "sign_off"], name="verification_covers_a_sign_off_once")
        ]

    def __str__(self) -> str:
        return f"{self.verification_id} {self.sign_off_id}"


class VerificationVoid(models.Model):
    """One row takes one verification back, with its sealed reason. Insert only; the sign-offs stand as before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="verification_void")
    verification = models.OneToOneField(Verification, on_delete=models.PROTECT, related_name="void")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="verifications_voided")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = VerificationVoidQuerySet.as_manager()

    def __str__(self) -> str:
        return f"void of {self.verification_id}"
