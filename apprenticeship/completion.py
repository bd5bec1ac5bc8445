"""What an apprenticeship asks before it is complete.

Each layer names its own requirements in settings.COMPLETION_REQUIREMENTS, so that nothing imports upward.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from apprenticeship.models import Apprenticeship


@dataclass(frozen=True)
class Requirement:
    """One thing that has to be so: what it is, whether it is, and in words how far it is."""

    label: "str | Promise"
    met: bool
    detail: str


class Asks(Protocol):
    """What each entry of settings.COMPLETION_REQUIREMENTS is; None where nothing of the kind is asked of this book."""

    def __call__(self, apprenticeship: Apprenticeship, *, at: datetime) -> Requirement | None: ...


def requirements_of(apprenticeship: Apprenticeship, *, at: datetime) -> Sequence[Requirement]:
    """All that is asked of this apprenticeship, in the order of the settings."""
    asked = (ask(apprenticeship, at=at) for ask in _registered(tuple(settings.COMPLETION_REQUIREMENTS)))
    return [requirement for requirement in asked if requirement]


@cache
def _registered(paths: tuple[str, ...]) -> tuple[Asks, ...]:
    return tuple(import_string(path) for path in paths)
