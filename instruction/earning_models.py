"""What stands beside class hours: hours earned otherwise, waivers, competency in a topic. All are insert only."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from apprenticeship.models import TestKind
from instruction.earning_querysets import BookFactQuerySet, OtherHoursEvidenceQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer

MOST_HOURS_AT_ONCE = 500
"""The most that one certificate, transcript or test is good for."""
LONGEST_PROVIDER = 200


class Way(models.TextChoices):
    """How hours are earned without a class here. Stored: never rename one."""

    SELF_STUDY = "self_study", _("Self-study with a certificate")
    TRANSFER = "transfer", _("Transfer credit with a transcript")
    TEST_OUT = "test_out", _("Test-out")


def quarters_up_to(most: int, column: str = "hours") -> Q:
    """The condition of hours in steps of a quarter, from none to `most`."""
    quarters = ExpressionWrapper(F(column) * 4, output_field=models.DecimalField())
    whole = Cast(quarters, output_field=models.IntegerField())
    return Q(**{f"{column}__gte": 0, f"{column}__lte": most}) & Q(Exact(quarters, whole))


class BookFact(models.Model):
    """What every row here has: its entry, the book and the topic it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField("apprenticeship.RecordEntry", on_delete=models.PROTECT, related_name="%(class)s")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="%(class)s_rows"
    )
    topic = models.ForeignKey("competencies.Topic", on_delete=models.PROTECT, related_name="%(class)s_rows")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="%(class)s_signed")

    objects = BookFactQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.topic_id} of {self.apprenticeship_id}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that it stands in."""
        return self.apprenticeship.roles_of(viewer)


class OtherHours(BookFact):
    """One row is hours of one topic that were earned without a class here, by a document. Insert only.

    Transfer credit and a test-out may be accepted without hours; they then meet a topic that has no minimum.
    """

    way = models.CharField(max_length=10, choices=Way.choices)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    earned_on = models.DateField(help_text="The day that the document names; the sponsor's local date.")
    provider = models.CharField(max_length=LONGEST_PROVIDER, help_text="Who issued the document.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=quarters_up_to(MOST_HOURS_AT_ONCE), name="other_hours_in_quarters"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="other_hours_way_is_known"),
            models.CheckConstraint(condition=~Q(provider=""), name="other_hours_name_their_provider"),
            models.CheckConstraint(
                condition=~Q(way=Way.SELF_STUDY) | Q(hours__gt=0), name="other_hours_of_self_study_are_some"
            ),
        ]


class OtherHoursEvidence(models.Model):
    """One row is one document of hours that were earned otherwise. Insert only."""

    id = models.BigAutoField(primary_key=True)
    other_hours = models.ForeignKey(OtherHours, on_delete=models.PROTECT, related_name="evidence_uses")
    evidence = models.ForeignKey("apprenticeship.Evidence", on_delete=models.PROTECT, related_name="hours_uses")

    objects = OtherHoursEvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["other_hours", "evidence"], name="evidence_once_per_other_hours")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} for {self.other_hours_id}"


class TopicWaiver(BookFact):
    """One row says that a topic demanded "where appropriate" is not appropriate here, and why. Insert only."""

    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")


class TopicTest(BookFact):
    """One row is the result of one test of a topic, given by a named examiner. Insert only."""

    kind = models.CharField(max_length=10, choices=TestKind.choices)
    taken_on = models.DateField(help_text="The sponsor's local date.")
    passed = models.BooleanField()
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    pass_mark = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    instrument = models.CharField(max_length=200, help_text="The test, by its name.")
    examiner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    examiner_name = models.CharField(max_length=120)
    examiner_organization = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None, pass_mark=None)
                | Q(score__gte=F("pass_mark"), pass_mark__gte=0, passed=True)
                | Q(score__lt=F("pass_mark"), score__gte=0, passed=False),
                name="topic_test_passed_as_its_points_say",
            ),
            models.CheckConstraint(
                condition=~Q(instrument="") & ~Q(examiner_name="") & ~Q(examiner_organization=""),
                name="topic_test_names_instrument_and_examiner",
            ),
        ]


class TopicSignOff(BookFact):
    """One row is an instructor's signature that the apprentice is competent in one topic. Insert only."""
