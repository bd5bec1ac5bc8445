"""What one apprentice earned of related instruction, line by line: what stands, in the order of days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apprenticeship.models import Apprenticeship
from instruction.models import Attendance, OtherHours

CLASS = "class"
"""The kind of a line that was earned in a class; of others it is their `Way`."""


@dataclass(frozen=True)
class EarnedHours:
    """Hours of one topic on one day, and the entry that says so. Who taught is blank where nobody did."""

    day: date
    course: str
    topic: str
    hours: Decimal
    kind: str
    provider: str
    instructor: str
    sequence: int


def earned_by(book: Apprenticeship) -> list[EarnedHours]:
    """The hours of `book` that stand, classes and others, by their day; two queries."""
    lines = [*_classes(book), *_otherwise(book)]
    return sorted(lines, key=lambda line: (line.day, line.sequence))


def _classes(book: Apprenticeship) -> list[EarnedHours]:
    rows = Attendance.objects.standing().filter(apprenticeship=book)
    found = rows.select_related("class_topic__session", "class_topic__topic__course", "entry")
    return [
        EarnedHours(
            day=row.class_topic.session.held_on,
            course=row.class_topic.topic.course.title,
            topic=row.class_topic.topic.title,
            hours=row.hours,
            kind=CLASS,
            provider=row.class_topic.session.provider,
            instructor=row.class_topic.session.instructor_name,
            sequence=row.entry.sequence,
        )
        for row in found
    ]


def _otherwise(book: Apprenticeship) -> list[EarnedHours]:
    rows = OtherHours.objects.standing().filter(apprenticeship=book).select_related("topic__course", "entry")
    return [
        EarnedHours(
            day=row.earned_on,
            course=row.topic.course.title,
            topic=row.topic.title,
            hours=row.hours,
            kind=row.way,
            provider=row.provider,
            instructor="",
            sequence=row.entry.sequence,
        )
        for row in rows
    ]
