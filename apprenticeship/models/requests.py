"""Asking for a sign-off: the conversation before a signature. Nothing here is an entry of the record."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from apprenticeship.querysets import RequestedSkillQuerySet, RequestEventQuerySet, SignOffRequestQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class AskState(models.TextChoices):
    """Where the conversation about one skill is; OPEN and SENT_BACK are under way."""

    OPEN = "open", _("Waiting for an answer")
    SENT_BACK = "sent_back", _("Sent back")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AskKind(models.TextChoices):
    """What is asked for: that a mentor signs what was shown, or that earlier learning is credited."""

    SIGN_OFF = "sign_off", _("Sign-off")
    CREDIT = "credit", _("Credit for earlier learning")


UNDER_WAY = (AskState.OPEN, AskState.SENT_BACK)
"""The states in which the same conversation goes on when the apprentice asks again."""


class SignOffRequest(models.Model):
    """One row is one time that an apprentice asked, for one skill or several, in one act.

    It is never changed: how it went on stands in its RequestedSkill rows and their events.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="sign_off_requests"
    )
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="sign_off_requests")
    asked_at = models.DateTimeField()
    comment = models.TextField(blank=True)
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="sign_off_requests")

    objects = SignOffRequestQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.asked_at:%Y-%m-%d}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that the request is about."""
        return self.apprenticeship.roles_of(viewer)


class RequestedSkill(models.Model):
    """One row is the conversation about one skill, from the first asking to its end.

    `asked_at` is when it was last asked: the age of the wait. `done_on` and `done_with` are what the
    apprentice said last; `level` is their own assessment and binds nobody. `kind` is what they asked for
    last: mentors answer for sign-offs, coordinators for credit. Whoever changes the state holds the lock of
    the book's head.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(SignOffRequest, on_delete=models.PROTECT, related_name="skills")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="requested_skills"
    )
    skill = models.ForeignKey("competencies.Skill", on_delete=models.PROTECT, related_name="requested")
    kind = models.CharField(max_length=10, choices=AskKind.choices, default=AskKind.SIGN_OFF)
    state = models.CharField(max_length=10, choices=AskState.choices, default=AskState.OPEN)
    asked_at = models.DateTimeField()
    done_on = models.DateField()
    done_with = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    level = models.ForeignKey("competencies.RatingLevel", on_delete=models.PROTECT, null=True, related_name="+")
    sign_off = models.ForeignKey(
        "apprenticeship.SignOff", on_delete=models.PROTECT, null=True, related_name="answered_asks"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")

    objects = RequestedSkillQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["apprenticeship", "skill"],
                condition=Q(state__in=["open", "sent_back"]),
                name="ask_under_way_once_per_skill",
            ),
            models.UniqueConstraint(fields=["request", "skill"], name="ask_skill_once_per_request"),
            models.CheckConstraint(condition=Q(state__in=AskState.values), name="ask_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=AskKind.values), name="ask_kind_is_known"),
            models.CheckConstraint(
                condition=Q(state="answered", sign_off__isnull=False) | (~Q(state="answered") & Q(sign_off=None)),
                name="ask_answered_by_a_sign_off",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "sent_back"], ended_at=None, ended_by=None)
                | Q(state__in=["answered", "withdrawn"], ended_at__isnull=False, ended_by__isnull=False),
                name="ask_ended_when_and_by_whom",
            ),
        ]
        indexes = [
            # Serves the queue of those who answer: what waits, the oldest first.
            models.Index(fields=["asked_at"], condition=Q(state="open"), name="ask_open_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.state}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    @property
    def is_for_credit(self) -> bool:
        return self.kind == AskKind.CREDIT

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that the skill is asked in."""
        return self.apprenticeship.roles_of(viewer)


class RequestEventKind(models.TextChoices):
    ASKED = "asked", _("Asked")
    ASKED_AGAIN = "asked_again", _("Asked again")
    SENT_BACK = "sent_back", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ANSWERED = "answered", _("Signed")
    NUDGED = "nudged", _("Reminded")
    REOPENED = "reopened", _("The signature was entered by mistake")


class RequestEvent(models.Model):
    """One row is one turn of the conversation about one skill. Insert only.

    The words of the first asking stand in the request, because they are said of all its skills at
    once. `done_on` is the day the apprentice gave, where they asked.
    """

    id = models.BigAutoField(primary_key=True)
    requested_skill = models.ForeignKey(RequestedSkill, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=RequestEventKind.choices)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    comment = models.TextField(blank=True)
    done_on = models.DateField(null=True)
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = RequestEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RequestEventKind.values), name="request_event_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind="sent_back") | ~Q(comment=""), name="request_event_sent_back_says_why"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["asked", "asked_again"], done_on__isnull=False)
                | (~Q(kind__in=["asked", "asked_again"]) & Q(done_on=None)),
                name="request_event_asking_says_the_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.requested_skill_id}"
