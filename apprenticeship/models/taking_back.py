"""A mentor asks a coordinator to take a sign-off back: conversation, no entry of the record."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from apprenticeship.models.record import Revocation, SignOff
from apprenticeship.querysets import TakeBackRequestQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class TakeBackState(models.TextChoices):
    """Where the asking is; the last two are its ends."""

    OPEN = "open", _("Waiting for a coordinator")
    GRANTED = "granted", _("Taken back")
    DECLINED = "declined", _("Declined")


class TakeBackRequest(models.Model):
    """One row is one mentor's asking that one sign-off be taken back, and how it ended.

    Once it has ended it is never changed; whoever ends it holds the lock of the book's head. It is
    granted by whatever takes the sign-off back, asked for or not. Where the skill was signed anew, the
    asking waits without being needed: nobody is asked about a signature that does not stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="take_back_requests"
    )
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="take_back_requests")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="take_back_requests")
    asked_at = models.DateTimeField()
    reason = models.TextField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="take_back_requests")
    state = models.CharField(max_length=10, choices=TakeBackState.choices, default=TakeBackState.OPEN)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    revocation = models.ForeignKey(Revocation, on_delete=models.PROTECT, null=True, related_name="take_back_requests")

    objects = TakeBackRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sign_off"], condition=Q(state="open"), name="take_back_asked_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=TakeBackState.values), name="take_back_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None, ended_by=None)
                | Q(state__in=["granted", "declined"], ended_at__isnull=False, ended_by__isnull=False),
                name="take_back_ended_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", revocation__isnull=False) | (~Q(state="granted") & Q(revocation=None)),
                name="take_back_granted_by_a_revocation",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(answer=""), name="take_back_declined_says_why"),
            models.CheckConstraint(condition=~Q(reason=""), name="take_back_asked_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.sign_off_id} {self.state}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    @property
    def is_open(self) -> bool:
        return self.state == TakeBackState.OPEN

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that the sign-off stands in."""
        return self.apprenticeship.roles_of(viewer)
