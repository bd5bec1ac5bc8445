"""Sign-offs that were made on paper before: transcribed, verified by somebody else, or refused."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Role
from acts.ids import ordered_id
from apprenticeship.models.evidence import Evidence
from apprenticeship.models.record import RecordEntry, SignOff
from apprenticeship.transcription_querysets import (
    TranscribedSignOffQuerySet,
    TranscriptionEvidenceQuerySet,
    TranscriptionQuerySet,
    TranscriptionVoidQuerySet,
)

if TYPE_CHECKING:
    from accounts.viewer import Viewer

LONGEST_SIGNER = 120
"""How long the name and the role of the original signer may be."""


class Transcription(models.Model):
    """One row is one sign-off that somebody made on paper, written off by the transcriber `by`. Insert only.

    It counts for nothing by itself: a second person verifies it, which is a SignOff of the method "transcribed"
    (TranscribedSignOff), or refuses it. The signer's name and role are as the paper has them.
    """

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="transcription")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="transcriptions"
    )
    skill = models.ForeignKey("competencies.Skill", on_delete=models.PROTECT, related_name="transcriptions")
    level = models.ForeignKey("competencies.RatingLevel", on_delete=models.PROTECT, related_name="+")
    signer_name = models.CharField(max_length=LONGEST_SIGNER)
    signer_role = models.CharField(max_length=LONGEST_SIGNER)
    signed_on = models.DateField(help_text="The day that the paper names.")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="transcriptions")

    objects = TranscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(signer_name="") & ~Q(signer_role=""), name="transcription_names_its_signer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.signed_on}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that it stands in."""
        return self.apprenticeship.roles_of(viewer)


class TranscriptionEvidence(models.Model):
    """One row is one scan of the paper. Insert only."""

    id = models.BigAutoField(primary_key=True)
    transcription = models.ForeignKey(Transcription, on_delete=models.PROTECT, related_name="evidence_uses")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="transcription_uses")

    objects = TranscriptionEvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transcription", "evidence"], name="evidence_once_per_transcription")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} for {self.transcription_id}"


class TranscribedSignOff(models.Model):
    """One row says which transcription a sign-off verifies. Insert only, written with the sign-off.

    A transcription has a second one only after the first was entered by mistake.
    """

    id = models.BigAutoField(primary_key=True)
    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="transcribed")
    transcription = models.ForeignKey(Transcription, on_delete=models.PROTECT, related_name="verified")

    objects = TranscribedSignOffQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.sign_off_id} of {self.transcription_id}"


class TranscriptionVoid(models.Model):
    """One row takes one transcription out before it counted, with a sealed reason. Insert only.

    Who transcribed it withdraws it; anybody else who may verify it refuses it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="transcription_void")
    transcription = models.OneToOneField(Transcription, on_delete=models.PROTECT, related_name="void")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = TranscriptionVoidQuerySet.as_manager()

    def __str__(self) -> str:
        return f"void of {self.transcription_id}"
