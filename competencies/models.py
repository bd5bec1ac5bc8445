"""What must be learned. Nothing here knows of people who learn."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from competencies.querysets import StandardQuerySet, StandardVersionQuerySet


class Approach(models.TextChoices):
    """What decides completion (29 CFR 29.5(b)(2))."""

    TIME = "time", _("Time-based")
    COMPETENCY = "competency", _("Competency-based")
    HYBRID = "hybrid", _("Hybrid")


class SkillKind(models.TextChoices):
    """What sort of thing a skill is; it chooses the rating scale."""

    PERFORMANCE = "performance", _("Performance")
    KNOWLEDGE = "knowledge", _("Knowledge")
    TRAINING = "training", _("Training")


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


class Recurrence(models.TextChoices):
    """How often a topic must be repeated."""

    NONE = "", _("Once")
    WITHIN_MONTHS = "within_months", _("Within a number of months")
    CALENDAR_YEAR = "calendar_year", _("Once each calendar year")


class Standard(models.Model):
    """One row is one published occupation standard, whatever its versions.

    `owner` is the sponsor whose own it is; blank means the shared library. Codes may be blank:
    a blank number stays blank and is never filled from a similar standard.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        "accounts.Sponsor", on_delete=models.PROTECT, null=True, blank=True, related_name="standards"
    )
    slug = models.SlugField(max_length=120)
    title = models.CharField(max_length=200)
    other_titles = models.JSONField(default=list)
    derived_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="derived")
    source = models.CharField(max_length=200, blank=True, help_text="Who published it, as printed.")
    source_label = models.CharField(max_length=60, blank=True, help_text="The label printed beside the source.")
    registration_agency = models.CharField(max_length=200, blank=True)
    onet_code = models.CharField(max_length=20, blank=True, help_text="O*NET-SOC code as printed.")
    rapids_code = models.CharField(max_length=20, blank=True, help_text="RAPIDS code as printed.")
    dates_printed = models.JSONField(default=list, help_text="ISO dates in the order of the page.")

    objects = StandardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "slug"], name="standard_slug_once_per_owner"),
            models.UniqueConstraint(fields=["slug"], condition=Q(owner=None), name="standard_slug_once_in_library"),
        ]

    def __str__(self) -> str:
        return self.title


class StandardVersion(models.Model):
    """One row is one version of a standard. A published one is frozen with all its parts.

    Only its status may still become superseded. `content_hash` is the SHA-256 of its canonical
    document, which carries a format number and leaves out fields at their default. `facts` are
    the header's facts as this version has them: the standard's own columns follow the newest
    published version, so that an older version never changes its words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=VersionStatus.choices, default=VersionStatus.DRAFT)
    approach = models.CharField(
        max_length=12, choices=Approach.choices, blank=True, help_text="Blank only in a draft with doubts."
    )
    facts = models.JSONField(default=dict, help_text="Title, source, codes, dates and counts as printed.")
    job_hours_min = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    job_hours_max = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    instruction_hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    doubts = models.JSONField(default=list, help_text="Lines that a person must settle before publishing.")
    additions = models.JSONField(default=list, help_text="What was added to the printed page, in words.")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, related_name="+", help_text="Blank for a command."
    )

    objects = StandardVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "number"], name="version_number_once_per_standard"),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, published_at=None)
                | (~Q(status=VersionStatus.DRAFT) & Q(published_at__isnull=False)),
                name="version_published_at_when_published",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | Q(published_at__isnull=False), name="version_published_by_and_when"
            ),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT) | ~Q(approach=""),
                name="version_published_with_its_approach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def title(self) -> str:
        """The standard's title as this version has it."""
        return self.printed("title")

    def printed(self, fact: str) -> str:
        """One of the header's facts as this version has it; blank where it was not printed."""
        return str(self.facts.get(fact, ""))

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT


