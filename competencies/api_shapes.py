"""Standards as the API tells them."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from accounts.paging import PagedParameters
from competencies.document import plain
from competencies.models import Course, RatingScale, Skill, SkillSet, Standard, StandardVersion, Topic, VersionStatus


class VersionLine(serializers.Serializer[Any]):
    """One version of a standard, to find it by."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["published", "superseded"])
    published_at = serializers.DateTimeField()
    hash = serializers.CharField(help_text="SHA-256 of the version's content; entries name it.")


class StandardLine(serializers.Serializer[Any]):
    """One standard of the library, or of one of your sponsors, with the versions that were published."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    owner = serializers.UUIDField(allow_null=True, help_text="The sponsor whose own it is; null: the shared library.")
    onet_code = serializers.CharField(allow_blank=True, help_text="As printed; blank stays blank.")
    rapids_code = serializers.CharField(allow_blank=True, help_text="As printed; blank stays blank.")
    versions = VersionLine(many=True)


class StandardPage(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="Where the next piece is; null at the end.")
    results = StandardLine(many=True)


class StandardParameters(PagedParameters):
    """Which standards."""

    search = serializers.CharField(required=False, max_length=100, help_text="A part of the title.")


class LevelShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a name of the field itself, too
    sentence = serializers.CharField(help_text="What the level means, as it is signed.")
    attained = serializers.BooleanField(help_text="Whether a skill counts as signed off at this level.")


class ScaleShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField()
    title = serializers.CharField()
    levels = LevelShape(many=True)


class SkillShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    code = serializers.CharField(help_text='Stable within the version, for example "4.3".')
    text = serializers.CharField(help_text="Word for word as published.")
    kind = serializers.ChoiceField(choices=["performance", "knowledge", "training"])
    parent = serializers.UUIDField(allow_null=True, help_text="The skill of which this is a step.")  # type: ignore[assignment]  # a name of the field itself, too
    scale = serializers.UUIDField(help_text="By which of `scales` it is rated.")
    required = serializers.BooleanField()  # type: ignore[assignment]  # a name of the field itself, too
    needs_evidence = serializers.BooleanField()
    needs_counter_signature = serializers.BooleanField()
    needs_practical_test = serializers.BooleanField()
    needs_written_test = serializers.BooleanField()
    procedure_number = serializers.CharField(allow_blank=True)
    procedure_version = serializers.CharField(allow_blank=True)
    due_again_months = serializers.IntegerField(allow_null=True)


class SetShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    order = serializers.IntegerField()
    title = serializers.CharField()
    role_track = serializers.CharField(allow_blank=True, help_text="Blank: everybody.")
    hours_min = serializers.CharField(allow_null=True)
    hours_max = serializers.CharField(allow_null=True)
    skills = SkillShape(many=True)


class TopicShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    order = serializers.IntegerField()
    title = serializers.CharField()
    minimum_hours = serializers.CharField(allow_null=True, help_text="Null where the standard gives none.")
    conditional = serializers.BooleanField(help_text='Printed "where appropriate".')
    recurrence = serializers.ChoiceField(choices=["", "within_months", "calendar_year"])
    recurrence_months = serializers.IntegerField(allow_null=True)
    law = serializers.CharField(allow_blank=True)


class CourseShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    order = serializers.IntegerField()
    title = serializers.CharField()
    required_hours = serializers.CharField(allow_null=True)
    topics = TopicShape(many=True)


class VersionShape(serializers.Serializer[Any]):
    """One published version, whole. It never changes; its hash is its ETag."""

    id = serializers.UUIDField()
    standard = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["published", "superseded"])
    hash = serializers.CharField()
    approach = serializers.ChoiceField(choices=["time", "competency", "hybrid"])
    job_hours_min = serializers.CharField(allow_null=True)
    job_hours_max = serializers.CharField(allow_null=True)
    instruction_hours = serializers.CharField(allow_null=True)
    scales = ScaleShape(many=True)
    skill_sets = SetShape(many=True)
    courses = CourseShape(many=True)


def standard_line(standard: Standard) -> dict[str, Any]:
    """Reads the prefetched `versions`."""
    published = [version for version in standard.versions.all() if version.status != VersionStatus.DRAFT]
    return {
        "id": standard.pk,
        "slug": standard.slug,
        "title": standard.title,
        "owner": standard.owner_id,
        "onet_code": standard.onet_code,
        "rapids_code": standard.rapids_code,
        "versions": [
            {
                "id": version.pk,
                "number": version.number,
                "status": version.status,
                "published_at": version.published_at,
                "hash": version.content_hash,
            }
            for version in sorted(published, key=lambda version: version.number)
        ],
    }


def version_shape(version: StandardVersion) -> dict[str, Any]:
    """A whole version by seven queries, whatever its size."""
    sets = version.skill_sets.prefetch_related("skills").order_by("order")
    courses = version.courses.prefetch_related("topics").order_by("order")
    scales = version.scales.prefetch_related("levels").order_by("order")
    return {
        "id": version.pk,
        "standard": version.standard_id,
        "slug": version.standard.slug,
        "title": version.title,
        "number": version.number,
        "status": version.status,
        "hash": version.content_hash,
        "approach": version.approach,
        "job_hours_min": hours(version.job_hours_min),
        "job_hours_max": hours(version.job_hours_max),
        "instruction_hours": hours(version.instruction_hours),
        "scales": [_scale(scale) for scale in scales],
        "skill_sets": [_set(skill_set) for skill_set in sets],
        "courses": [_course(course) for course in courses],
    }


def _scale(scale: RatingScale) -> dict[str, Any]:
    levels = sorted(scale.levels.all(), key=lambda level: level.order)
    names = ("code", "label", "sentence", "attained")
    return {
        "id": scale.pk,
        "code": scale.code,
        "title": scale.title,
        "levels": [{"id": level.pk, **{name: getattr(level, name) for name in names}} for level in levels],
    }


def _set(skill_set: SkillSet) -> dict[str, Any]:
    return {
        "id": skill_set.pk,
        "order": skill_set.order,
        "title": skill_set.title,
        "role_track": skill_set.role_track,
        "hours_min": hours(skill_set.hours_min),
        "hours_max": hours(skill_set.hours_max),
        "skills": [_skill(skill) for skill in sorted(skill_set.skills.all(), key=lambda skill: skill.order)],
    }


def _skill(skill: Skill) -> dict[str, Any]:
    facts = ("code", "text", "kind", "required", "procedure_number", "procedure_version", "due_again_months")
    needs = ("needs_evidence", "needs_counter_signature", "needs_practical_test", "needs_written_test")
    return {
        "id": skill.pk,
        "parent": skill.parent_id,
        "scale": skill.scale_id,
        **{name: getattr(skill, name) for name in (*facts, *needs)},
    }


def _course(course: Course) -> dict[str, Any]:
    topics = sorted(course.topics.all(), key=lambda topic: topic.order)
    return {
        "id": course.pk,
        "order": course.order,
        "title": course.title,
        "required_hours": hours(course.required_hours),
        "topics": [_topic(topic) for topic in topics],
    }


def _topic(topic: Topic) -> dict[str, Any]:
    names = ("order", "title", "conditional", "recurrence", "recurrence_months", "law")
    rest = {name: getattr(topic, name) for name in names}
    return {"id": topic.pk, "minimum_hours": hours(topic.minimum_hours), **rest}


def hours(number: Decimal | None) -> str | None:
    """Hours as text, as entries carry them: "44", "6.5"; a blank number stays blank."""
    return None if number is None else plain(number)
