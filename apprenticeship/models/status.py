"""The status of an apprenticeship, as entries of its book come to it (29 CFR 29.5(b)(19), 29.7(h))."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apprenticeship.models.record import RecordEntry
from apprenticeship.querysets import StatusChangeQuerySet
from apprenticeship.statuses import Status


class StatusStep(models.TextChoices):
    """What is done to the status; from which status to which is said in `apprenticeship.status.STEPS`."""

    PROBATION = "probation", _("Begin probation")
    ACTIVATE = "activate", _("Make active")
    SUSPEND = "suspend", _("Suspend")
    RESUME = "resume", _("Resume")
    CANCEL = "cancel", _("Cancel the apprenticeship")
    REINSTATE = "reinstate", _("Take the cancellation back")


class StatusChange(models.Model):
    """One row is one step of the status, with the status after it. Insert only.

    `on` is the sponsor's local day from which it counts. `reason` (sealed) stands where the step asks for one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="status_change")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="status_changes"
    )
    step = models.CharField(max_length=10, choices=StatusStep.choices)
    status = models.CharField(max_length=12, choices=Status.choices)
    on = models.DateField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="status_changes")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, null=True, related_name="+")

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=StatusStep.values), name="status_step_is_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="status_after_step_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.status}"
