"""What the apprentice says of a signature in their own book, and what those who run the program answer."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from apprenticeship.querysets import CounterSignatureQuerySet, DisagreementAnswerQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class CounterSignature(models.Model):
    """One row is one word of the apprentice about one sign-off: "I agree", or "I disagree" and why. Insert only.

    The last word about a sign-off counts; the earlier ones stay to be read. A disagreement is answered
    by `answer_due`, a local date of the sponsor; its reason is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(
        "apprenticeship.RecordEntry", on_delete=models.PROTECT, related_name="counter_signature"
    )
    sign_off = models.ForeignKey("apprenticeship.SignOff", on_delete=models.PROTECT, related_name="counter_signatures")
    agrees = models.BooleanField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="counter_signatures")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, null=True, related_name="+")
    answer_due = models.DateField(null=True)

    objects = CounterSignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agrees=True, reason=None, answer_due=None)
                | Q(agrees=False, reason__isnull=False, answer_due__isnull=False),
                name="counter_signature_agrees_or_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{'agrees' if self.agrees else 'disagrees'} {self.sign_off_id}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.sign_off.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that it was said in."""
        return self.sign_off.apprenticeship.roles_of(viewer)


class AnswerOutcome(models.TextChoices):
    """What comes of a disagreement. Taking the signature back is an act of its own, not an answer."""

    STANDS = "stands", _("The sign-off stands")
    SIGN_AGAIN = "sign_again", _("The mentor is asked to sign again")


class DisagreementAnswer(models.Model):
    """One row answers one disagreement, by somebody who did not sign what is disagreed with. Insert only.

    It changes nothing of what counts: where the apprentice's OK is demanded, it is still missing.
    The words to the apprentice are sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(
        "apprenticeship.RecordEntry", on_delete=models.PROTECT, related_name="disagreement_answer"
    )
    disagreement = models.OneToOneField(CounterSignature, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=12, choices=AnswerOutcome.choices)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="disagreement_answers")
    words = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = DisagreementAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=AnswerOutcome.values), name="disagreement_answer_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.disagreement_id}"
