"""What an apprenticeship asks before it is complete.

Each layer names its own requirements in settings.COMPLETION_REQUIREMENTS, so that nothing imports upward.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from apprenticeship.models import Apprenticeship, Grounds, RequirementDecision


@dataclass(frozen=True)
class Requirement:
    """One thing that has to be so: what it is, whether it is, and in words how far it is.

    `code` names it in decisions. Where the standard leaves its number blank it is `unmeasured`, and only a decision
    meets it; what `can_be_excused` the registration agency may waive. `decision` is the one that it is met by.
    """

    label: "str | Promise"
    met: bool
    detail: str
    code: str = ""
    unmeasured: bool = False
    can_be_excused: bool = False
    decision: RequirementDecision | None = None

    @property
    def can_be_decided(self) -> bool:
        """Whether a decision may meet it."""
        return self.unmeasured or self.can_be_excused

    def by(self, decision: RequirementDecision) -> "Requirement":
        """As it is under a decision about it: met, where the decision's grounds are those of this requirement."""
        holds = {Grounds.LEFT_BLANK: self.unmeasured, Grounds.EXCUSED: self.can_be_excused}
        if not holds.get(Grounds(decision.grounds), False):
            return self
        return replace(self, met=True, decision=decision)


class Asks(Protocol):
    """What each entry of settings.COMPLETION_REQUIREMENTS is; None where nothing of the kind is asked of this book."""

    def __call__(self, apprenticeship: Apprenticeship, *, at: datetime) -> Requirement | None: ...


def requirements_of(apprenticeship: Apprenticeship, *, at: datetime) -> Sequence[Requirement]:
    """All that is asked of this apprenticeship, in the order of the settings, with what was decided of it."""
    asked = (ask(apprenticeship, at=at) for ask in _registered(tuple(settings.COMPLETION_REQUIREMENTS)))
    decisions = decisions_of(apprenticeship, at=at)
    return [
        requirement.by(decisions[requirement.code]) if requirement.code in decisions else requirement
        for requirement in asked
        if requirement
    ]


def decisions_of(apprenticeship: Apprenticeship, *, at: datetime) -> dict[str, RequirementDecision]:
    """By the code of a requirement the newest decision about it, as the book said at the instant `at`; one query."""
    rows = RequirementDecision.objects.filter(apprenticeship=apprenticeship, entry__recorded_at__lte=at)
    return {row.requirement: row for row in rows.select_related("entry", "by").order_by("entry__sequence")}


@cache
def _registered(paths: tuple[str, ...]) -> tuple[Asks, ...]:
    return tuple(import_string(path) for path in paths)
