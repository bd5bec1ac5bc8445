"""The roll of a class: what was held, who attended, and what was taken back; for pages."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship
from instruction.models import Attendance, ClassSession
from instruction.sums import plain_hours


@dataclass(frozen=True)
class TakenBackHours:
    """Who took hours back and when. `text` is the sealed reason: blank where it is hidden or was removed."""

    by: str
    at: datetime
    text: str
    hidden: bool
    removed: bool


@dataclass(frozen=True)
class Attendee:
    """One apprentice's hours of one topic on a roll; `may_void` for whoever may take them back.

    `may_sign` says that the viewer taught this and may sign the apprentice's competency in the topic.
    """

    attendance_id: uuid.UUID
    book_id: uuid.UUID
    topic_id: uuid.UUID
    name: str
    topic: str
    hours: str
    recorded_by: str
    recorded_at: datetime
    sequence: int
    taken_back: TakenBackHours | None
    may_void: bool
    may_sign: bool


@dataclass(frozen=True)
class Attended:
    """One class that an apprentice attended, as their own book tells it."""

    held_on: date
    topic: str
    hours: str
    provider: str
    place: str
    instructor: str
    qualification: str
    recorded_by: str
    recorded_at: datetime
    sequence: int
    taken_back: TakenBackHours | None


@dataclass(frozen=True)
class TaughtTopic:
    """One topic of a class with the hours taught."""

    title: str
    course: str
    hours: str


@dataclass(frozen=True)
class Roll:
    """One class with its topics and the names in it, in the order of names."""

    id: uuid.UUID
    held_on: date
    provider: str
    place: str
    instructor: str
    qualification: str
    zone: str
    topics: tuple[TaughtTopic, ...]
    attendees: tuple[Attendee, ...]

    @property
    def standing(self) -> tuple[Attendee, ...]:
        """Those whose hours count."""
        return tuple(attendee for attendee in self.attendees if attendee.taken_back is None)

    @property
    def voidable(self) -> tuple[Attendee, ...]:
        """Those whose hours the viewer may take back."""
        return tuple(attendee for attendee in self.attendees if attendee.may_void)


def roll_of(session: ClassSession, *, viewer: Viewer) -> Roll:
    """The roll of one class as `viewer` may read it."""
    return rolls_of([session], viewer=viewer)[0]


def rolls_of(sessions: Iterable[ClassSession], *, viewer: Viewer) -> list[Roll]:
    """The rolls of these classes, in their order; the same few queries for any number of them."""
    sessions = list(sessions)
    attended: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    rows = Attendance.objects.visible_to(viewer).filter(class_topic__session__in=sessions)
    rows = rows.for_voiding().prefetch_related("apprenticeship__mentorships")
    for row in rows.order_by("apprenticeship__apprentice__name", "entry__sequence"):
        attended[row.class_topic.session_id].append(row)
    return [_roll(session, attended[session.pk], viewer) for session in sessions]


def attended_by(apprenticeship: Apprenticeship, *, viewer: Viewer) -> list[Attended]:
    """The classes in one book, the newest first, with those that were taken back."""
    rows = Attendance.objects.visible_to(viewer).filter(apprenticeship=apprenticeship).with_class().newest_first()
    reads_sealed = permits(viewer, Permission.READ_SEALED_TEXT, on=apprenticeship)
    return [
        Attended(
            held_on=row.class_topic.session.held_on,
            topic=row.class_topic.topic.title,
            hours=plain_hours(row.hours),
            provider=row.class_topic.session.provider,
            place=row.class_topic.session.place,
            instructor=row.class_topic.session.instructor_name,
            qualification=row.class_topic.session.instructor_qualification,
            recorded_by=row.recorded_by.name,
            recorded_at=row.entry.recorded_at,
            sequence=row.entry.sequence,
            taken_back=_taken_back(row, reads_sealed=reads_sealed),
        )
        for row in rows
    ]


def _roll(session: ClassSession, rows: list[Attendance], viewer: Viewer) -> Roll:
    taught = {row.class_topic_id: row.class_topic for row in rows}
    return Roll(
        id=session.pk,
        held_on=session.held_on,
        provider=session.provider,
        place=session.place,
        instructor=session.instructor_name,
        qualification=session.instructor_qualification,
        zone=session.sponsor.time_zone,
        topics=tuple(
            TaughtTopic(title=t.topic.title, course=t.topic.course.title, hours=plain_hours(t.hours))
            for t in taught.values()
        ),
        attendees=tuple(_attendee(row, viewer) for row in rows),
    )


def _attendee(row: Attendance, viewer: Viewer) -> Attendee:
    taken_back = _taken_back(row, reads_sealed=permits(viewer, Permission.READ_SEALED_TEXT, on=row))
    return Attendee(
        attendance_id=row.pk,
        book_id=row.apprenticeship_id,
        topic_id=row.class_topic.topic_id,
        name=row.apprenticeship.apprentice.name,
        topic=row.class_topic.topic.title,
        hours=plain_hours(row.hours),
        recorded_by=row.recorded_by.name,
        recorded_at=row.entry.recorded_at,
        sequence=row.entry.sequence,
        taken_back=taken_back,
        may_void=taken_back is None and permits(viewer, Permission.RECORD_HOURS, on=row),
        may_sign=taken_back is None and _taught_it(row, viewer),
    )


def _taught_it(row: Attendance, viewer: Viewer) -> bool:
    """Whether `viewer` is the instructor of the class of these hours, and may sign for their topic."""
    if viewer.user_id == row.apprenticeship.apprentice_id:
        return False
    return permits(viewer, Permission.SIGN_TOPIC, on=row.class_topic.session)


def _taken_back(row: Attendance, *, reads_sealed: bool) -> TakenBackHours | None:
    void = getattr(row, "void", None)
    if void is None:
        return None
    return TakenBackHours(
        by=void.by.name,
        at=void.entry.recorded_at,
        text=void.reason.text if reads_sealed else "",
        hidden=not reads_sealed,
        removed=void.reason.removed_at is not None,
    )
