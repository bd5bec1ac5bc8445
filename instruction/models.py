"""Classes that were held and who attended them. Every row here is insert only; a correction is a new row."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Role
from apprenticeship.models.work import quarters_of_a_day
from instruction.certificate_models import (
    LONGEST_CERTIFICATE,
    OTHER,
    SHARED_KINDS,
    Certificate,
    CertificateDecision,
    CertificateEvidence,
    CertificateKind,
    CertificateReminder,
    InstructionVoid,
    Outcome,
    StaffCertificateVoid,
    StaffFile,
)
from instruction.earning_models import (
    LONGEST_PROVIDER,
    MOST_HOURS_AT_ONCE,
    OtherHours,
    OtherHoursEvidence,
    TopicSignOff,
    TopicTest,
    TopicWaiver,
    Way,
)
from instruction.plan_models import CalendarAddress, ClassFile, ClassMode, Expected, PlannedClass, PlannedTopic
from instruction.querysets import (
    AttendanceQuerySet,
    AttendanceVoidQuerySet,
    ClassSessionQuerySet,
    ClassTopicQuerySet,
)

if TYPE_CHECKING:
    from accounts.viewer import Viewer

__all__ = [
    "LONGEST_CERTIFICATE",
    "LONGEST_PROVIDER",
    "MOST_HOURS_AT_ONCE",
    "OTHER",
    "SHARED_KINDS",
    "Attendance",
    "AttendanceVoid",
    "CalendarAddress",
    "Certificate",
    "CertificateDecision",
    "CertificateEvidence",
    "CertificateKind",
    "CertificateReminder",
    "ClassFile",
    "ClassMode",
    "ClassSession",
    "ClassTopic",
    "Expected",
    "InstructionVoid",
    "OtherHours",
    "OtherHoursEvidence",
    "Outcome",
    "PlannedClass",
    "PlannedTopic",
    "StaffCertificateVoid",
    "StaffFile",
    "TopicSignOff",
    "TopicTest",
    "TopicWaiver",
    "Way",
]
LONGEST = {"provider": 200, "place": 200, "instructor_name": 120, "instructor_qualification": 200}
"""How many characters the texts of a class may have."""


class ClassSession(models.Model):
    """One row is one class as it was held on one day: by whom, where, and on which date. Insert only.

    `instructor` is the account of who taught, where there is one: by it an instructor finds their own
    classes. The name and the qualification are kept as text, as they were on that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="class_sessions")
    held_on = models.DateField(help_text="The sponsor's local date.")
    provider = models.CharField(
        max_length=LONGEST["provider"], help_text="Who offered the class: a school, an agency, the sponsor."
    )
    place = models.CharField(max_length=LONGEST["place"], blank=True, help_text="Where, or that it was online.")
    instructor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="classes_taught"
    )
    instructor_name = models.CharField(max_length=LONGEST["instructor_name"], help_text="As it shall be printed.")
    instructor_qualification = models.CharField(max_length=LONGEST["instructor_qualification"], blank=True)
    planned = models.ForeignKey(
        PlannedClass, on_delete=models.PROTECT, null=True, blank=True, related_name="held", help_text="Where planned."
    )
    starts_at = models.DateTimeField(null=True, blank=True, help_text="Where the time of day is known.")
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(provider=""), name="class_names_its_provider"),
            models.CheckConstraint(condition=~Q(instructor_name=""), name="class_names_its_instructor"),
        ]
        indexes = [
            # Serves the lists of classes: an instructor's own, and a sponsor's, the newest first.
            models.Index(fields=["instructor", "-held_on"], name="class_by_instructor"),
            models.Index(fields=["sponsor", "-held_on"], name="class_by_sponsor"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.held_on}"

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on this class: oversight by membership; its instructor, who still is one."""
        held = viewer.roles_with(self.sponsor_id)
        roles = set(held & {Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR})
        if Role.INSTRUCTOR in held and self.instructor_id is not None and self.instructor_id == viewer.user_id:
            roles.add(Role.INSTRUCTOR)
        return frozenset(roles)


class ClassTopic(models.Model):
    """One row is one topic taught in one class, with the hours that were taught. Insert only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="topics")
    topic = models.ForeignKey("competencies.Topic", on_delete=models.PROTECT, related_name="classes")
    hours = models.DecimalField(max_digits=5, decimal_places=2)

    objects = ClassTopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "topic"], name="class_topic_once_per_class"),
            models.CheckConstraint(condition=quarters_of_a_day(), name="class_topic_hours_of_one_day"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.hours}"


class Attendance(models.Model):
    """One row is one apprentice's hours of one topic of one class, as their book says. Insert only.

    It agrees with its entry in every column; `verify_record` holds it to that. Hours that were taken
    back keep their row and have an AttendanceVoid.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField("apprenticeship.RecordEntry", on_delete=models.PROTECT, related_name="attendance")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="attendances"
    )
    class_topic = models.ForeignKey(ClassTopic, on_delete=models.PROTECT, related_name="attendances")
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="attendances_recorded")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=quarters_of_a_day(), name="attendance_hours_of_one_day")]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.hours}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that these hours stand in."""
        return self.apprenticeship.roles_of(viewer)


class AttendanceVoid(models.Model):
    """One row takes one apprentice's hours of one class back, with its sealed reason. Insert only.

    The hours stay in the book and on the pages, marked; they count no more. Putting them right is a
    new attendance.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField("apprenticeship.RecordEntry", on_delete=models.PROTECT, related_name="attendance_void")
    attendance = models.OneToOneField(Attendance, on_delete=models.PROTECT, related_name="void")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="attendances_voided")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = AttendanceVoidQuerySet.as_manager()

    def __str__(self) -> str:
        return f"void of {self.attendance_id}"

    @property
    def apprenticeship_id(self) -> uuid.UUID:
        return self.attendance.apprenticeship_id
