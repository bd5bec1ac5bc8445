"""Programs and their terms, employers, cohorts, apprenticeships and mentorships."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.qualification_models import Qualified, the_one
from apprenticeship.demands import check_additions
from apprenticeship.limits import check_limits
from apprenticeship.querysets import (
    ApprenticeshipQuerySet,
    MentorshipQuerySet,
    SponsorOwnedQuerySet,
    TermsQuerySet,
    WorksiteQuerySet,
)
from apprenticeship.statuses import RUNNING, Status
from apprenticeship.wages import check_wage_steps

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class Employer(models.Model):
    """One row is one employer of a sponsor's apprentices; often not the sponsor itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="employers")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is offered no more.")

    objects = SponsorOwnedQuerySet["Employer"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sponsor", "name"], name="employer_name_once_per_sponsor")]

    def __str__(self) -> str:
        return self.name

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles that `viewer` holds with the sponsor."""
        return viewer.roles_with(self.sponsor_id)


class Worksite(models.Model):
    """One row is one place where the work is learned; entries copy its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="worksites")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    photos_allowed = models.BooleanField(default=True, help_text="Whether photographs may be uploaded as evidence.")
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is offered no more.")

    objects = WorksiteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employer", "name"], name="worksite_name_once_per_employer")]

    def __str__(self) -> str:
        return self.name

    @property
    def sponsor_id(self) -> uuid.UUID:
        """The sponsor of its employer; read `employer` along."""
        return self.employer.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles that `viewer` holds with the sponsor."""
        return viewer.roles_with(self.sponsor_id)


class Program(models.Model):
    """One row is one registered program of a sponsor. What it demands stands in its Terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="programs")
    title = models.CharField(max_length=200)
    registration_agency = models.CharField(max_length=200, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    photos_allowed = models.BooleanField(default=True, help_text="Whether photographs may be uploaded as evidence.")

    objects = SponsorOwnedQuerySet["Program"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sponsor", "title"], name="program_title_once_per_sponsor")]

    def __str__(self) -> str:
        return self.title

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles that `viewer` holds with the sponsor."""
        return viewer.roles_with(self.sponsor_id)


class Terms(models.Model):
    """One row is one numbered set of terms of a program: the standard version it adopts and what is added.

    Frozen once an apprenticeship pins it; a change is the next number. `additions` may add demands
    to skills (tests, counter-signatures, procedures), by skill code; it never drops or rewords a line, and
    what is no addition is refused when it is stored. `signing_limits` holds numbers by the names of
    `limits.LIMITS`; one that is not set has its default. `wage_steps` are those of `apprenticeship/wages.py`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveIntegerField()
    standard_version = models.ForeignKey("competencies.StandardVersion", on_delete=models.PROTECT, related_name="terms")
    adopted_on = models.DateField()
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    probation_months = models.PositiveSmallIntegerField(null=True, blank=True)
    ratio_apprentices = models.PositiveSmallIntegerField(null=True, blank=True)
    ratio_journeyworkers = models.PositiveSmallIntegerField(null=True, blank=True)
    instruction_hours_per_year = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Related instruction; blank where none is asked.",
    )
    additions = models.JSONField(default=dict)
    signing_limits = models.JSONField(default=dict)
    wage_steps = models.JSONField(default=list)
    is_draft = models.BooleanField(default=False, help_text="Nobody is registered under a draft; it may be changed.")
    put_in_force_at = models.DateTimeField(null=True, blank=True)
    put_in_force_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Or by a command."
    )

    objects = TermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="terms_number_once_per_program"),
            models.CheckConstraint(
                condition=Q(ratio_apprentices=None, ratio_journeyworkers=None)
                | Q(ratio_apprentices__isnull=False, ratio_journeyworkers__isnull=False),
                name="terms_ratio_whole_or_blank",
            ),
            models.UniqueConstraint(
                fields=["program"], condition=Q(is_draft=True), name="terms_one_draft_at_a_time_per_program"
            ),
            models.CheckConstraint(
                condition=Q(put_in_force_at=None, put_in_force_by=None)
                | Q(is_draft=False, put_in_force_at__isnull=False, put_in_force_by__isnull=False),
                name="terms_put_in_force_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises AdditionsInvalid where `additions` would not only add, LimitsInvalid and WageStepsInvalid where the
        limits or the wage steps are none.
        """
        check_additions(self.standard_version_id, self.additions)
        check_limits(self.signing_limits)
        check_wage_steps(self.wage_steps)
        super().save(*args, **kwargs)

    @property
    def sponsor_id(self) -> uuid.UUID:
        """The sponsor of its program; read `program` along."""
        return self.program.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles that `viewer` holds with the sponsor."""
        return viewer.roles_with(self.sponsor_id)


class Cohort(models.Model):
    """One row is one group of apprentices that a coordinator looks at together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    starts_on = models.DateField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Since when nobody moves there any more.")

    objects = SponsorOwnedQuerySet["Cohort"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sponsor", "name"], name="cohort_name_once_per_sponsor")]

    def __str__(self) -> str:
        return self.name

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles that `viewer` holds over a whole cohort: those of the membership."""
        return viewer.roles_with(self.sponsor_id)


class Apprenticeship(models.Model):
    """One row is one person's apprenticeship, with a book of entries of its own; it pins one Terms.

    Never delete one: its book must outlive it (29 CFR 30.12: five years). `status` is what the status changes
    in the book come to; only the transition writes it, and the rebuild. So are employer, worksite and role track,
    as of the day `places_as_of`; as long as that is blank, they are what was registered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sponsor = models.ForeignKey("accounts.Sponsor", on_delete=models.PROTECT, related_name="apprenticeships")
    apprentice = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="apprenticeships")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="apprenticeships")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="apprenticeships")
    worksite = models.ForeignKey(
        Worksite, on_delete=models.PROTECT, null=True, blank=True, related_name="apprenticeships"
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="apprenticeships")
    role_track = models.CharField(max_length=120, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField()
    places_as_of = models.DateField(null=True, editable=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.REGISTERED, editable=False)

    held_by_viewer: "tuple[Mentorship, ...] | None" = None
    """The mentorships of the one person who looks, where a request read only these along with the book."""

    objects = ApprenticeshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["apprentice", "terms"], name="apprenticeship_once_per_terms"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="apprenticeship_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.apprentice} · {self.terms.program}"

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on this book; in one's own book one is the apprentice and nothing else.

        At a shared device nobody has any on the book of another worksite.
        Mentor's rights come from the mentorship in force on the sponsor's local date; who is only a
        viewer here reads this book as an auditor does. Reads `self.mentorships`; prefetch it where many
        rows are asked.
        """
        if viewer.station and viewer.station.worksite_id != self.worksite_id:
            return frozenset()
        if viewer.user_id == self.apprentice_id:
            return frozenset({Role.APPRENTICE})
        held = viewer.roles_with(self.sponsor_id)
        roles = set(held & {Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR})
        if Role.MENTOR in held:
            roles |= {Role.MENTOR if m.signs else Role.AUDITOR for m in self.held_by(viewer)}
        return frozenset(roles)

    @property
    def is_running(self) -> bool:
        """Whether asking and signing go on: it is neither suspended nor cancelled."""
        return self.status in RUNNING

    def mentorship_of(self, viewer: "Viewer", *, covering: str = "") -> "Mentorship | None":
        """The mentorship by which `viewer` may sign for this apprentice today, if any; never one that only reads.

        One person may hold two at once, say one until a date and its successor: of these, one that
        covers the role track `covering` is meant.
        """
        return next((m for m in self.held_by(viewer) if m.signs and m.covers(covering)), None)

    def qualification_of(self, viewer: "Viewer", *, covering: str = "") -> str:
        """What is printed beside a signature of `viewer` under a skill of the role track `covering`; blank: nothing
        that holds today, and then nothing is signed.
        """
        mentorship = self.mentorship_of(viewer, covering=covering)
        if mentorship is None:
            return ""
        held = viewer.qualifications_with(self.sponsor_id)
        return mentorship.printed(held, covering=covering, today=viewer.today(self.sponsor))

    def held_by(self, viewer: "Viewer") -> "list[Mentorship]":
        """The mentorships of `viewer` that are in force today."""
        today = viewer.today(self.sponsor)
        held = self.mentorships.all() if self.held_by_viewer is None else self.held_by_viewer
        return [m for m in held if m.mentor_id == viewer.user_id and m.in_force(today)]


class MentorshipRole(models.TextChoices):
    """As what: primary and deputy mentors sign alike; a viewer reads the record and signs nothing."""

    PRIMARY = "primary", _("Primary mentor")
    DEPUTY = "deputy", _("Deputy mentor")
    VIEWER = "viewer", _("Viewer")


class Mentorship(models.Model):
    """One row is one mentor of one apprentice, since a date and until a date (exclusive), kept as history.

    End one by setting `until`; never delete or rewrite it: it shows who was allowed to sign when. One that ends on
    the day it begins was never held. Its `qualification` counts as long as none is entered of the mentor.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apprenticeship = models.ForeignKey(Apprenticeship, on_delete=models.PROTECT, related_name="mentorships")
    mentor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="mentorships")
    role = models.CharField(max_length=10, choices=MentorshipRole.choices, default=MentorshipRole.PRIMARY)
    role_tracks = models.JSONField(
        default=list, blank=True, help_text="The role tracks this mentor may sign; empty means all."
    )
    qualification = models.CharField(max_length=200, blank=True, help_text="As printed beside the signature.")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="mentorship_ends_not_before_it_starts"
            ),
            models.UniqueConstraint(
                fields=["apprenticeship", "mentor"], condition=Q(until=None), name="mentorship_open_once"
            ),
            models.CheckConstraint(condition=Q(role__in=MentorshipRole.values), name="mentorship_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} · {self.get_role_display()}"

    @property
    def sponsor_id(self) -> uuid.UUID:
        return self.apprenticeship.sponsor_id

    def roles_of(self, viewer: "Viewer") -> frozenset[Role]:
        """The roles of `viewer` on the book that it is about."""
        return self.apprenticeship.roles_of(viewer)

    def in_force(self, today: date) -> bool:
        """Whether it holds on the local date `today`."""
        return self.since <= today and (self.until is None or today < self.until)

    @property
    def signs(self) -> bool:
        """Whether it is one that signs and answers; who is a viewer only reads."""
        return self.role != MentorshipRole.VIEWER

    def printed(self, held: Iterable[Qualified], *, covering: str, today: date) -> str:
        """The mentor's qualification as printed today, of all that are entered of them (`held`).

        As long as none ever was, the words count that came with the mentorship.
        """
        entered = [one for one in held if one.was_held]
        if not entered:
            return self.qualification.strip()
        one = the_one(entered, covering, today)
        return one.name if one else ""

    def covers(self, role_track: str) -> bool:
        """Whether this mentor may sign skills of `role_track`; what is for everybody, any mentor may sign."""
        return not role_track or not self.role_tracks or role_track in self.role_tracks
