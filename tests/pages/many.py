"""Filling in the sheet of many signatures as a browser would send it."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from apprenticeship.models import Apprenticeship, SignOff
from competencies.models import RatingLevel, Skill
from tests.cast import TODAY, level_of, skill_of


def address(book: Apprenticeship, *codes: str, **query: object) -> str:
    """Where the sheet for these skills of one apprentice is."""
    asked = [f"skill={skill_of(book, code).pk}" for code in codes] + [f"{name}={pk}" for name, pk in query.items()]
    return f"{reverse('sign_many', args=[book.pk])}?{'&'.join(asked)}"


def group_address(skill: Skill) -> str:
    """Where the sheet for one skill of several apprentices is."""
    return f"{reverse('sign_group')}?skill={skill.pk}"


def tick(named: Skill | Apprenticeship, seen: SignOff | None = None) -> str:
    """A ticked line, by a signer who saw `seen`."""
    return f"{named.pk}:{seen.pk if seen else ''}"


def filled(skills: Sequence[Skill], ticks: Sequence[str], **changed: Any) -> dict[str, Any]:
    """The sheet filled in: the threshold of every scale for all, watched today; `changed` replaces fields."""
    levels = {f"level-{skill.scale_id}": str(level_of(skill).pk) for skill in skills}
    return {
        "key": str(uuid.uuid4()),
        "line": list(ticks),
        "method": "observed",
        "day": TODAY.isoformat(),
        "observed_on": "",
        "worksite": "",
        "note": "",
        **levels,
        **{name.replace("__", "-"): value for name, value in changed.items()},
    }


def sheet(book: Apprenticeship, *codes: str, **changed: Any) -> dict[str, Any]:
    """The sheet for these skills of one apprentice, all ticked, nothing seen before."""
    skills = [skill_of(book, code) for code in codes]
    return filled(skills, [tick(skill) for skill in skills], **changed)


def below(skill: Skill) -> RatingLevel:
    """The lowest level of the skill's scale."""
    return skill.scale.levels.order_by("order")[0]
