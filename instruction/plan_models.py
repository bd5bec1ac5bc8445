"""Classes as they are planned: rows that may be edited until somebody attended; nothing here is the record."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from accounts.models import Role
from instruction.file_models import SponsorFile
from instruction.querysets import (
    CalendarAddressQuerySet,
    ClassFileQuerySet,
    ExpectedQuerySet,
    PlannedClassQuerySet,
    PlannedTopicQuerySet,
)

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class ClassMode(models.TextChoices):
    """How a class is given."""

    IN_PERSON = "in_person", gettext_lazy("In person")
    ONLINE = "online", gettext_lazy("Online")
    SELF_STUDY = "self_study", gettext_lazy("Self-study")


class PlannedClass(models.Model):
    """One row is one class on the timetable. What was attended is copied from it into facts that never change.

    `version` grows with every change, so that a stale page is told apart. `series` is shared by classes
    that were planned together, week after week.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cohort = models.ForeignKey("apprenticeship.Cohort", on_delete=models.PROTECT, related_name="planned_classes")
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="planned_classes")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mode = models.CharField(max_length=12, choices=ClassMode.choices, default=ClassMode.IN_PERSON)
    provider = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    instructor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="classes_planned"
    )
    instructor_name = models.CharField(max_length=120)
    instructor_qualification = models.CharField(max_length=200, blank=True)
    outline = models.TextField(blank=True, help_text="What will be taught, and from which material.")
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    series = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    planned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(max_length=500, blank=True, help_text="Everybody who was expected may read it.")

    objects = PlannedClassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="planned_class_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(provider=""), name="planned_class_names_its_provider"),
            models.CheckConstraint(condition=~Q(instructor_name=""), name="planned_class_names_its_instructor"),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason=""),
                name="planned_class_cancelled_by_whom_and_why",
            ),
        ]
        indexes = [
            # Serves the timetable: a sponsor's, and an instructor's own.
            models.Index(fields=["sponsor", "starts_at"], name="planned_class_by_sponsor"),
            models.Index(fields=["instructor", "starts_at"], name="planned_class_by_instructor"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.starts_at}"

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """Oversight by membership; its instructor, who still is one; an apprentice who is expected."""
        held = viewer.roles_with(self.sponsor_id)
        roles = set(held & {Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR})
        if Role.INSTRUCTOR in held and self.instructor_id is not None and self.instructor_id == viewer.user_id:
            roles.add(Role.INSTRUCTOR)
        if not roles and self.expected.filter(apprenticeship__apprentice=viewer.user_id).exists():
            roles.add(Role.APPRENTICE)
        return frozenset(roles)


class PlannedTopic(models.Model):
    """One row is one topic of a planned class with the hours meant for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    planned = models.ForeignKey(PlannedClass, on_delete=models.PROTECT, related_name="topics")
    topic = models.ForeignKey("competencies.Topic", on_delete=models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=5, decimal_places=2)

    objects = PlannedTopicQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["planned", "topic"], name="planned_topic_once_per_class")]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.hours}"


class Expected(models.Model):
    """One row is one apprentice who is expected in a planned class."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    planned = models.ForeignKey(PlannedClass, on_delete=models.PROTECT, related_name="expected")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="classes_expected"
    )

    objects = ExpectedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["planned", "apprenticeship"], name="expected_once_per_class")]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} in {self.planned_id}"


class ClassFile(SponsorFile):
    """One row is one file of a planned class, for everybody who may see it; or a draft of who plans one."""

    GIVEN_WITH = "planned"

    planned = models.ForeignKey(PlannedClass, on_delete=models.PROTECT, null=True, related_name="files")

    objects = ClassFileQuerySet.as_manager()

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the class."""
        return self.planned.roles_of(viewer) if self.planned else frozenset()


class CalendarAddress(models.Model):
    """One row lets one person's calendar program read their classes; renewing it replaces the digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="calendar_address")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the address's secret part.")
    made_at = models.DateTimeField()

    objects = CalendarAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
