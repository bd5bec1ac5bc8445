"""Files that show the work: uploaded, attached to what is asked, signed with a sign-off, and purged."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Role
from acts.incoming import is_photo
from apprenticeship.evidence_querysets import (
    AskEvidenceQuerySet,
    EvidenceDraftQuerySet,
    EvidenceQuerySet,
    EvidenceTakenOutQuerySet,
    PurgeQuerySet,
    SignOffEvidenceQuerySet,
)
from apprenticeship.models.record import RecordEntry, SignOff
from apprenticeship.models.requests import RequestedSkill

if TYPE_CHECKING:
    from accounts.viewer import Viewer

LONGEST_NAME = 200


class EvidenceDraft(models.Model):
    """One row is a file that was uploaded with a form and belongs to no act yet.

    `apprenticeship` is blank where the form is about several books: the act gives each of them its own.
    It is its uploader's alone, and good only under the act's `key` that the form carries. The act turns
    it into Evidence of the same id and deletes it; what no act took is deleted after a day, bytes and all.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text="Made of who, which act and which bytes.")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_index=True)
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=LONGEST_NAME)
    file = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")

    objects = EvidenceDraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.id} {self.file_id}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.file.sponsor_id

    @property
    def is_photo(self) -> bool:
        return is_photo(self.file.content_type)

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that the file is meant for; with the sponsor, where it is for several."""
        return self.apprenticeship.roles_of(viewer) if self.apprenticeship else viewer.roles_with(self.sponsor_id)


class Evidence(models.Model):
    """One row is one file in one book, given in one act: with an asking, later to it, or with a signature.

    Insert only. The same bytes may stand in many rows and are stored once per sponsor; whether they are
    still there is told by the file (`removed_at`), who removed them by the book's Purge. The name under
    which the file came is sealed.
    """

    id = models.UUIDField(primary_key=True, editable=False, help_text="That of the draft it was.")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="evidence"
    )
    file = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, related_name="+")
    thumbnail = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.OneToOneField("acts.SealedText", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.id} {self.file_id}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    @property
    def is_photo(self) -> bool:
        return is_photo(self.file.content_type)

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that the file was given in."""
        return self.apprenticeship.roles_of(viewer)


class AskEvidence(models.Model):
    """One row is one use of a file: attached to one skill that is asked for. Insert only."""

    id = models.BigAutoField(primary_key=True)
    requested_skill = models.ForeignKey(RequestedSkill, on_delete=models.PROTECT, related_name="evidence_uses")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="ask_uses")

    objects = AskEvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requested_skill", "evidence"], name="evidence_once_per_asked_skill"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} for {self.requested_skill_id}"


class EvidenceTakenOut(models.Model):
    """One row says that the apprentice took one file out of what they ask for in one skill. Insert only.

    The file stays in the book, beside whatever else it was given for, until somebody who runs the program
    purges it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    use = models.OneToOneField(AskEvidence, on_delete=models.PROTECT, related_name="taken_out")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = EvidenceTakenOutQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.use_id} {self.at:%Y-%m-%d}"


class SignOffEvidence(models.Model):
    """One row is one use of a file: signed with one sign-off, whose entry carries its SHA-256. Insert only."""

    id = models.BigAutoField(primary_key=True)
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="evidence_uses")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="sign_off_uses")

    objects = SignOffEvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sign_off", "evidence"], name="evidence_once_per_sign_off"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} for {self.sign_off_id}"


class Purge(models.Model):
    """One row says that the bytes of one file were removed, in one book that had it. Insert only.

    A purge takes the bytes from all books of the sponsor in one act, with one row and one entry in each.
    It is never taken back: the bytes are gone. The database lets the file's sealed name be blanked
    only where such a row stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="purge")
    apprenticeship = models.ForeignKey("apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="purges")
    file = models.ForeignKey("acts.StoredFile", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="purges")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = PurgeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["apprenticeship", "file"], name="purge_once_per_book_and_file")]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.file_id}"
