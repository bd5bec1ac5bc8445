"""The book: entries for good, the typed rows that point at them, and what stands now."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from acts.digests import DigestField
from acts.ids import ordered_id
from apprenticeship.querysets import (
    RecordEntryQuerySet,
    RecordHeadQuerySet,
    RevocationQuerySet,
    SignOffQuerySet,
    SkillStandingQuerySet,
)

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class RecordHead(models.Model):
    """One row is the end of one book: the last sequence number and its hash.

    Whoever appends to a book locks this row first; it is the only row about the book that changes.
    """

    apprenticeship = models.OneToOneField(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, primary_key=True, related_name="head"
    )
    sequence = models.PositiveIntegerField(default=0)
    hash = DigestField()

    objects = RecordHeadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class RecordEntry(models.Model):
    """One row is one fact in an apprentice's book, for good. Insert only: the database refuses the rest.

    `canonical` is the entry's exact bytes as text (RFC 8785), readable without any other table;
    `hash` is SHA-256 over a zero byte and those bytes. A correction is a new entry.
    """

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    recorded_at = models.DateTimeField()
    act = models.ForeignKey("acts.Act", on_delete=models.PROTECT, related_name="entries")
    canonical = models.TextField()
    previous_hash = DigestField()
    hash = DigestField()

    objects = RecordEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["apprenticeship", "sequence"], name="entry_sequence_once_per_book"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="entry_sequence_from_one"),
        ]
        indexes = [
            # Serves "the newest of a kind in these books": found and ordered without reading any entry's bytes.
            models.Index(fields=["apprenticeship", "kind", "recorded_at"], name="entry_newest_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class Method(models.TextChoices):
    """How the signer came to their judgment; credit is judged by documents, not by work.

    What was transcribed was judged by somebody else, on paper; the signer compared it with the scan.
    """

    OBSERVED = "observed", _("I watched the work")
    WORK_PRODUCT = "work_product", _("I examined the finished work")
    DISCUSSION = "discussion", _("We talked it through")
    TEST = "test", _("A test showed it")
    CREDIT = "credit", _("Documents of earlier learning")
    TRANSCRIBED = "transcribed", _("Transcribed from paper")


METHODS_OF_MENTORS = (Method.OBSERVED, Method.WORK_PRODUCT, Method.DISCUSSION, Method.TEST)
"""What a mentor chooses among; those who run the program grant credit and verify what was transcribed."""


class SignOff(models.Model):
    """One row is one signature of one mentor on one skill. Insert only.

    It says what its entry says, in columns that can be queried; `verify_record` holds it to that.
    `replaces` is the sign-off that was live when this one was signed. `late_reason` (sealed) makes it a late
    entry. The procedure is the one the work was held against; `needs_counter_signature` is what the version
    and the Terms demanded when it was signed.
    """

    id = models.UUIDField(primary_key=True, default=ordered_id, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="sign_off")
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="sign_offs"
    )
    skill = models.ForeignKey("competencies.Skill", on_delete=models.PROTECT, related_name="sign_offs")
    level = models.ForeignKey(
        "competencies.RatingLevel", on_delete=models.PROTECT, related_name="sign_offs", db_index=False
    )
    method = models.CharField(max_length=20, choices=Method.choices)
    observed_on = models.DateField()
    worksite = models.ForeignKey(
        "apprenticeship.Worksite", on_delete=models.PROTECT, null=True, related_name="sign_offs", db_index=False
    )
    signer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="sign_offs")
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", db_index=False
    )
    note = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    late_reason = models.ForeignKey(
        "acts.SealedText", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    procedure_number = models.CharField(max_length=60, blank=True, default="")
    procedure_version = models.CharField(max_length=30, blank=True, default="")
    needs_counter_signature = models.BooleanField(default=False)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(method__in=Method.values), name="sign_off_method_is_known"),
            models.CheckConstraint(
                condition=Q(procedure_version="") | ~Q(procedure_number=""), name="sign_off_procedure_has_a_number"
            ),
        ]
        indexes = [
            # Serves "what took the place of this one"; most take nobody's.
            models.Index(fields=["replaces"], name="sign_off_replaced", condition=Q(replaces__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.level_id}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that this signature stands in."""
        return self.apprenticeship.roles_of(viewer)


