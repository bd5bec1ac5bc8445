"""Where an apprentice learns the work: at which worksite of which employer, and in which role track."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from apprenticeship.models.record import RecordEntry
from apprenticeship.querysets import AssignmentQuerySet


class Assignment(models.Model):
    """One row is one stay at a worksite, from a local day until another (exclusive; blank: the next). Insert only.

    A stay that `replaces` the one before sets it aside: it had not begun, or ends on another day than was planned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="assignment")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="assignments"
    )
    employer = models.ForeignKey("apprenticeship.Employer", on_delete=models.PROTECT, related_name="assignments")
    worksite = models.ForeignKey("apprenticeship.Worksite", on_delete=models.PROTECT, related_name="assignments")
    role_track = models.CharField(max_length=120, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="assignments_made")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="assignment_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.since}"

    @property
    def place(self) -> tuple[uuid.UUID, str]:
        """Where and as what, without the days."""
        return self.worksite_id, self.role_track

    def over_on(self, day: date) -> bool:
        """Whether its last day lies before `day`."""
        return self.until is not None and self.until <= day
