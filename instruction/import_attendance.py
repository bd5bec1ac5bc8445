"""Attendance of planned classes: what each row will do, by the same guards as the roll, and writing them as it does."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from accounts.access import Permission, permits
from accounts.import_columns import day_in, plain, text_in
from accounts.import_rows import Row, days_of, refuse_twice, whole
from accounts.models import Sponsor
from accounts.viewer import Viewer
from acts.models import Act
from apprenticeship.breaks import breaks_of
from apprenticeship.record import lock_books
from apprenticeship.running import rested_on
from apprenticeship.work_days import approved_on
from competencies.models import Topic
from instruction.import_columns import ATTENDANCE_COLUMNS, clock_in, hours_in
from instruction.import_rows import Books
from instruction.models import Attendance, Expected, PlannedClass
from instruction.planning import lock_class
from instruction.roll_checks import clashes, too_early, wrong_line, wrong_time
from instruction.rollcall import RollLine, let_stand
from instruction.sums import plain_hours


def check(rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor) -> None:
    """Say of each row what it will do; as many queries at any number of rows."""
    books = Books(rows, viewer=viewer, sponsor=sponsor)
    for row in rows:
        row.take("date", day_in)
        row.take("begins", clock_in)
        row.take("topic", text_in)
        row.take("apprentice", books.of)
        row.take("hours", hours_in)
    found = whole(rows, ATTENDANCE_COLUMNS)
    classes = _Classes(found, viewer=viewer, sponsor=sponsor, books=books)
    for row in found:
        if row.read["date"] > viewer.today(sponsor):
            row.refuse("date", _("This day is in the future. Attendance opens when the class has ended."))
        elif row.read["apprentice"].apprentice_id == viewer.user_id:
            row.refuse("apprentice", _("Nobody records their own attendance."))
        else:
            classes.find(row)
    found = [row for row in found if not row.problems]
    refuse_twice(found, lambda row: (row.read["class"].pk, line_of(row).place), "apprentice")
    for row in found:
        _check_line(row, viewer, sponsor, classes)
    _find_known([row for row in found if not row.problems])
    _refuse_clashes([row for row in found if not row.problems and not row.is_there])


def write(
    rows: Sequence[Row],
    *,
    viewer: Viewer,
    sponsor: Sponsor,  # noqa: ARG001  # asked of every kind of file
    act: Act,
) -> list[uuid.UUID]:
    """Record the attendance that checked rows tell, class by class, as the roll does."""
    by_class: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        by_class[row.read["class"].pk].append(row)
    for planned in sorted(by_class):  # all locks first and in order, so that two acts never embrace
        lock_class(planned)
    lock_books(row.read["apprentice"].pk for row in rows)
    made = []
    for planned in sorted(by_class):
        own = by_class[planned]
        lines = [line_of(row) for row in own]
        recorded = let_stand(viewer=viewer, act=act, planned=own[0].read["class"], lines=lines)
        made += [row.pk for row in recorded.made]
    return made


def line_of(row: Row) -> RollLine:
    """What a row says, as the roll takes it."""
    return RollLine(row.read["apprentice"], row.read["lesson"], row.read["hours"])


class _Classes:
    """The classes of these days whose attendance the viewer may take, with topics and who is expected."""

    def __init__(self, rows: Sequence[Row], *, viewer: Viewer, sponsor: Sponsor, books: Books) -> None:
        self.on: dict[tuple[date, str], list[tuple[PlannedClass, Topic]]] = defaultdict(list)
        self.most: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = {}
        self.expected: dict[uuid.UUID, set[uuid.UUID]] = {}
        self.zone = sponsor.zone
        teaches = Q(sponsor__in=viewer.overseen_sponsor_ids) | Q(instructor=viewer.user_id)
        planned = PlannedClass.objects.visible_to(viewer).filter(teaches, sponsor=sponsor).with_topics()
        planned = planned.annotate(day=TruncDate("starts_at", tzinfo=self.zone)).filter(day__in=days_of(rows))
        everybody = Prefetch("expected", queryset=Expected.objects.only("planned_id", "apprenticeship_id"))
        for one in planned.prefetch_related(everybody).order_by("starts_at", "pk"):
            if permits(viewer, Permission.TAKE_ATTENDANCE, on=one):
                self._add(one)
        titles = Topic.objects.filter(course__version__in=books.versions).values_list("course__version", "title")
        self.titles = {(version, name) for version, title in titles for name in _names(title)}

    def _add(self, one: PlannedClass) -> None:
        self.most[one.pk] = {topic.topic_id: topic.hours for topic in one.topics.all()}
        self.expected[one.pk] = {line.apprenticeship_id for line in one.expected.all()}
        day = one.starts_at.astimezone(self.zone).date()
        for topic in one.topics.all():
            for name in _names(topic.topic.title):
                self.on[day, name].append((one, topic.topic))

    def find(self, row: Row) -> None:
        """Note which class and topic the row means, or why none."""
        said, book = row.read, row.read["apprentice"]
        version = book.terms.standard_version_id
        if (version, plain(said["topic"])) not in self.titles:
            row.refuse("topic", _("This topic is not part of the standard this apprentice follows."))
            return
        found = self.on.get((said["date"], plain(said["topic"])), [])
        if said["begins"]:
            found = [(one, topic) for one, topic in found if self._begins(one) == said["begins"]]
        if not found:
            row.refuse("topic", _("No class of yours taught this topic on that day, or at that time."))
            return
        found = [pair for pair in found if pair[1].course.version_id == version] or found
        found = [pair for pair in found if book.pk in self.expected[pair[0].pk]] or found
        found = [pair for pair in found if not pair[0].cancelled_at] or found
        if len(found) > 1:
            times = ", ".join(f"{self._begins(one):%H:%M}" for one, _topic in found)
            row.refuse(
                "begins", _("Several classes fit. Say which one by when it begins: %(times)s.") % {"times": times}
            )
            return
        said["class"], said["lesson"] = found[0]

    def _begins(self, one: PlannedClass) -> time:
        return one.starts_at.astimezone(self.zone).time().replace(second=0, microsecond=0)


def _names(title: str) -> set[str]:
    """By what a topic is known: its title, with and without what stands in parentheses at its end."""
    return {plain(title), plain(title.split(" (")[0])}


def _check_line(row: Row, viewer: Viewer, sponsor: Sponsor, classes: _Classes) -> None:
    one, line = row.read["class"], line_of(row)
    if (why := wrong_time(one, viewer)) or (why := too_early(line, sponsor.local_date(one.starts_at))):
        row.refuse("date", why)
    elif line.apprenticeship.pk not in classes.expected[one.pk]:
        row.refuse("apprentice", wrong_line(line, classes.most[one.pk], classes.expected[one.pk]))
    elif why := wrong_line(line, classes.most[one.pk], classes.expected[one.pk]):
        row.refuse("hours", why)


def _find_known(rows: Sequence[Row]) -> None:
    """Mark the rows that stand in the record already; one query."""
    planned = {row.read["class"].pk for row in rows}
    standing = Attendance.objects.standing().filter(class_topic__session__planned__in=planned)
    columns = ("class_topic__session__planned_id", "apprenticeship_id", "class_topic__topic_id", "hours")
    known = {(one, book, topic): hours for one, book, topic, hours in standing.values_list(*columns)}
    for row in rows:
        hours = known.get((row.read["class"].pk, *line_of(row).place))
        row.is_there = hours == row.read["hours"]
        if hours is not None and not row.is_there:
            said = _("%(hours)s h are recorded for this already. Correct them on the page of the class.")
            row.refuse("hours", said % {"hours": plain_hours(hours)})


def _refuse_clashes(rows: Sequence[Row]) -> None:
    """As for a roll: nobody while they rested, never two classes at once, never over 24 hours a day, with what stands
    and with the other rows; three queries.
    """
    by_day: dict[tuple[uuid.UUID, date], list[Row]] = defaultdict(list)
    for row in rows:
        by_day[row.read["apprentice"].pk, row.read["date"]].append(row)
    standing: dict[tuple[uuid.UUID, date], list[Attendance]] = defaultdict(list)
    held = (
        Attendance.objects.standing()
        .with_class()
        .filter(
            apprenticeship__in={book for book, _day in by_day},
            class_topic__session__held_on__in={d for _b, d in by_day},
        )
    )
    for attendance in held:
        standing[attendance.apprenticeship_id, attendance.class_topic.session.held_on].append(attendance)
    at_work = approved_on(set(by_day))
    breaks = breaks_of({book for book, _day in by_day})
    for day, own in by_day.items():
        if why := rested_on(day[1], breaks[day[0]]):
            for row in own:
                row.refuse("date", why)
        else:
            _check_day(own, standing[day], at_work.get(day, Decimal(0)))


def _check_day(own: Sequence[Row], standing: Sequence[Attendance], at_work: Decimal) -> None:
    """One person's rows of one day."""
    total = sum((row.read["hours"] for row in own), at_work)
    for row in own:
        one, line = row.read["class"], line_of(row)
        other = next((r for r in own if r.read["class"].pk != one.pk and _overlap(one, r.read["class"])), None)
        if other is not None:
            said = _("Row %(number)s has them in another class at that time. Nobody attends two classes at once.")
            row.refuse("begins", said % {"number": other.number})
            continue
        found = clashes(one, [line], {line.apprenticeship.pk: standing}, total - line.hours)
        for problem in found:
            row.refuse("hours", problem.message)


def _overlap(one: PlannedClass, other: PlannedClass) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
