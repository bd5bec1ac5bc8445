"""What is wrong with a plan of a class: one sentence for each field, found without writing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from acts.sealing import can_be_kept
from apprenticeship.models import Apprenticeship, Cohort
from apprenticeship.plain_hours import is_within_a_day
from competencies.models import Topic
from instruction.hours import QUARTERS_ONLY, is_instructor
from instruction.models import LONGEST, ClassMode
from instruction.sums import plain_hours

if TYPE_CHECKING:
    from instruction.planning import ClassPlan

LONGEST_OUTLINE = 5000
YEARS = range(2000, 2200)
"""In which a class may be planned: whoever names another year mistyped it."""


@dataclass(frozen=True)
class PlanProblem:
    """What is wrong with one field of a plan, and what to do."""

    field: str
    message: str


def problems_of_plan(plan: "ClassPlan", cohort: Cohort) -> list[PlanProblem]:
    """Everything that is wrong with `plan` for this cohort."""
    return [
        *_of_time(plan, cohort),
        *_of_texts(plan),
        *_of_topics(plan.topics, plan.people),
        *_of_people(plan, cohort),
        *_of_instructor(plan, cohort),
    ]


def _of_time(plan: "ClassPlan", cohort: Cohort) -> list[PlanProblem]:
    if plan.day.year not in YEARS:
        return [PlanProblem("day", _("Look at the year once more."))]
    if plan.ends <= plan.begins:
        return [PlanProblem("ends", _("The class must end after it begins, on the same day."))]
    zone, found = cohort.sponsor.zone, []
    for name, clock in (("begins", plan.begins), ("ends", plan.ends)):
        there = datetime.combine(plan.day, clock, tzinfo=zone).astimezone(UTC).astimezone(zone)
        if there.replace(tzinfo=None) != datetime.combine(plan.day, clock):
            found.append(PlanProblem(name, _("There is no such time on that day: the clocks are put forward.")))
    starts_at, ends_at = plan.instants(cohort)
    lasts = Decimal((ends_at - starts_at).total_seconds()) / 3600
    hours = sum((h for _topic, h in plan.topics if is_within_a_day(h)), Decimal(0))
    if hours > lasts:
        said = _("The topics take %(hours)s h together; the class lasts %(lasts)s h.") % {
            "hours": plain_hours(hours),
            "lasts": plain_hours(lasts.quantize(Decimal("0.01"))),
        }
        found.append(PlanProblem("topics", said))
    return found


def _of_texts(plan: "ClassPlan") -> list[PlanProblem]:
    found = []
    if not plan.provider.strip():
        found.append(PlanProblem("provider", _("Say who offers the class.")))
    if not plan.instructor_name.strip():
        found.append(PlanProblem("instructor_name", _("Give the name of the instructor.")))
    for name, longest in {**LONGEST, "outline": LONGEST_OUTLINE}.items():
        text = getattr(plan, name)
        if len(text) > longest:
            found.append(PlanProblem(name, _("Use at most %(most)s characters.") % {"most": longest}))
        if not can_be_kept(text):
            found.append(PlanProblem(name, _("This contains signs that cannot be kept. Type it again.")))
    if plan.mode not in ClassMode.values:
        found.append(PlanProblem("mode", _("Choose how the class is given.")))
    return found


def _of_topics(topics: Sequence[tuple[Topic, Decimal]], people: Sequence[Apprenticeship]) -> list[PlanProblem]:
    if not topics:
        return [PlanProblem("topics", _("Give hours to at least one topic."))]
    found = []
    if not all(is_within_a_day(hours) for _topic, hours in topics):
        found.append(PlanProblem("topics", str(QUARTERS_ONLY)))
    if len({topic.pk for topic, _hours in topics}) < len(topics):
        found.append(PlanProblem("topics", _("Name each topic once.")))
    followed = {book.terms.standard_version_id for book in people}
    if any(topic.course.version_id not in followed for topic, _hours in topics):
        found.append(PlanProblem("topics", _("None of the apprentices follows the standard of this topic.")))
    return found


def _of_people(plan: "ClassPlan", cohort: Cohort) -> list[PlanProblem]:
    if not plan.people:
        return [PlanProblem("people", _("Choose at least one apprentice."))]
    found = []
    if any(book.sponsor_id != cohort.sponsor_id for book in plan.people):
        found.append(PlanProblem("people", _("These are not all apprentices of this sponsor.")))
    taught = {topic.course.version_id for topic, _hours in plan.topics}
    lost = [book.apprentice.name for book in plan.people if taught and book.terms.standard_version_id not in taught]
    if lost:
        said = _("These apprentices follow another standard, and no topic of this class counts for them: %(names)s.")
        found.append(PlanProblem("people", said % {"names": ", ".join(lost)}))
    if plan.instructor and any(book.apprentice_id == plan.instructor.pk for book in plan.people):
        found.append(PlanProblem("instructor", _("Nobody attends the class that they teach.")))
    if plan.capacity is not None and len(plan.people) > plan.capacity:
        said = _("There is room for %(room)s, and %(people)s are chosen.") % {
            "room": plan.capacity,
            "people": len(plan.people),
        }
        found.append(PlanProblem("capacity", said))
    return found


def _of_instructor(plan: "ClassPlan", cohort: Cohort) -> list[PlanProblem]:
    if plan.instructor and not is_instructor(plan.instructor, sponsor_id=cohort.sponsor_id, on=plan.day):
        return [PlanProblem("instructor", _("This person is not an instructor of the sponsor."))]
    return []
