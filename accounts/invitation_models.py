"""How people come in, and how they are shut out: the invitation and the closure of one person by one sponsor."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from accounts.querysets import ClosureQuerySet, InvitationQuerySet


class Invitation(models.Model):
    """One row is one link by which one person may take the place that a sponsor made for them. Never delete one.

    `digest` is the SHA-256 of the link's token; the token itself is nowhere kept (`accounts/invitations.py`). A
    link is good once, until `expires_at`. Sending it again is another row and withdraws this one. `name` and
    `email` are those that the sponsor typed: all that it may know of the person before they accept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="invitations")
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="invitations")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True, help_text="Blank: the link is handed over as an address or a QR code.")
    language = models.CharField(max_length=10, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Blank only for the operator, who invites a sponsor's first administrator.",
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, help_text="Set before the mail server is spoken to.")
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="invitation_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_accepted_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None) | Q(withdrawn_at__isnull=False),
                name="invitation_withdrawn_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(claimed_at__isnull=False), name="invitation_sent_was_claimed"
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=False, made_at__isnull=False) | Q(made_by=None),
                name="invitation_made_when_and_by_whom",
            ),
            models.UniqueConstraint(
                fields=["person", "sponsor"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once_per_person",
            ),
        ]
        # Serves bringing people in: whom has this sponsor invited by this mail address?
        # And the list of people, which asks it for each of thousands: how does their invitation stand?
        indexes = [
            models.Index(fields=["sponsor", "email"], name="invitation_by_mail"),
            models.Index(fields=["person", "sponsor"], name="invitation_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.sponsor_id}"

    def is_open(self, at: datetime) -> bool:
        """Whether its link lets somebody in at the instant `at`."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at


class Closure(models.Model):
    """One row is one time for which one sponsor closed somebody's account; open until `reopened_at`. Never delete one.

    Why stands in the audit log. The account itself is shut (`is_active`) only where no other sponsor knows it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="closures")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="closures")
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ClosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_by=None)
                | Q(reopened_at__isnull=False, reopened_by__isnull=False),
                name="closure_reopened_when_and_by_whom",
            ),
            models.UniqueConstraint(
                fields=["person", "sponsor"], condition=Q(reopened_at=None), name="closure_open_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.closed_at:%Y-%m-%d}"
