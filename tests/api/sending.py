"""What a program would send."""

from typing import Any

from apprenticeship.models import Apprenticeship
from tests.cast import TODAY, level_of, skill_of


def as_sent(book: Apprenticeship, code: str = "1.1", **changes: Any) -> dict[str, Any]:
    """One line as a program would send it."""
    skill = skill_of(book, code)
    return {
        "apprenticeship": str(book.pk),
        "skill": str(skill.pk),
        "level": str(level_of(skill).pk),
        "method": "observed",
        "observed_on": str(TODAY),
        **changes,
    }
