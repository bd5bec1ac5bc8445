"""What completing an apprenticeship leaves: who prepared it, and what was decided of requirements."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apprenticeship.models.record import RecordEntry
from apprenticeship.querysets import CompletionPreparationQuerySet, RequirementDecisionQuerySet

LONGEST_DOCUMENT = 300
LONGEST_AUTHOR = 200


class CompletionPreparation(models.Model):
    """One row says that somebody found all requirements met, for an administrator to sign. Insert only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="completion_preparations"
    )
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = CompletionPreparationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.at}"


class Grounds(models.TextChoices):
    """Why a requirement counts as met without being measured; or that this was withdrawn."""

    LEFT_BLANK = "left_blank", _("The standard leaves the number blank")
    EXCUSED = "excused", _("The registration agency excused it")
    WITHDRAWN = "withdrawn", _("Withdrawn: no decision holds")


class RequirementDecision(models.Model):
    """One row is one decision about one requirement of completion, by its code. Insert only; the newest one counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="requirement_decision")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="requirement_decisions"
    )
    requirement = models.CharField(max_length=40)
    grounds = models.CharField(max_length=10, choices=Grounds.choices)
    document = models.CharField(max_length=LONGEST_DOCUMENT)
    decided_by = models.CharField(max_length=LONGEST_AUTHOR)
    decided_on = models.DateField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = RequirementDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(grounds__in=Grounds.values), name="requirement_grounds_are_known"),
        ]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.requirement}"
