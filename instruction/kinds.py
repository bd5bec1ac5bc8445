"""The kinds of entry of this layer, and how each typed row must agree with its entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from acts.statements import Ready
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship
from instruction.hours import time_in_entry, topic_in_entry
from instruction.models import Attendance, AttendanceVoid
from instruction.sums import plain_hours

ATTENDANCES = Ready(
    lambda book: Attendance.objects.filter(apprenticeship=book).select_related(
        "class_topic__session", "class_topic__topic__course"
    ),
    "book",
)
VOIDS = Ready(
    lambda book: AttendanceVoid.objects.filter(attendance__apprenticeship=book).select_related(
        "reason", "attendance__entry", "attendance__class_topic__topic__course"
    ),
    "book",
)


def _attendances(apprenticeship: Apprenticeship) -> Iterable[Attendance]:
    return ATTENDANCES(book=apprenticeship.pk)


def _describe_attendance(row: Attendance) -> Mapping[str, Any]:
    session = row.class_topic.session
    topic = topic_in_entry(row.class_topic.topic)
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.recorded_by_id),
        "body.course": topic["course"],
        "body.topic": topic["topic"],
        "body.hours": plain_hours(row.hours),
        "body.held_on": session.held_on.isoformat(),
        "body.provider": session.provider,
        "body.place": session.place or None,
        "body.time": time_in_entry(session.starts_at, session.ends_at).get("time"),
        "body.instructor": {
            "id": str(session.instructor_id) if session.instructor_id else None,
            "name": session.instructor_name,
            "qualification": session.instructor_qualification,
        },
    }


def _voids(apprenticeship: Apprenticeship) -> Iterable[AttendanceVoid]:
    return VOIDS(book=apprenticeship.pk)


def _describe_void(row: AttendanceVoid) -> Mapping[str, Any]:
    topic = topic_in_entry(row.attendance.class_topic.topic)
    return {
        "apprenticeship": str(row.attendance.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.class_hours": row.attendance.entry.sequence,
        "body.course": topic["course"],
        "body.topic": topic["topic"],
        "body.hours": plain_hours(row.attendance.hours),
        "body.reason": row.reason.digest,
    }


CLASS_HOURS = RecordKind(code="class_hours", rows=_attendances, describe=_describe_attendance)
CLASS_HOURS_VOID = RecordKind(code="class_hours_void", rows=_voids, describe=_describe_void)
