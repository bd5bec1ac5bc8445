"""A version's rows as the document they came from: `document_of(import(x)) == x`."""

import json

from competencies.document import (
    CoursePart,
    LevelPart,
    ScalePart,
    SkillPart,
    SkillSetPart,
    StandardDocument,
    TopicPart,
    as_json,
    decode,
)
from competencies.models import Skill, StandardVersion


def document_of(version: StandardVersion) -> StandardDocument:
    """The whole version, by a fixed number of queries; the header's facts as this version has them."""
    scales = tuple(
        ScalePart(
            code=scale.code,
            title=scale.title,
            kind=scale.kind,  # type: ignore[arg-type]  # the column's choices are the document's
            levels=tuple(
                LevelPart(code=level.code, label=level.label, sentence=level.sentence, threshold=level.is_threshold)
                for level in sorted(scale.levels.all(), key=lambda level: level.order)
            ),
        )
        for scale in version.scales.prefetch_related("levels").order_by("order")
    )
    defaults: dict[str, str] = {scale.kind: scale.code for scale in scales if scale.kind}
    facts = {
        "slug": version.standard.slug,
        **version.facts,
        "additions": version.additions,
        "doubts": version.doubts,
        "skill_sets": [],
    }
    header: StandardDocument = decode(StandardDocument, facts)
    return StandardDocument(
        **{name: getattr(header, name) for name in facts if name != "skill_sets"},
        approach=version.approach,  # type: ignore[arg-type]  # the column's choices are the document's
        job_hours_min=version.job_hours_min,
        job_hours_max=version.job_hours_max,
        instruction_hours=version.instruction_hours,
        scales=scales,
        skill_sets=_skill_sets(version, defaults),
        courses=_courses(version),
    )


def json_of(version: StandardVersion) -> str:
    """The version in its JSON form, indented, in the order of the page."""
    return json.dumps(as_json(document_of(version)), indent=2, ensure_ascii=False) + "\n"


def _skill_sets(version: StandardVersion, defaults: dict[str, str]) -> tuple[SkillSetPart, ...]:
    result = []
    for skill_set in version.skill_sets.prefetch_related("skills__scale").order_by("order"):
        rows = sorted(skill_set.skills.all(), key=lambda row: row.order)
        result.append(
            SkillSetPart(
                title=skill_set.title,
                role_track=skill_set.role_track,
                hours_min=skill_set.hours_min,
                hours_max=skill_set.hours_max,
                skills=tuple(_skill(row, rows, defaults) for row in rows if row.parent_id is None),
            )
        )
    return tuple(result)


def _skill(row: Skill, rows: list[Skill], defaults: dict[str, str]) -> SkillPart:
    return SkillPart(
        code=row.code,
        text=row.text,
        kind=row.kind,  # type: ignore[arg-type]  # the column's choices are the document's
        scale="" if defaults.get(row.kind) == row.scale.code else row.scale.code,
        required=row.required,
        needs_evidence=row.needs_evidence,
        needs_counter_signature=row.needs_counter_signature,
        needs_practical_test=row.needs_practical_test,
        needs_written_test=row.needs_written_test,
        procedure_number=row.procedure_number,
        procedure_version=row.procedure_version,
        due_again_months=row.due_again_months,
        steps=tuple(_skill(step, rows, defaults) for step in rows if step.parent_id == row.pk),
    )


def _courses(version: StandardVersion) -> tuple[CoursePart, ...]:
    return tuple(
        CoursePart(
            title=course.title,
            required_hours=course.required_hours,
            topics=tuple(
                TopicPart(
                    title=topic.title,
                    minimum_hours=topic.minimum_hours,
                    conditional=topic.conditional,
                    recurrence=topic.recurrence,  # type: ignore[arg-type]  # the column's choices are the document's
                    recurrence_months=topic.recurrence_months,
                    law=topic.law,
                )
                for topic in sorted(course.topics.all(), key=lambda topic: topic.order)
            ),
        )
        for course in version.courses.prefetch_related("topics").order_by("order")
    )
