"""The timetable for pages: which classes a viewer sees, by state, and a month of them as weeks."""

import calendar
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.evidence_shown import ShownFile
from instruction.models import Attendance, ClassFile, ClassTopic, Expected, PlannedClass
from instruction.querysets import PlannedClassQuerySet
from instruction.sponsor_files import file_shown
from instruction.sums import plain_hours

SHOWN = ("upcoming", "held", "cancelled")


@dataclass(frozen=True)
class PlannedTopicShown:
    """One topic of a planned class with its hours."""

    title: str
    course: str
    hours: str


@dataclass(frozen=True)
class PlannedShown:
    """One class of the timetable; `recorded` people attended.

    `starts_at` and `ends_at` are the sponsor's local time and name no zone, so that pages show them as they are.
    """

    id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    topics: tuple[PlannedTopicShown, ...]
    cohort: str
    provider: str
    place: str
    mode: str
    instructor: str
    qualification: str
    outline: str
    files: tuple[ShownFile, ...]
    capacity: int | None
    expected: int
    recorded: int
    cancelled_at: datetime | None
    cancelled_by: str
    cancel_reason: str
    is_over: bool

    @property
    def title(self) -> str:
        """What is taught."""
        return ", ".join(topic.title for topic in self.topics)

    @property
    def state(self) -> str:
        """Where the class stands: its code among upcoming, open, recorded and cancelled."""
        if self.cancelled_at:
            return "cancelled"
        if not self.is_over:
            return "upcoming"
        return "recorded" if self.recorded else "open"


@dataclass(frozen=True)
class ExpectedShown:
    """One person in a class and the hours that stand for them; `hours` is blank where none do."""

    name: str
    hours: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """One day of a month's page, with its classes; `outside` where it belongs to the month before or after."""

    date: date
    outside: bool
    is_today: bool
    classes: tuple[PlannedShown, ...]


def timetable_of(viewer: Viewer, *, show: str, mine: bool) -> PlannedClassQuerySet:
    """The classes a list shows: upcoming ones the next first, all others the latest first."""
    rows = PlannedClass.objects.visible_to(viewer)
    if mine:
        rows = rows & PlannedClass.objects.own(viewer)
    match show:
        case "cancelled":
            return rows.exclude(cancelled_at=None).order_by("-starts_at", "pk")
        case "held":
            return rows.filter(cancelled_at=None, ends_at__lte=viewer.at).order_by("-starts_at", "pk")
        case _:
            return rows.filter(cancelled_at=None, ends_at__gt=viewer.at).order_by("starts_at", "pk")


def without_attendance(viewer: Viewer) -> PlannedClassQuerySet:
    """Classes that were held and have nobody's attendance yet, the oldest first."""
    held = timetable_of(viewer, show="held", mine=False)
    recorded = Attendance.objects.standing().filter(class_topic__session__planned__isnull=False)
    return held.exclude(pk__in=recorded.values("class_topic__session__planned")).order_by("starts_at", "pk")


def shown_many(rows: Iterable[PlannedClass], *, viewer: Viewer) -> list[PlannedShown]:
    """These classes for a page, in their order; the same few queries for any number of them."""
    rows = list(rows)
    expected: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    groups = Expected.objects.filter(planned__in=rows).values("planned", "apprenticeship__cohort__name")
    for group in groups.annotate(people=Count("pk")).order_by("apprenticeship__cohort__name"):
        expected[group["planned"]][group["apprenticeship__cohort__name"] or ""] = group["people"]
    standing = Attendance.objects.standing().filter(class_topic__session__planned__in=rows)
    found = standing.values("class_topic__session__planned").annotate(people=Count("apprenticeship", distinct=True))
    recorded = {row["class_topic__session__planned"]: row["people"] for row in found}
    files: dict[uuid.UUID | None, list[ClassFile]] = defaultdict(list)
    for file in ClassFile.objects.filter(planned__in=rows).in_order():
        files[file.planned_id].append(file)
    return [_shown(row, expected[row.pk], recorded.get(row.pk, 0), files[row.pk], viewer) for row in rows]