class RatingScale(models.Model):
    """One row is the scale by which one kind of skill of a version is rated; frozen with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="scales")
    code = models.SlugField(max_length=40)
    title = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=1)  # a default, because guarded tables take no other new column
    kind = models.CharField(
        max_length=12,
        choices=SkillKind.choices,
        blank=True,
        help_text="The kind of skill it is the default for; blank where skills name it themselves.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="scale_code_once_per_version"),
            models.UniqueConstraint(fields=["version", "order"], name="scale_order_once_per_version"),
            models.UniqueConstraint(
                fields=["version", "kind"], condition=~Q(kind=""), name="scale_default_once_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RatingLevel(models.Model):
    """One row is one level of a scale, with the sentence that says what it means.

    `attained` is true from the threshold upward; exactly one level is the threshold.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scale = models.ForeignKey(RatingScale, on_delete=models.PROTECT, related_name="levels")
    order = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    label = models.CharField(max_length=60)
    sentence = models.CharField(max_length=200)
    is_threshold = models.BooleanField(default=False)
    attained = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scale", "order"], name="level_order_once_per_scale"),
            models.UniqueConstraint(fields=["scale", "code"], name="level_code_once_per_scale"),
            models.UniqueConstraint(fields=["scale"], condition=Q(is_threshold=True), name="scale_has_one_threshold"),
            models.CheckConstraint(condition=Q(is_threshold=False) | Q(attained=True), name="threshold_is_attained"),
        ]

    def __str__(self) -> str:
        return self.label


class SkillSet(models.Model):
    """One row is one group of skills of a version, in the order of the page; frozen with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="skill_sets")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200, help_text="As printed, without the role track.")
    role_track = models.CharField(max_length=120, blank=True, help_text="Blank means everybody.")
    hours_min = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    hours_max = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="skill_set_order_once_per_version")]

    def __str__(self) -> str:
        return f"{self.order}. {self.title}"


class Skill(models.Model):
    """One row is one thing to be able to do, word for word as published; frozen with its version.

    `order` counts through the whole set, parents before their steps. A parent has a sign-off of
    its own and is attained when that stands and all its steps are attained.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    skill_set = models.ForeignKey(SkillSet, on_delete=models.PROTECT, related_name="skills")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="steps")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, help_text='Stable, for example "4.3".')
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=SkillKind.choices, default=SkillKind.PERFORMANCE)
    scale = models.ForeignKey(RatingScale, on_delete=models.PROTECT, related_name="skills")
    required = models.BooleanField(default=True)
    needs_evidence = models.BooleanField(default=False)
    needs_counter_signature = models.BooleanField(default=False)
    needs_practical_test = models.BooleanField(default=False)
    needs_written_test = models.BooleanField(default=False)
    procedure_number = models.CharField(max_length=60, blank=True)
    procedure_version = models.CharField(max_length=30, blank=True)
    due_again_months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["skill_set", "order"], name="skill_order_once_per_set"),
            models.UniqueConstraint(fields=["skill_set", "code"], name="skill_code_once_per_set"),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="skill_is_not_its_own_step"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:60]}"


class Course(models.Model):
    """One row is one course of related instruction of a version; frozen with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="courses")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    required_hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="course_order_once_per_version")]

    def __str__(self) -> str:
        return self.title


class Topic(models.Model):
    """One row is one topic of a course; frozen with its version. A blank minimum stays blank."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="topics")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200, help_text="As printed.")
    minimum_hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    conditional = models.BooleanField(default=False, help_text='Printed "where appropriate".')
    recurrence = models.CharField(max_length=15, choices=Recurrence.choices, blank=True, default=Recurrence.NONE)
    recurrence_months = models.PositiveSmallIntegerField(null=True, blank=True)
    law = models.CharField(max_length=200, blank=True, help_text="The law it answers, as printed.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "order"], name="topic_order_once_per_course"),
            models.CheckConstraint(
                condition=Q(recurrence=Recurrence.WITHIN_MONTHS, recurrence_months__isnull=False)
                | (~Q(recurrence=Recurrence.WITHIN_MONTHS) & Q(recurrence_months=None)),
                name="topic_months_when_within_months",
            ),
        ]

    def __str__(self) -> str:
        return self.title
