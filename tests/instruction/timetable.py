"""Planning classes and taking their attendance, with facts that a test need not name."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from accounts.models import User
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import Topic
from instruction.models import ClassFile, PlannedClass
from instruction.planning import ClassPlan, plan_classes
from instruction.rollcall import Recorded, RollLine, record_roll
from instruction.sponsor_files import keep
from tests.cast import NOW, viewer_for
from tests.evidence.files import PDF
from tests.instruction.classroom import CLASS_DAY, FIRST_AID, topic_of

MORNING = (time(9), time(13))


def a_plan(books: Sequence[Apprenticeship], *titles_and_hours: tuple[str, str], **facts: Any) -> ClassPlan:
    """A morning of First Aid for `books` on CLASS_DAY, if nothing else is said."""
    topics = titles_and_hours or ((FIRST_AID, "4"),)
    usual = ClassPlan(
        day=CLASS_DAY,
        begins=MORNING[0],
        ends=MORNING[1],
        topics=[(topic_of(books[0], title), Decimal(hours)) for title, hours in topics],
        people=list(books),
        provider="American Red Cross",
        instructor_name="Ivan Petrov",
    )
    return replace(usual, **facts)


def planned(
    by: User, books: Sequence[Apprenticeship], *topics: tuple[str, str], weeks: int = 1, **facts: Any
) -> list[PlannedClass]:
    """The classes that `by` puts on the timetable of the first book's cohort."""
    cohort = Cohort.objects.select_related("sponsor").get(apprenticeships=books[0])
    plan = a_plan(books, *topics, **facts)
    made = plan_classes(viewer=viewer_for(by), key=str(uuid.uuid4()), cohort=cohort, plan=plan, weeks=weeks)
    return [fresh(one) for one in made]


def fresh(one: PlannedClass) -> PlannedClass:
    """The class as it now is."""
    return PlannedClass.objects.select_related("sponsor", "cohort__sponsor").get(pk=one.pk)


def roll(
    by: User,
    one: PlannedClass,
    hours: Sequence[tuple[Apprenticeship, str]],
    *,
    title: str = FIRST_AID,
    seen: Collection[uuid.UUID] = (),
    reason: str = "",
    key: str = "",
    at: datetime = NOW,
    topic: Topic | None = None,
) -> Recorded:
    """Let these hours of one topic stand for a class."""
    lines = [RollLine(book, topic or topic_of(book, title), Decimal(told)) for book, told in hours]
    return record_roll(
        viewer=viewer_for(by, at), key=key or str(uuid.uuid4()), planned=one, lines=lines, seen=seen, reason=reason
    )


def day_after(days: int) -> date:
    """So many days after CLASS_DAY."""
    return date.fromordinal(CLASS_DAY.toordinal() + days)


def class_file_of(one: PlannedClass, by: User) -> ClassFile:
    """A file that `by` gave with a class."""
    viewer = viewer_for(by)
    row = keep(ClassFile, viewer=viewer, key="k", sponsor=one.sponsor, file=BytesIO(PDF), name="outline.pdf")
    ClassFile.objects.filter(pk=row.pk).update(planned=one)
    return row
