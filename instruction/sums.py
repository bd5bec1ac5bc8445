"""Hours of classes against the numbers of the standard: per topic, per course, per book.

A number that the standard leaves blank stays blank here: nothing is measured against it. Course
hours are not the hours of the program nor of a year; these sums say nothing about those.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from apprenticeship.models import Apprenticeship
from apprenticeship.querysets import ApprenticeshipQuerySet
from competencies.models import Course, Topic
from instruction.models import Attendance

NONE = Decimal(0)


def plain_hours(hours: Decimal) -> str:
    """Hours as they are written everywhere: "4", "6.5", "44"; with a point in every language, as on paper."""
    text = f"{hours:.2f}".rstrip("0").rstrip(".")
    return text or "0"


def in_words(recorded: Decimal, demanded: Decimal | None) -> str:
    """For example "4 of 6.5 hours; 2.5 to go"; without a demanded number only what was recorded."""
    if demanded is None:
        return _("%(recorded)s h") % {"recorded": plain_hours(recorded)}
    numbers = {
        "recorded": plain_hours(recorded),
        "demanded": plain_hours(demanded),
        "left": plain_hours(demanded - recorded),
    }
    if recorded < demanded:
        return _("%(recorded)s of %(demanded)s hours; %(left)s to go") % numbers
    return _("%(recorded)s of %(demanded)s hours") % numbers


@dataclass(frozen=True)
class TopicHours:
    """One topic and the hours that one apprentice has of it.

    `met` is None where there is no verdict: a topic "where appropriate" without hours.
    """

    id: uuid.UUID
    title: str
    minimum: Decimal | None
    conditional: bool
    recurrence: str
    recurrence_months: int | None
    law: str
    recorded: Decimal

    @property
    def met(self) -> bool | None:
        """By the topic's minimum; without one, by some hours."""
        if self.conditional and not self.recorded:
            return None
        return self.recorded >= self.minimum if self.minimum is not None else self.recorded > 0

    @property
    def words(self) -> str:
        """The sum in words."""
        if self.met is None:
            return _("where appropriate; no hours so far")
        return in_words(self.recorded, self.minimum)


@dataclass(frozen=True)
class CourseHours:
    """One course, its topics in the order of the standard, and the hours that one apprentice has."""

    id: uuid.UUID
    title: str
    required: Decimal | None
    topics: tuple[TopicHours, ...]

    @property
    def recorded(self) -> Decimal:
        return sum((topic.recorded for topic in self.topics), NONE)

    @property
    def missing(self) -> tuple[TopicHours, ...]:
        """The unconditional topics that are not met: 44 hours of First Aid don't make a course."""
        return tuple(topic for topic in self.topics if not topic.conditional and not topic.met)

    @property
    def met(self) -> bool | None:
        """When the hours and all unconditional topics are met; None where the standard gives no hours."""
        if self.missing:
            return False
        return None if self.required is None else self.recorded >= self.required

    @property
    def words(self) -> str:
        """The sum in words."""
        return in_words(self.recorded, self.required)


@dataclass(frozen=True)
class BookHours:
    """All courses of one apprenticeship, with their totals for a cell of a grid."""

    courses: tuple[CourseHours, ...]

    @property
    def recorded(self) -> Decimal:
        return sum((course.recorded for course in self.courses), NONE)

    @property
    def required(self) -> Decimal | None:
        """The hours of all courses together; blank as soon as one of them is blank, or there is none."""
        numbers = [course.required for course in self.courses if course.required is not None]
        return sum(numbers, NONE) if numbers and len(numbers) == len(self.courses) else None

    @property
    def met(self) -> bool | None:
        """Whether every course is met; None where nothing is known to be missing but a number is blank."""
        verdicts = [course.met for course in self.courses]
        if False in verdicts:
            return False
        return None if None in verdicts or not verdicts else True

    @property
    def words(self) -> str:
        """The sum in words."""
        return in_words(self.recorded, self.required)


def hours_of(apprenticeship: Apprenticeship) -> tuple[CourseHours, ...]:
    """The courses of the standard version that this apprenticeship is held to, with its hours."""
    return hours_of_many(Apprenticeship.objects.filter(pk=apprenticeship.pk))[apprenticeship.pk].courses


def hours_of_many(scope: ApprenticeshipQuerySet) -> dict[uuid.UUID, BookHours]:
    """The hours of every apprenticeship in `scope`, by its id; four queries at any size.

    `scope` is what the asker may see; nothing here widens or narrows it.
    """
    versions = dict(scope.order_by().values_list("pk", "terms__standard_version"))
    courses = _courses_of(versions.values())
    recorded = _recorded_in(scope)
    return {
        pk: BookHours(tuple(_course_hours(course, topics, recorded[pk]) for course, topics in courses[version]))
        for pk, version in versions.items()
    }


def _courses_of(versions: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[tuple[Course, list[Topic]]]]:
    courses = Course.objects.filter(version__in=set(versions)).order_by("order")
    topics: dict[uuid.UUID, list[Topic]] = defaultdict(list)
    for topic in Topic.objects.filter(course__in=courses.order_by()).order_by("order"):
        topics[topic.course_id].append(topic)
    found: dict[uuid.UUID, list[tuple[Course, list[Topic]]]] = defaultdict(list)
    for course in courses:
        found[course.version_id].append((course, topics[course.pk]))
    return found


def _recorded_in(scope: ApprenticeshipQuerySet) -> dict[uuid.UUID, dict[uuid.UUID, Decimal]]:
    sums = (
        Attendance.objects.standing()
        .filter(apprenticeship__in=scope.order_by())
        .values_list("apprenticeship", "class_topic__topic")
        .annotate(sum=Sum("hours"))
    )
    found: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = defaultdict(dict)
    for apprenticeship, topic, hours in sums:
        found[apprenticeship][topic] = hours
    return found


def _course_hours(course: Course, topics: Iterable[Topic], recorded: Mapping[uuid.UUID, Decimal]) -> CourseHours:
    return CourseHours(
        id=course.pk,
        title=course.title,
        required=course.required_hours,
        topics=tuple(
            TopicHours(
                id=topic.pk,
                title=topic.title,
                minimum=topic.minimum_hours,
                conditional=topic.conditional,
                recurrence=topic.recurrence,
                recurrence_months=topic.recurrence_months,
                law=topic.law,
                recorded=recorded.get(topic.pk, NONE),
            )
            for topic in topics
        ),
    )
