"""The timetable of the demo: Grace taught on a day not long ago and has not taken attendance yet; more is to come."""

import io
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.viewer import build_viewer
from apprenticeship.models import Apprenticeship
from competencies.models import StandardVersion, Topic
from config.demo.people import FIRST_COHORT, DemoWorld
from config.demo.pictures import worksheet
from instruction.models import ClassFile, ClassMode, PlannedClass
from instruction.planning import ClassPlan, cancel_class, plan_classes
from instruction.sponsor_files import keep

AT_NINE, AT_ELEVEN = time(9), time(11)


def planned_classes(world: DemoWorld, version: StandardVersion, *, now: datetime) -> None:
    """One class without attendance, three to come, of which one is cancelled."""
    topics = {topic.order: topic for topic in Topic.objects.filter(course__version=version).select_related("course")}
    today = world.sponsor.local_date(now)
    _plan(world, now, "held", topics[3], day=today - timedelta(days=2), place="Nyack, training room 2")
    ahead = _plan(world, now, "ahead", topics[7], day=today + timedelta(days=6), weeks=3, mode=ClassMode.ONLINE)
    cancel_class(
        viewer=build_viewer(world.people["ruth"], at=now),
        key="demo-cancelled",
        planned=ahead[-1],
        reason="The teacher is away that week. The class will be given in the following month.",
        seen=1,
    )


def _plan(
    world: DemoWorld, now: datetime, key: str, topic: Topic, *, weeks: int = 1, **facts: Any
) -> list[PlannedClass]:
    books = Apprenticeship.objects.filter(sponsor=world.sponsor, cohort__name__startswith=FIRST_COHORT).with_context()
    people = list(books.order_by("apprentice__name"))
    grace, cohort = world.people["grace"], people[0].cohort
    if cohort is None:
        return []
    plan = ClassPlan(
        begins=AT_NINE,
        ends=AT_ELEVEN,
        topics=[(topic, Decimal(2))],
        people=people,
        provider="Rockland Community Education",
        instructor=grace,
        instructor_name=grace.name,
        instructor_qualification="Certified occupational safety instructor",
        outline="Chapter 3 of the workbook. Bring the data sheets of your own worksite.",
        capacity=16,
        **facts,
    )
    key, viewer = f"demo-plan-{key}", build_viewer(world.people["ruth"], at=now - timedelta(days=9))
    file = io.BytesIO(worksheet())
    paper = keep(ClassFile, viewer=viewer, key=key, sponsor=world.sponsor, file=file, name="Worksheet.pdf")
    return plan_classes(viewer=viewer, key=key, cohort=cohort, plan=replace(plan, files=[paper.pk]), weeks=weeks)
