"""Enrolling apprentices and holding classes for them, with facts that a test need not name."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from apprenticeship.models import Apprenticeship, Cohort, Employer, Program, Terms
from competencies.models import StandardVersion, Topic
from instruction.hours import HeldClass, record_class_hours
from instruction.models import Attendance
from tests.cast import NOW, viewer_for

STARTED = date(2025, 9, 1)
CLASS_DAY = date(2026, 2, 25)

FIRST_AID = "First Aid/CPR"
LOCKOUT = "Lockout/Tagout"
GENERAL = "General Workplace Safety"


def enroll(person: User, *, cohort: Cohort, version: StandardVersion) -> Apprenticeship:
    """Make `person` an apprentice of the cohort, held to `version` since September."""
    sponsor = cohort.sponsor
    program, _ = Program.objects.get_or_create(sponsor=sponsor, title="Pharmacy technicians")
    terms, _ = Terms.objects.get_or_create(
        program=program,
        standard_version=version,
        defaults={"number": program.terms.count() + 1, "adopted_on": STARTED},
    )
    employer, _ = Employer.objects.get_or_create(sponsor=sponsor, name="Empire Compounding")
    return Apprenticeship.objects.create(
        sponsor=sponsor, apprentice=person, terms=terms, employer=employer, cohort=cohort, starts_on=STARTED
    )


def topic_of(book: Apprenticeship, title: str = FIRST_AID) -> Topic:
    """The topic whose title begins with `title`, of the standard that `book` is held to."""
    version = book.terms.standard_version_id
    return Topic.objects.select_related("course").get(course__version=version, title__startswith=title)


def held(topic: Topic, hours: str = "4", **facts: Any) -> HeldClass:
    """A class of `topic`, with the Red Cross on CLASS_DAY if nothing else is said."""
    usual: dict[str, Any] = {
        "held_on": CLASS_DAY,
        "provider": "American Red Cross",
        "place": "Training room 2",
        "instructor_name": "Ivan Petrov",
        "instructor_qualification": "Licensed first aid instructor",
    }
    return HeldClass(topic=topic, hours=Decimal(hours), **{**usual, **facts})


def attend(
    by: User,
    books: Sequence[Apprenticeship],
    title: str = FIRST_AID,
    hours: str = "4",
    *,
    key: str = "",
    at: datetime = NOW,
    **facts: Any,
) -> list[Attendance]:
    """Record a class for `books` as `by` does it."""
    return record_class_hours(
        viewer=viewer_for(by, at),
        key=key or str(uuid.uuid4()),
        apprenticeships=books,
        held=held(topic_of(books[0], title), hours, **facts),
    )
