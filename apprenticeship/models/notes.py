"""What an apprentice writes for themselves. Nothing here is a part of the record, or of anything that leaves it."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Role
from apprenticeship.querysets import PracticeNoteQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class PracticeNote(models.Model):
    """One row is one private note of an apprentice, about one skill or about nothing in particular.

    It belongs to its writer alone: no role, no token and no export reads it, and its writer may change
    or delete it for good. Never seal, hash, announce or print it, and never let an entry point at it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="practice_notes"
    )
    skill = models.ForeignKey("competencies.Skill", on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = PracticeNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="practice_note_says_something"),
        ]
        indexes = [
            # Serves the page of one's notes: the newest first.
            models.Index(fields=["apprenticeship", "-written_at"], name="practice_note_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book; only its apprentice ever sees the row."""
        return self.apprenticeship.roles_of(viewer)
