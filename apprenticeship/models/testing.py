"""Tests that apprentices took: facts of their own, which a sign-off may rest on."""

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from accounts.models import Role
from apprenticeship.demands import TestKind
from apprenticeship.models.record import RecordEntry, SignOff
from apprenticeship.querysets import TestResultQuerySet, TestUseQuerySet, TestVoidQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer

LONGEST = {"instrument": 200, "examiner_name": 120, "examiner_organization": 200}
"""How many characters the texts of a test may have."""


class TestResult(models.Model):
    """One row is the result of one test of one skill that one apprentice took on one day. Insert only.

    It says what its entry says. `examiner_name` and `examiner_organization` are the named third party who gave
    the test, `examiner` their account where they have one. Where there are points, `passed` follows from
    `score` and `pass_mark`. A result that was recorded wrongly is voided, never changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="test_result")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="test_results"
    )
    skill = models.ForeignKey("competencies.Skill", on_delete=models.PROTECT, related_name="test_results")
    kind = models.CharField(max_length=10, choices=TestKind.choices)
    taken_on = models.DateField(help_text="The sponsor's local date.")
    passed = models.BooleanField()
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    pass_mark = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    instrument = models.CharField(max_length=LONGEST["instrument"], help_text="The test or checklist, by its name.")
    examiner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="tests_examined")
    examiner_name = models.CharField(max_length=LONGEST["examiner_name"])
    examiner_organization = models.CharField(max_length=LONGEST["examiner_organization"])
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="tests_recorded")

    objects = TestResultQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TestKind.values), name="test_kind_is_known"),
            models.CheckConstraint(
                condition=~Q(instrument="") & ~Q(examiner_name="") & ~Q(examiner_organization=""),
                name="test_names_instrument_and_examiner",
            ),
            models.CheckConstraint(
                condition=Q(score=None, pass_mark=None)
                | Q(score__isnull=False, pass_mark__isnull=False, score__gte=0, pass_mark__gte=0),
                name="test_has_both_points_or_none",
            ),
            models.CheckConstraint(
                condition=Q(score=None)
                | Q(score__gte=F("pass_mark"), passed=True)
                | Q(score__lt=F("pass_mark"), passed=False),
                name="test_passed_as_its_points_say",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.skill_id}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    @property
    def points(self) -> tuple[Decimal, Decimal] | None:
        """The score with its pass mark; None where the test knows only passed and not passed."""
        return None if self.score is None or self.pass_mark is None else (self.score, self.pass_mark)

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that this result stands in."""
        return self.apprenticeship.roles_of(viewer)


class TestVoid(models.Model):
    """One row takes one test result back, with its sealed reason. Insert only.

    The result stays in the book, marked; no sign-off can rest on it any more. One that did stands until it
    is taken back itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="test_void")
    test_result = models.OneToOneField(TestResult, on_delete=models.PROTECT, related_name="void")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="tests_voided")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = TestVoidQuerySet.as_manager()

    def __str__(self) -> str:
        return f"void of {self.test_result_id}"


class TestUse(models.Model):
    """One row says that one sign-off rests on one test result, as its entry names it. Insert only."""

    id = models.BigAutoField(primary_key=True)
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="tests_used")
    test_result = models.ForeignKey(TestResult, on_delete=models.PROTECT, related_name="uses")

    objects = TestUseQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sign_off", "test_result"], name="test_used_once_per_sign_off")]

    def __str__(self) -> str:
        return f"{self.sign_off_id} {self.test_result_id}"
