"""Filling in the signing sheet as a browser would send it."""

import uuid
from typing import Any

from django.urls import reverse

from apprenticeship.models import Apprenticeship
from tests.cast import TODAY, level_of, skill_of


def address(book: Apprenticeship, code: str = "1.1") -> str:
    """Where the sheet of one skill is."""
    return reverse("sign_off", args=[book.pk, skill_of(book, code).pk])


def sheet(book: Apprenticeship, code: str = "1.1", **changed: Any) -> dict[str, Any]:
    """The sheet filled in: the threshold, watched today, nothing seen before; `changed` replaces fields."""
    return {
        "key": str(uuid.uuid4()),
        "replaces": "",
        "level": str(level_of(skill_of(book, code)).pk),
        "method": "observed",
        "day": TODAY.isoformat(),
        "observed_on": "",
        "worksite": "",
        "note": "",
        **changed,
    }
