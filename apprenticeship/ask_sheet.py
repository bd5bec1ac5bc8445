"""What an apprentice sees before asking: the skills they can ask for, and why the others cannot be asked for."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.utils.functional import cached_property

from accounts.models import User
from accounts.viewer import Viewer
from apprenticeship.asking import obstacles
from apprenticeship.models import (
    Apprenticeship,
    AskKind,
    AskState,
    Mentorship,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
)
from competencies.models import RatingLevel, Skill, SkillSet


@dataclass(frozen=True)
class Askable:
    """One skill of the list; `obstacle` says why it cannot be asked for now, blank where it can."""

    skill: Skill
    obstacle: str
    levels: tuple[RatingLevel, ...] = ()


@dataclass(frozen=True)
class AskableSet:
    """One skill set of the list, with how many of its skills can be asked for."""

    skill_set: SkillSet
    skills: tuple[Askable, ...]

    @property
    def open(self) -> int:
        return sum(not askable.obstacle for askable in self.skills)


@dataclass(frozen=True)
class AskSheet:
    """One apprentice's asking, laid out: for the one skill `only`, or for several from the list.

    `ticked` of the list come ticked, because the address named them.
    """

    viewer: Viewer
    apprenticeship: Apprenticeship
    only: Skill | None
    kind: AskKind = AskKind.SIGN_OFF
    ticked: frozenset[uuid.UUID] = frozenset()

    @property
    def is_for_credit(self) -> bool:
        return self.kind == AskKind.CREDIT

    @property
    def today(self) -> date:
        return self.viewer.today(self.apprenticeship.sponsor)

    @property
    def yesterday(self) -> date | None:
        """The day before, unless the apprenticeship began today."""
        day = self.today - timedelta(days=1)
        return day if day >= self.apprenticeship.starts_on else None

    @cached_property
    def obstacles(self) -> dict[uuid.UUID, str]:
        return obstacles(self.apprenticeship, viewer=self.viewer, kind=self.kind)

    @property
    def obstacle(self) -> str:
        """Why the one skill cannot be asked for; blank where it can, and for the list."""
        return self.obstacles.get(self.only.pk, "") if self.only else ""

    @cached_property
    def skills(self) -> QuerySet[Skill]:
        """Every skill of the standard, in its order."""
        version = self.apprenticeship.terms.standard_version_id
        found = Skill.objects.filter(skill_set__version=version).select_related("skill_set")
        return found.order_by("skill_set__order", "order")

    @cached_property
    def sets(self) -> tuple[AskableSet, ...]:
        """The list, set by set."""
        groups = groupby(self.skills, key=lambda skill: skill.skill_set)
        return tuple(AskableSet(part, tuple(self._askable(skill) for skill in skills)) for part, skills in groups)

    @cached_property
    def levels(self) -> QuerySet[RatingLevel]:
        """The levels of the one skill, lowest first; none for the list, where each skill has those of its scale."""
        levels = RatingLevel.objects.filter(scale=self.only.scale_id) if self.only else RatingLevel.objects.none()
        return levels.order_by("order")

    def _askable(self, skill: Skill) -> Askable:
        return Askable(skill, self.obstacles.get(skill.pk, ""), tuple(self.levels_of(skill)))

    def levels_of(self, skill: Skill) -> list[RatingLevel]:
        """The levels of one skill of the list, lowest first; one query for all of them."""
        return self._levels_by_scale.get(skill.scale_id, [])

    @cached_property
    def _levels_by_scale(self) -> dict[uuid.UUID, list[RatingLevel]]:
        version = self.apprenticeship.terms.standard_version_id
        found: dict[uuid.UUID, list[RatingLevel]] = {}
        for level in RatingLevel.objects.filter(scale__version=version).order_by("order"):
            found.setdefault(level.scale_id, []).append(level)
        return found

    @cached_property
    def people(self) -> dict[str, User]:
        """The mentors by their id, as forms send it."""
        return {str(mentor.pk): mentor for mentor in self.mentors}

    @cached_property
    def mentors(self) -> QuerySet[User]:
        """Everybody who is or was a mentor here."""
        held = Mentorship.objects.that_sign().filter(apprenticeship=self.apprenticeship)
        return User.objects.filter(pk__in=held.values("mentor")).order_by("name")

    @cached_property
    def came_back(self) -> RequestEvent | None:
        """The words with which the one skill was sent back, where it was and is not asked again yet."""
        if self.only is None:
            return None
        sent_back = RequestedSkill.objects.filter(
            apprenticeship=self.apprenticeship, skill=self.only, state=AskState.SENT_BACK
        )
        turns = RequestEvent.objects.filter(requested_skill__in=sent_back, kind=RequestEventKind.SENT_BACK)
        return turns.select_related("by").order_by("-id").first()
