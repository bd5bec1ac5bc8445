"""The status of an apprenticeship, as entries of its book come to it (29 CFR 29.5(b)(19), 29.7(h))."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apprenticeship.models.record import RecordEntry
from apprenticeship.querysets import AgencyNoticeQuerySet, StatusChangeQuerySet
from apprenticeship.statuses import Status


class StatusStep(models.TextChoices):
    """What is done to the status; from which status to which is said in `apprenticeship.status.STEPS`."""

    PROBATION = "probation", _("Begin probation")
    ACTIVATE = "activate", _("Make active")
    SUSPEND = "suspend", _("Suspend")
    RESUME = "resume", _("Resume")
    CANCEL = "cancel", _("Cancel the apprenticeship")
    TRANSFER = "transfer", _("Transfer")
    COMPLETE = "complete", _("Complete")
    REINSTATE = "reinstate", _("Reinstate")


class CancelledBy(models.TextChoices):
    """Whose wish a cancellation is (29 CFR 29.7(h)): after probation the sponsor needs good cause for it."""

    APPRENTICE = "apprentice", _("The apprentice, at their own wish")
    SPONSOR = "sponsor", _("The sponsor")


LONGEST_PROGRAM = 200
"""How many characters the name of the program may have to which somebody is transferred."""


class StatusChange(models.Model):
    """One row is one step of the status, with the status after it. Insert only.

    `on` is the sponsor's local day from which it counts. `reason` (sealed) stands where the step asks for one.
    A cancellation says by whom; one for cause when the apprentice was given notice, and until when the chance to
    correct it was; a completion who prepared it. `agency_due` is the day by which the registration agency is told;
    blank where it need not be.
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
    cancelled_by = models.CharField(max_length=10, choices=CancelledBy.choices, blank=True)
    noticed_on = models.DateField(null=True, blank=True)
    correct_by = models.DateField(null=True, blank=True)
    transferred_to = models.CharField(max_length=LONGEST_PROGRAM, blank=True)
    prepared_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agency_due = models.DateField(null=True, blank=True)

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=StatusStep.values), name="status_step_is_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="status_after_step_is_known"),
            models.CheckConstraint(
                condition=Q(noticed_on=None, correct_by=None) | Q(noticed_on__isnull=False, correct_by__isnull=False),
                name="status_notice_whole_or_blank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.status}"


class AgencyNotice(models.Model):
    """One row says on which day the registration agency was told of a change. Insert only; the newest one counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.ForeignKey(StatusChange, on_delete=models.PROTECT, related_name="agency_notices")
    told_on = models.DateField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = AgencyNoticeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.change_id} {self.told_on}"
