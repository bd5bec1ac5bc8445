"""What a published version contains, read once in a process: the database lets nobody change it.

Signing asks for the skill, its scale and its family each time. The rows given here are shared by all requests:
read them, never set anything on them. A version's status may still become superseded; ask the database for it.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from competencies.models import RatingLevel, Skill, StandardVersion

KEPT = 64
"""How many versions a process remembers; one takes some hundred kilobytes."""


@dataclass(frozen=True)
class Content:
    """One version with its standard: skills with set, parent and scale; the levels of each scale, lowest first.

    `required_steps` gives the required steps of those skills that have any.
    """

    version: StandardVersion
    skills: Mapping[uuid.UUID, Skill]
    levels: Mapping[uuid.UUID, tuple[RatingLevel, ...]]
    required_steps: Mapping[uuid.UUID, frozenset[uuid.UUID]]


class _StillDraft(Exception):
    """It may still change, so nobody remembers it."""

    def __init__(self, content: Content) -> None:
        super().__init__("still a draft")
        self.content = content


def content_of(version_id: uuid.UUID) -> Content:
    """The content of a version; four queries the first time, later none unless it is a draft."""
    try:
        return _published(version_id)
    except _StillDraft as draft:
        return draft.content


@lru_cache(maxsize=KEPT)
def _published(version_id: uuid.UUID) -> Content:
    content = _read(version_id)
    if content.version.is_draft:
        raise _StillDraft(content)
    return content


def _read(version_id: uuid.UUID) -> Content:
    version = StandardVersion.objects.select_related("standard").get(pk=version_id)
    found = Skill.objects.filter(skill_set__version=version_id).select_related("skill_set", "parent", "scale")
    skills = {skill.pk: skill for skill in found.order_by("skill_set__order", "order")}
    levels: dict[uuid.UUID, list[RatingLevel]] = defaultdict(list)
    for level in RatingLevel.objects.filter(scale__version=version_id).select_related("scale").order_by("order"):
        levels[level.scale_id].append(level)
    steps: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for skill in skills.values():
        if skill.parent_id and skill.required:
            steps[skill.parent_id].add(skill.pk)
    return Content(
        version=version,
        skills=skills,
        levels={scale: tuple(found) for scale, found in levels.items()},
        required_steps={parent: frozenset(found) for parent, found in steps.items()},
    )
