"""That the agency registered an apprenticeship agreement (29 CFR 29.7; 12 NYCRR 601)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apprenticeship.models.record import RecordEntry
from apprenticeship.querysets import AgreementRegistrationQuerySet


class AgreementForm(models.TextChoices):
    """On which form the agreement was signed."""

    AT_401 = "at_401", _("AT 401 (New York)")
    ETA_671 = "eta_671", _("ETA 671 (federal)")
    OTHER = "other", _("Another form")


class AgreementRegistration(models.Model):
    """One row says that the agency registered the agreement, as what and when. Insert only; the newest counts.

    `by_guardian` says that a guardian signed the agreement too, because the apprentice was under age.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="agreement_registration")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="agreement_registrations"
    )
    form = models.CharField(max_length=10, choices=AgreementForm.choices)
    signed_on = models.DateField()
    by_guardian = models.BooleanField()
    number = models.CharField(max_length=60)
    registered_on = models.DateField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    objects = AgreementRegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=AgreementForm.values), name="agreement_form_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.number}"
