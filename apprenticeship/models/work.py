"""Hours on the job: what was logged, what became of it, and the hours that a mentor approved."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from apprenticeship.models.record import RecordEntry
from apprenticeship.work_querysets import (
    MonthCoverQuerySet,
    MonthSignatureQuerySet,
    WorkHoursQuerySet,
    WorkHoursVoidQuerySet,
    WorkLogEventQuerySet,
    WorkLogQuerySet,
)

if TYPE_CHECKING:
    from accounts.viewer import Viewer

MOST_HOURS_IN_ONE_DAY = 24


def quarters_of_a_day(column: str = "hours") -> Q:
    """The condition of hours within one day: more than none, at most 24, in steps of a quarter."""
    quarters = ExpressionWrapper(F(column) * 4, output_field=models.DecimalField())
    whole = Cast(quarters, output_field=models.IntegerField())
    return Q(**{f"{column}__gt": 0, f"{column}__lte": MOST_HOURS_IN_ONE_DAY}) & Q(Exact(quarters, whole))


class WorkLogState(models.TextChoices):
    """Where a logged piece of work is. Stored: never rename one."""

    WAITING = "waiting", _("Waits for a mentor")
    SENT_BACK = "sent_back", _("Sent back")
    APPROVED = "approved", _("Approved")
    DELETED = "deleted", _("Deleted")


UNDER_WAY = (WorkLogState.WAITING, WorkLogState.SENT_BACK)


class WorkLog(models.Model):
    """One row is what somebody says was worked on one day, at one worksite, on one skill set: not yet the record.

    It may be changed and deleted until a mentor approves it; what became of it stands in its events.
    `revision` counts its changes, so that nobody approves another row than the one they saw.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="work_logs"
    )
    worked_on = models.DateField(help_text="The sponsor's local date.")
    worksite = models.ForeignKey("apprenticeship.Worksite", on_delete=models.PROTECT, related_name="work_logs")
    skill_set = models.ForeignKey("competencies.SkillSet", on_delete=models.PROTECT, related_name="work_logs")
    hours = models.DecimalField(max_digits=4, decimal_places=2)
    state = models.CharField(max_length=10, choices=WorkLogState.choices, default=WorkLogState.WAITING)
    revision = models.PositiveIntegerField(default=1)

    objects = WorkLogQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=quarters_of_a_day(), name="work_log_hours_of_one_day"),
            models.CheckConstraint(condition=Q(state__in=WorkLogState.values), name="work_log_state_is_known"),
            models.UniqueConstraint(
                fields=["apprenticeship", "worked_on", "worksite", "skill_set"],
                condition=Q(state__in=["waiting", "sent_back"]),
                name="work_log_under_way_once",
            ),
        ]
        indexes = [
            # Serves the mentor's page: what waits, the oldest day first.
            models.Index(
                fields=["apprenticeship", "worked_on"], condition=Q(state="waiting"), name="work_log_waiting_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worked_on} {self.hours}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    @property
    def is_under_way(self) -> bool:
        """Whether it may still be changed."""
        return self.state in UNDER_WAY

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that it belongs to."""
        return self.apprenticeship.roles_of(viewer)


class WorkLogEventKind(models.TextChoices):
    LOGGED = "logged", _("Logged")
    CHANGED = "changed", _("Changed")
    SENT_BACK = "sent_back", _("Sent back")
    APPROVED = "approved", _("Approved")
    DELETED = "deleted", _("Deleted")


class WorkLogEvent(models.Model):
    """One row is one thing that happened to a logged piece of work, with what it then said. Insert only."""

    id = models.BigAutoField(primary_key=True)
    log = models.ForeignKey(WorkLog, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=WorkLogEventKind.choices)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    worked_on = models.DateField()
    worksite = models.ForeignKey("apprenticeship.Worksite", on_delete=models.PROTECT, related_name="+")
    skill_set = models.ForeignKey("competencies.SkillSet", on_delete=models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=4, decimal_places=2)
    comment = models.TextField(blank=True, help_text="Why it was sent back.")
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = WorkLogEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=WorkLogEventKind.values), name="work_log_event_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(kind="sent_back") | ~Q(comment=""), name="work_log_event_sent_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.log_id}"


class WorkHours(models.Model):
    """One row is the hours of one logged piece of work, as a mentor approved them. Insert only.

    It agrees with its entry in every column; `verify_record` holds it to that. `reason` is why the hours are
    other ones than were logged. Hours that were taken back keep their row and have a WorkHoursVoid.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="work_hours")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="work_hours"
    )
    log = models.OneToOneField(WorkLog, on_delete=models.PROTECT, related_name="work_hours")
    worked_on = models.DateField()
    worksite = models.ForeignKey("apprenticeship.Worksite", on_delete=models.PROTECT, related_name="work_hours")
    skill_set = models.ForeignKey("competencies.SkillSet", on_delete=models.PROTECT, related_name="work_hours")
    hours = models.DecimalField(max_digits=4, decimal_places=2)
    logged_hours = models.DecimalField(max_digits=4, decimal_places=2)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="work_approved")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, null=True, related_name="+")

    objects = WorkHoursQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=quarters_of_a_day(), name="work_hours_of_one_day"),
            models.CheckConstraint(
                condition=Q(hours=F("logged_hours")) | Q(reason__isnull=False), name="work_hours_changed_with_reason"
            ),
        ]
        indexes = [
            # Serves the sums of a book and of its days.
            models.Index(fields=["apprenticeship", "worked_on"], name="work_hours_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.worked_on} {self.hours}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that these hours stand in."""
        return self.apprenticeship.roles_of(viewer)


class WorkHoursVoid(models.Model):
    """One row takes approved hours back, with its sealed reason. Insert only; the day may be logged anew."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="work_hours_void")
    work_hours = models.OneToOneField(WorkHours, on_delete=models.PROTECT, related_name="void")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="work_voided")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = WorkHoursVoidQuerySet.as_manager()

    def __str__(self) -> str:
        return f"void of {self.work_hours_id}"


class MonthSignature(models.Model):
    """One row is a supervisor's signature on one month of hours on the job: exactly the hours it covers. Insert only.

    Hours that are approved or taken back later are not in it; then the month is signed anew, and the newest counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="month_signature")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="month_signatures"
    )
    month = models.DateField(help_text="The first day of the month.")
    hours = models.DecimalField(max_digits=6, decimal_places=2)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="months_signed")

    objects = MonthSignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="month_signature_names_a_month"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="month_signature_of_some_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.hours}"


class MonthCover(models.Model):
    """One row says that one month's signature covers the hours of one line. Insert only, written with it."""

    id = models.BigAutoField(primary_key=True)
    signature = models.ForeignKey(MonthSignature, on_delete=models.PROTECT, related_name="covers")
    work_hours = models.ForeignKey(WorkHours, on_delete=models.PROTECT, related_name="month_covers")

    objects = MonthCoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signature", "work_hours"], name="month_covers_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.signature_id} {self.work_hours_id}"
