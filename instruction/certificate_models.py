"""Certificates of apprentices, mentors and staff, and what was decided about each. Rows of facts are insert only."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from competencies.models import Recurrence
from instruction.certificate_querysets import (
    CertificateDecisionQuerySet,
    CertificateKindQuerySet,
    CertificatePartQuerySet,
    CertificateQuerySet,
    InstructionVoidQuerySet,
    StaffFileQuerySet,
)
from instruction.file_models import SponsorFile

if TYPE_CHECKING:
    from accounts.viewer import Viewer

LONGEST_CERTIFICATE = {"title": 120, "issuer": 200, "number": 100}
"""How many characters the texts of a certificate may have."""

OTHER = "other"
SHARED_KINDS: "dict[str, str | Promise]" = {
    "cpr_card": _("CPR card"),
    "hipaa": _("HIPAA training"),
    "harassment_prevention": _("Harassment prevention training"),
    OTHER: _("Other certificate"),
}
"""The kinds that every sponsor has, by code; kept as rows by `keep_shared_kinds` after every migrate."""


class CertificateKind(models.Model):
    """One row is one kind of certificate: everybody's where `sponsor` is blank, else one sponsor's own.

    The recurrence counts where a certificate has no last day of its own and serves no topic that has one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey(
        "accounts.Sponsor", on_delete=models.PROTECT, null=True, blank=True, related_name="certificate_kinds"
    )
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=LONGEST_CERTIFICATE["title"])
    recurrence = models.CharField(max_length=15, choices=Recurrence.choices, blank=True, default=Recurrence.NONE)
    recurrence_months = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = CertificateKindQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sponsor", "code"], name="certificate_kind_code_once_per_sponsor"),
            models.UniqueConstraint(fields=["code"], condition=Q(sponsor=None), name="certificate_kind_shared_once"),
            models.CheckConstraint(condition=~Q(title=""), name="certificate_kind_has_a_title"),
            models.CheckConstraint(
                condition=Q(recurrence=Recurrence.WITHIN_MONTHS, recurrence_months__isnull=False)
                | (~Q(recurrence=Recurrence.WITHIN_MONTHS) & Q(recurrence_months=None)),
                name="certificate_kind_months_when_within",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What it is called: the shared ones in the reader's language, a sponsor's own as it named them."""
        return str(SHARED_KINDS.get(self.code, self.title)) if self.sponsor_id is None else self.title


class Certificate(models.Model):
    """One row is one certificate as somebody brought it: of an apprentice, or of a mentor or other staff. Insert only.

    It counts once its `decision` confirms it. `apprenticeship` is the book it belongs to; blank for staff, who have
    none. `due_on` is the day from which a new one is due: its last day, or what topic or kind ask for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="certificates")
    holder = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="certificates")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    kind = models.ForeignKey(CertificateKind, on_delete=models.PROTECT, related_name="certificates")
    title = models.CharField(
        max_length=LONGEST_CERTIFICATE["title"], blank=True, help_text="What it is called, where the kind is another."
    )
    issuer = models.CharField(max_length=LONGEST_CERTIFICATE["issuer"])
    number = models.CharField(max_length=LONGEST_CERTIFICATE["number"], blank=True)
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    topic = models.ForeignKey(
        "competencies.Topic", on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals")
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="certificates_added")
    added_at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(issuer=""), name="certificate_names_its_issuer"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("issued_on")), name="certificate_ends_after_it_began"
            ),
        ]
        indexes = [
            # Serves "what expires in 30, 60 and 90 days", and the timed look.
            models.Index(fields=["sponsor", "due_on"], name="certificate_by_due_day"),
        ]

    def __str__(self) -> str:
        return f"{self.called} {self.issued_on}"

    @property
    def called(self) -> str:
        """What to call it: the title it was given, or that of its kind."""
        return self.title or self.kind.words

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on this certificate: those on the book, or for staff those held with the sponsor.

        With one's own certificate one is what one is in one's own book: nobody confirms for themselves.
        """
        if self.apprenticeship is not None:
            return self.apprenticeship.roles_of(viewer)
        held = viewer.roles_with(self.sponsor_id)
        if self.holder_id == viewer.user_id:
            return frozenset({Role.APPRENTICE}) if held else frozenset()
        return held & {Role.ADMINISTRATOR, Role.COORDINATOR}


class CertificateEvidence(models.Model):
    """One row is one file of an apprentice's book that shows one certificate. Insert only."""

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="evidence_uses")
    evidence = models.ForeignKey("apprenticeship.Evidence", on_delete=models.PROTECT, related_name="certificate_uses")

    objects = CertificatePartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["certificate", "evidence"], name="evidence_once_per_certificate")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} for {self.certificate_id}"


class StaffFile(SponsorFile):
    """One row is one file of somebody who has no book: given with a certificate, or a draft."""

    GIVEN_WITH = "certificate"

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, null=True, related_name="staff_files")

    objects = StaffFileQuerySet.as_manager()

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the certificate that it was given with."""
        return self.certificate.roles_of(viewer) if self.certificate else frozenset()


class Outcome(models.TextChoices):
    """What a coordinator decided about a certificate. Stored: never rename one."""

    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class CertificateDecision(models.Model):
    """One row is what a coordinator decided about one certificate, once. Insert only.

    `entry` is its place in the book, where it is an apprentice's and was confirmed; declining is conversation and
    stands in no book.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="certificates_decided")
    at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(
        "apprenticeship.RecordEntry", on_delete=models.PROTECT, null=True, related_name="certificate"
    )

    objects = CertificateDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="certificate_outcome_is_known"),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.DECLINED) & ~Q(reason="") & Q(entry=None))
                | Q(outcome=Outcome.CONFIRMED, reason=""),
                name="certificate_declined_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.certificate_id}"


class StaffCertificateVoid(models.Model):
    """One row takes the confirmed certificate of somebody who has no book back, with its reason. Insert only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="staff_void")
    reason = models.TextField(help_text="Its holder may read it.")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="staff_certificates_voided")
    at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="+")

    objects = CertificatePartQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="staff_certificate_void_says_why")]

    def __str__(self) -> str:
        return f"void of {self.certificate_id}"


class CertificateReminder(models.Model):
    """One row says that one reminder of one certificate was given: `stage` is the days before. Insert only.

    It is written with the message that gives it, so that a killed worker neither forgets nor repeats one.
    """

    id = models.BigAutoField(primary_key=True)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="reminders")
    stage = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()

    objects = CertificatePartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "stage"], name="certificate_reminder_given_once")]

    def __str__(self) -> str:
        return f"{self.stage} days before {self.certificate_id}"


class InstructionVoid(models.Model):
    """One row takes one entry of this layer back, with its sealed reason: a certificate, hours, a waiver. Insert only.

    The entry stays in the book and on the pages, marked; it counts no more. (Class hours have a void of their own.)
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(
        "apprenticeship.RecordEntry", on_delete=models.PROTECT, related_name="instruction_void"
    )
    voided = models.OneToOneField(
        "apprenticeship.RecordEntry", on_delete=models.PROTECT, related_name="voided_by_instruction"
    )
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="instruction_voids")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, related_name="+")

    objects = InstructionVoidQuerySet.as_manager()

    def __str__(self) -> str:
        return f"void of {self.voided_id}"