class RevocationKind(models.TextChoices):
    """The two ways to take a signature back; they are never mixed."""

    MISTAKE = "mistake", _("Entered by mistake")
    NO_LONGER_STANDS = "no_longer_stands", _("No longer stands")


class Revocation(models.Model):
    """One row takes one sign-off back. Insert only; signing again is a new sign-off.

    A mistake is taken back by its signer within the sponsor's undo time; that something no longer
    stands needs a reason, which is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.OneToOneField(RecordEntry, on_delete=models.PROTECT, related_name="revocation")
    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, related_name="revocation")
    kind = models.CharField(max_length=20, choices=RevocationKind.choices)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="revocations")
    reason = models.ForeignKey("acts.SealedText", on_delete=models.PROTECT, null=True, related_name="+")

    objects = RevocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=RevocationKind.MISTAKE)
                | Q(kind=RevocationKind.NO_LONGER_STANDS, reason__isnull=False),
                name="revocation_has_a_reason_or_is_a_mistake",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sign_off_id}"


class SkillStanding(models.Model):
    """One row is what stands now for one skill of one apprentice: a projection, never a source.

    `sign_off` is the live signature or blank; `revocation` is set while the last word is "no longer
    stands". `counter_signature` is the apprentice's last word about the live signature, if they said
    any. `attained` counts a parent only with all its steps, and what needs the apprentice's OK only
    with it. `rebuild_projections` makes the same rows again from what was signed alone.
    """

    id = models.BigAutoField(primary_key=True)
    apprenticeship = models.ForeignKey(
        "apprenticeship.Apprenticeship", on_delete=models.PROTECT, related_name="standings", db_index=False
    )
    skill = models.ForeignKey("competencies.Skill", on_delete=models.PROTECT, related_name="standings", db_index=False)
    sign_off = models.OneToOneField(SignOff, on_delete=models.PROTECT, null=True, related_name="standing")
    revocation = models.ForeignKey(
        Revocation, on_delete=models.PROTECT, null=True, related_name="standings", db_index=False
    )
    counter_signature = models.ForeignKey(
        "apprenticeship.CounterSignature",
        on_delete=models.PROTECT,
        null=True,
        related_name="standings",
        db_index=False,
    )
    attained = models.BooleanField(default=False)
    due_on = models.DateField(null=True, help_text="When it is due again; the state is judged when asked.")

    objects = SkillStandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["apprenticeship", "skill"], name="standing_once_per_skill"),
            # Most rows have neither: an index of blanks would cost each signature and serve nobody.
            models.UniqueConstraint(
                fields=["revocation"], condition=Q(revocation__isnull=False), name="standing_once_per_revocation"
            ),
            models.UniqueConstraint(
                fields=["counter_signature"],
                condition=Q(counter_signature__isnull=False),
                name="standing_once_per_counter_signature",
            ),
            models.CheckConstraint(
                condition=Q(sign_off=None) | Q(revocation=None), name="standing_signed_or_taken_back"
            ),
            models.CheckConstraint(
                condition=Q(counter_signature=None) | Q(sign_off__isnull=False), name="standing_agreed_is_signed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.apprenticeship_id} {self.skill_id}"

    @property
    def waits_for_ok(self) -> bool:
        """Whether what stands demands the apprentice's OK and lacks it; load `sign_off` and `counter_signature`."""
        if self.sign_off is None or not self.sign_off.needs_counter_signature:
            return False
        return self.counter_signature is None or not self.counter_signature.agrees
