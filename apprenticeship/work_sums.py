"""Hours on the job against the numbers of the standard: per skill set and for the whole.

Only approved hours that stand are counted, and never hours of classes. A number that the standard leaves blank
stays blank: nothing is measured against it.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.completion import Requirement
from apprenticeship.models import Apprenticeship, WorkHours
from apprenticeship.plain_hours import in_words
from competencies.models import Approach, SkillSet

NONE = Decimal(0)
BY_HOURS = (Approach.TIME, Approach.HYBRID)


@dataclass(frozen=True)
class WorkOfSet:
    """One skill set with the hours approved for it, and the hours that the standard wants of it, if any."""

    skill_set: SkillSet
    approved: Decimal

    @property
    def least(self) -> Decimal | None:
        return self.skill_set.hours_min

    @property
    def words(self) -> str:
        """For example "120.5 of 1000 hours; 879.5 to go"."""
        return in_words(self.approved, self.least)

    @property
    def beyond(self) -> bool:
        """Whether it has more hours than the standard's most; they count all the same, but the rotation is off."""
        return self.skill_set.hours_max is not None and self.approved > self.skill_set.hours_max

    @property
    def met(self) -> bool | None:
        """Whether its hours are reached; None where the standard names none."""
        return None if self.least is None else self.approved >= self.least


def approved_by_set(apprenticeship: Apprenticeship, *, at: datetime) -> Mapping[uuid.UUID, Decimal]:
    """The hours of each skill set that stood at the instant `at`, as the book said then; one query."""
    rows = WorkHours.objects.filter(apprenticeship=apprenticeship).standing_at(at)
    return dict(rows.values_list("skill_set").annotate(Sum("hours")))


def work_of_sets(apprenticeship: Apprenticeship, *, at: datetime) -> list[WorkOfSet]:
    """Every skill set of the standard in its order, with its hours; two queries."""
    approved = approved_by_set(apprenticeship, at=at)
    sets = SkillSet.objects.filter(version=apprenticeship.terms.standard_version_id).order_by("order")
    return [WorkOfSet(skill_set, approved.get(skill_set.pk, NONE)) for skill_set in sets]


def hours_of_the_standard(apprenticeship: Apprenticeship, *, at: datetime) -> Requirement | None:
    """The hours on the job of the whole, of a time-based or hybrid standard; unmeasured where it names no number."""
    version = apprenticeship.terms.standard_version
    if version.approach not in BY_HOURS:
        return None
    approved = sum(approved_by_set(apprenticeship, at=at).values(), NONE)
    return Requirement(
        gettext_lazy("Hours on the job"),
        met=version.job_hours_min is not None and approved >= version.job_hours_min,
        detail=in_words(approved, version.job_hours_min),
        code="work_hours",
        unmeasured=version.job_hours_min is None,
        can_be_excused=True,
    )


def hours_of_each_set(apprenticeship: Apprenticeship, *, at: datetime) -> Requirement | None:
    """The hours of each skill set, where a time-based or hybrid standard names numbers; what lacks is said by set."""
    if apprenticeship.terms.standard_version.approach not in BY_HOURS:
        return None
    wanted = [work for work in work_of_sets(apprenticeship, at=at) if work.met is not None]
    if not wanted:
        return None
    lacking = [f"{work.skill_set.order} {work.skill_set.title}: {work.words}" for work in wanted if not work.met]
    detail = " · ".join(lacking) or _("Every skill set has its hours.")
    label = gettext_lazy("Hours on the job of each skill set")
    return Requirement(label, not lacking, detail, code="work_hours_of_sets", can_be_excused=True)


def work_requirements(apprenticeship: Apprenticeship, *, at: datetime) -> list[Requirement]:
    """What the standard asks of hours on the job, where it names numbers."""
    asked = (hours_of_the_standard(apprenticeship, at=at), hours_of_each_set(apprenticeship, at=at))
    return [requirement for requirement in asked if requirement and not requirement.unmeasured]


def work_words(apprenticeship: Apprenticeship, *, at: datetime) -> str:
    """The hours on the job of the whole in words, against the standard's number where it names one; one query."""
    approved = sum(approved_by_set(apprenticeship, at=at).values(), NONE)
    return in_words(approved, apprenticeship.terms.standard_version.job_hours_min)