def names_of(planned: PlannedClass, *, viewer: Viewer) -> list[ExpectedShown]:
    """Who is expected and what stands for them; nobody where the viewer may not read names."""
    if not permits(viewer, Permission.READ_CLASSES, on=planned):
        return []
    rows = Attendance.objects.standing().filter(class_topic__session__planned=planned)
    hours: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    for row in rows.select_related("class_topic__topic").order_by("class_topic__topic__order"):
        hours[row.apprenticeship_id].append(row)
    people = planned.expected.select_related("apprenticeship__apprentice").order_by("apprenticeship__apprentice__name")
    return [_expected(person.apprenticeship.apprentice.name, hours[person.apprenticeship_id]) for person in people]


def sessions_of(planned: PlannedClass) -> list[uuid.UUID]:
    """The facts that attendance of this class wrote, where hours that were taken back can be read."""
    found = (
        ClassTopic.objects.filter(session__planned=planned).order_by("session__pk").values_list("session", flat=True)
    )
    return list(found.distinct())


def weeks_of(year: int, month: int, *, viewer: Viewer, mine: bool) -> list[list[Day]]:
    """A month as whole weeks from Sunday on, with the classes of each day, cancelled ones too."""
    weeks = calendar.Calendar(firstweekday=calendar.SUNDAY).monthdatescalendar(year, month)
    first, last = weeks[0][0], weeks[-1][-1]
    margin = timedelta(days=1)  # the sponsor's day may lie beside that of UTC
    begin, end = (datetime.combine(day, time(0), tzinfo=UTC) for day in (first - margin, last + 2 * margin))
    rows = PlannedClass.objects.visible_to(viewer).filter(starts_at__gte=begin, starts_at__lt=end)
    if mine:
        rows = rows & PlannedClass.objects.own(viewer)
    by_day: dict[date, list[PlannedShown]] = defaultdict(list)
    for shown in shown_many(rows.with_topics().order_by("starts_at", "pk"), viewer=viewer):
        by_day[shown.starts_at.date()].append(shown)
    todays = {viewer.today(sponsor) for sponsor in viewer.sponsors}
    return [[Day(day, day.month != month, day in todays, tuple(by_day[day])) for day in week] for week in weeks]


def _shown(
    row: PlannedClass, expected: Mapping[str, int], recorded: int, files: Sequence[ClassFile], viewer: Viewer
) -> PlannedShown:
    zone = row.sponsor.zone
    return PlannedShown(
        id=row.pk,
        starts_at=row.starts_at.astimezone(zone).replace(tzinfo=None),
        ends_at=row.ends_at.astimezone(zone).replace(tzinfo=None),
        topics=tuple(
            PlannedTopicShown(t.topic.title, t.topic.course.title, plain_hours(t.hours)) for t in row.topics.all()
        ),
        cohort=", ".join(name for name in expected if name) or row.cohort.name,
        provider=row.provider,
        place=row.place,
        mode=row.get_mode_display(),
        instructor=row.instructor_name,
        qualification=row.instructor_qualification,
        outline=row.outline,
        files=tuple(file_shown(file) for file in files),
        capacity=row.capacity,
        expected=sum(expected.values()),
        recorded=recorded,
        cancelled_at=row.cancelled_at,
        cancelled_by=row.cancelled_by.name if row.cancelled_by else "",
        cancel_reason=row.cancel_reason,
        is_over=row.ends_at <= viewer.at,
    )


def _expected(name: str, rows: Sequence[Attendance]) -> ExpectedShown:
    if not rows:
        return ExpectedShown(name, "", ())
    whole = plain_hours(sum((row.hours for row in rows), type(rows[0].hours)(0)))
    details = tuple(f"{row.class_topic.topic.title}: {plain_hours(row.hours)}" for row in rows) if len(rows) > 1 else ()
    return ExpectedShown(name, whole, details)
