"""Shared devices on which the people of one worksite sign with a PIN of their own."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Role
from apprenticeship.querysets import StationQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class Station(models.Model):
    """One row is one device that an administrator registered for one worksite; entries name it.

    `token_digest` is the SHA-256 of the cookie that this device alone holds; the cookie is not kept.
    Never delete one, never give it to another worksite and never take `revoked_at` back: a device that
    comes back is registered anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="stations")
    worksite = models.ForeignKey("apprenticeship.Worksite", on_delete=models.PROTECT, related_name="stations")
    name = models.CharField(max_length=60, help_text="What people at the worksite call it; entries copy it.")
    token_digest = models.CharField(max_length=64, unique=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    last_seen_at = models.DateTimeField(null=True, help_text="Exact to a minute.")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = StationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worksite", "name"], condition=Q(revoked_at=None), name="station_name_once_per_worksite"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="station_has_a_name"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="station_revoked_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_revoked(self) -> bool:
        """Whether it may do nothing any more."""
        return self.revoked_at is not None

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles that `viewer` holds over a station: those of the membership."""
        return viewer.roles_with(self.sponsor_id)
