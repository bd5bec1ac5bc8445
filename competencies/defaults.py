"""What is added to a printed page that does not say it: rating scales and the kinds of skills.

The scales' sentences are our own; a version freezes its copy. Everything added is marked as added.
"""

import re
from dataclasses import replace

from competencies.document import Addition, Kind, LevelPart, ScalePart, SkillPart, StandardDocument

SCALES = (
    ScalePart(
        code="performance",
        title="Performance",
        kind="performance",
        levels=(
            LevelPart(
                code="in-training",
                label="In training",
                sentence="Is shown the task, or does it only with step-by-step help.",
            ),
            LevelPart(
                code="with-coaching",
                label="With coaching",
                sentence="Does the basics; still needs checking or advice.",
            ),
            LevelPart(
                code="proficient",
                label="Proficient",
                sentence="Does the whole task correctly and consistently, without help.",
                threshold=True,
            ),
        ),
    ),
    ScalePart(
        code="knowledge",
        title="Knowledge",
        kind="knowledge",
        levels=(
            LevelPart(code="not-yet", label="Not yet", sentence="Has not had it explained so far."),
            LevelPart(code="introduced", label="Introduced", sentence="Has had it explained."),
            LevelPart(
                code="can-explain-and-apply",
                label="Can explain and apply",
                sentence="Explains it in own words and uses it at work.",
                threshold=True,
            ),
        ),
    ),
    ScalePart(
        code="training",
        title="Training",
        kind="training",
        levels=(
            LevelPart(code="not-done", label="Not done", sentence="Has not completed the training so far."),
            LevelPart(
                code="completed",
                label="Completed",
                sentence="Completed the training on the date given.",
                threshold=True,
            ),
        ),
    ),
)

# Only words that leave no choice: "Become familiar with and use" is a performance after all.
_KNOWLEDGE = re.compile(r"^(Become familiar with|Acquire familiarity with|Learn details of|Understand)\b(?! and )")
_TRAINING = re.compile(r"^Take\b.*\btraining\b")


def kind_of(text: str) -> Kind:
    """The kind that a skill's own words make certain, else performance."""
    if _TRAINING.search(text):
        return "training"
    return "knowledge" if _KNOWLEDGE.search(text) else "performance"


def with_scales(document: StandardDocument) -> StandardDocument:
    """The document with the built-in scales, marked as added, where it has none of its own."""
    if document.scales:
        return document
    return replace(document, scales=SCALES, additions=(*document.additions, Addition(field="scales")))


def completed(page: StandardDocument) -> StandardDocument:
    """A page as read, with what no page says: the scales, and each skill's kind."""
    skill_sets = tuple(replace(part, skills=tuple(_with_kind(s) for s in part.skills)) for part in page.skill_sets)
    return with_scales(replace(page, skill_sets=skill_sets, additions=(*page.additions, Addition(field="skill.kind"))))


def _with_kind(skill: SkillPart) -> SkillPart:
    return replace(skill, kind=kind_of(skill.text), steps=tuple(_with_kind(step) for step in skill.steps))
