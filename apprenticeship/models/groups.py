"""How apprentices came into their cohorts: moves that nobody can take out of the history."""

import uuid

from django.db import models
from django.db.models import F, Q

from apprenticeship.querysets import CohortMoveQuerySet


class CohortMove(models.Model):
    """One row is one apprentice's move into a cohort or out of it, as of a local day. Insert only.

    The cohort of the Apprenticeship is where the last one led. One who never moved is where they were registered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="cohort_moves"
    )
    came_from = models.ForeignKey("apprenticeship.Cohort", on_delete=models.PROTECT, null=True, related_name="+")
    came_to = models.ForeignKey("apprenticeship.Cohort", on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = CohortMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(came_from=None, came_to__isnull=False)
                | Q(came_from__isnull=False, came_to=None)
                | ~Q(came_from=F("came_to")),
                name="cohort_move_leads_elsewhere",
            )
        ]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.on}"
