"""Hours of classes against the numbers of the standard: per topic, per course, per book.

A number that the standard leaves blank stays blank here: nothing is measured against it. Course
hours are not the hours of the program nor of a year (`years`): these are three numbers.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from apprenticeship.models import Apprenticeship
from apprenticeship.plain_hours import in_words as in_words
from apprenticeship.plain_hours import plain_hours as plain_hours
from apprenticeship.querysets import ApprenticeshipQuerySet
from competencies.models import Course, Topic
from instruction.models import Attendance, Certificate, OtherHours, TopicSignOff, TopicWaiver, Way
from instruction.recurring import next_due

NONE = Decimal(0)
BOOK_AND_TOPIC = ("apprenticeship", "topic")


@dataclass(frozen=True)
class TopicHours:
    """One topic and the hours that one apprentice has of it.

    `recorded` are hours of classes and hours earned otherwise; `credit` says that credit or a test-out was accepted,
    with hours or without; `waived` that the topic is not appropriate here; `signed` that an instructor signed its
    competency. `met` is None where nothing is decided: a topic "where appropriate" with neither hours nor a waiver.
    `next_due` is the last day to repeat it in time, where it must be repeated and was done.
    """

    id: uuid.UUID
    title: str
    minimum: Decimal | None
    conditional: bool
    recurrence: str
    recurrence_months: int | None
    law: str
    recorded: Decimal
    credit: bool = False
    waived: bool = False
    signed: bool = False
    next_due: date | None = None

    @property
    def met(self) -> bool | None:
        """By the topic's minimum; without one by some hours, accepted credit or a signed competency.

        One "where appropriate" by hours or a waiver: by its minimum too, where it has one.
        """
        if self.conditional and self.waived:
            return True
        if self.conditional and not self.recorded:
            return None
        if self.minimum is not None:
            return self.recorded >= self.minimum
        return self.recorded > 0 or self.credit or self.signed

    @property
    def is_measured(self) -> bool:
        """Whether a bar can be drawn: there is a number to measure against, and the topic was not waived."""
        return bool(self.minimum) and not self.waived

    @property
    def bar_part(self) -> str:
        """The length of the bar: no more than the whole of it."""
        return plain_hours(min(self.recorded, self.minimum or self.recorded))

    @property
    def bar_whole(self) -> str:
        return plain_hours(self.minimum or NONE)

    @property
    def words(self) -> str:
        """The sum in words."""
        if self.conditional and self.waived:
            return _("waived: not appropriate here")
        if self.met is None:
            return _("where appropriate; no hours so far")
        words = [in_words(self.recorded, self.minimum)]
        if self.credit and not self.recorded:
            words.append(_("credit accepted"))
        if self.signed:
            words.append(_("competency signed"))
        return "; ".join(words)


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
        """The topics that are not met: 44 hours of First Aid don't make a course.

        One "where appropriate" is among them until it has hours or a waiver.
        """
        return tuple(topic for topic in self.topics if not topic.met)

    @property
    def met(self) -> bool | None:
        """When the hours and all topics are met; None where the standard gives no hours."""
        if self.missing:
            return False
        return None if self.required is None else self.recorded >= self.required

    @property
    def words(self) -> str:
        """The sum in words."""
        return in_words(self.recorded, self.required)

    @property
    def missing_words(self) -> list[str]:
        """What is missing, topic by topic: "First Aid/CPR: 4 of 6.5 hours; 2.5 to go"."""
        return [_("%(topic)s: %(words)s") % {"topic": topic.title, "words": topic.words} for topic in self.missing]


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
    """The hours of every apprenticeship in `scope`, by its id; eight queries at any size.

    `scope` is what the asker may see; nothing here widens or narrows it.
    """
    versions = dict(scope.order_by().values_list("pk", "terms__standard_version"))
    courses = _courses_of(versions.values())
    earned = _earned_in(scope)
    return {
        pk: BookHours(tuple(_course_hours(course, topics, earned, pk) for course, topics in courses[version]))
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


@dataclass
class _Earned:
    """What one book has of one topic so far."""

    hours: Decimal = NONE
    credit: bool = False
    waived: bool = False
    signed: bool = False
    last: date | None = None

    def done_on(self, day: date) -> None:
        """Note that the topic was done on `day`; the latest counts."""
        self.last = max(self.last or day, day)


_Sums = Mapping[tuple[uuid.UUID, uuid.UUID], _Earned]
"""By book and topic."""


def _earned_in(scope: ApprenticeshipQuerySet) -> _Sums:
    """What stands in the books of `scope`, by book and topic; five queries."""
    books = scope.order_by()
    found: dict[tuple[uuid.UUID, uuid.UUID], _Earned] = defaultdict(_Earned)
    classes = Attendance.objects.standing().filter(apprenticeship__in=books)
    for book, topic, hours, day in classes.values_list("apprenticeship", "class_topic__topic").annotate(
        Sum("hours"), Max("class_topic__session__held_on")
    ):
        found[book, topic].hours += hours
        found[book, topic].done_on(day)
    other = OtherHours.objects.standing().filter(apprenticeship__in=books)
    for book, topic, way, hours, day in other.values_list(*BOOK_AND_TOPIC, "way").annotate(
        Sum("hours"), Max("earned_on")
    ):
        found[book, topic].hours += hours
        found[book, topic].credit |= way != Way.SELF_STUDY
        found[book, topic].done_on(day)
    for book, topic in TopicWaiver.objects.standing().filter(apprenticeship__in=books).values_list(*BOOK_AND_TOPIC):
        found[book, topic].waived = True
    for book, topic in TopicSignOff.objects.standing().filter(apprenticeship__in=books).values_list(*BOOK_AND_TOPIC):
        found[book, topic].signed = True
    certified = Certificate.objects.standing().filter(apprenticeship__in=books, topic__isnull=False)
    for book, topic, day in certified.values_list(*BOOK_AND_TOPIC).annotate(Max("issued_on")):
        found[book, topic].done_on(day)
    return found


def _course_hours(course: Course, topics: Iterable[Topic], earned: _Sums, book: uuid.UUID) -> CourseHours:
    return CourseHours(
        id=course.pk,
        title=course.title,
        required=course.required_hours,
        topics=tuple(_topic_hours(topic, earned.get((book, topic.pk), _Earned())) for topic in topics),
    )


def _topic_hours(topic: Topic, earned: _Earned) -> TopicHours:
    due = earned.last and next_due(earned.last, recurrence=topic.recurrence, months=topic.recurrence_months)
    return TopicHours(
        id=topic.pk,
        title=topic.title,
        minimum=topic.minimum_hours,
        conditional=topic.conditional,
        recurrence=topic.recurrence,
        recurrence_months=topic.recurrence_months,
        law=topic.law,
        recorded=earned.hours,
        credit=earned.credit,
        waived=earned.waived,
        signed=earned.signed,
        next_due=due,
    )
