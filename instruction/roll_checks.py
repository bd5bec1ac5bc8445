"""What a roll is refused for: each sentence says what is wrong, for whom, and what to do."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from acts.sealing import can_be_kept
from apprenticeship.breaks import breaks_of
from apprenticeship.models import Apprenticeship
from apprenticeship.models.work import MOST_HOURS_IN_ONE_DAY
from apprenticeship.plain_hours import QUARTER
from apprenticeship.running import rested_on
from apprenticeship.work_days import approved_on
from instruction.hours import HeldClass, HoursProblem, is_same_class, recorded_before
from instruction.models import Attendance, PlannedClass
from instruction.sums import plain_hours
from instruction.voiding import LONGEST_REASON

if TYPE_CHECKING:
    from instruction.rollcall import RollLine


class RollInvalid(Exception):
    """Wrong input, for some lines or as a whole; nothing was recorded. The edge answers 400."""

    def __init__(self, problems: Sequence[HoursProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


class RollConflict(Exception):
    """The class or the books say something that stands in the way. The edge answers 409."""

    def __init__(self, message: str, problems: Sequence[HoursProblem] = ()) -> None:
        super().__init__(message or "; ".join(map(str, problems)))
        self.problems = list(problems) or [HoursProblem("", message)]


def refuse_wrong_time(planned: PlannedClass, viewer: Viewer) -> None:
    """Nobody attends what was cancelled or is not over yet."""
    if message := wrong_time(planned, viewer):
        raise RollConflict(message)


def wrong_time(planned: PlannedClass, viewer: Viewer) -> str:
    """Why nobody can have attended this class; blank where they can."""
    if planned.cancelled_at:
        return _("This class was cancelled; nobody can have attended it.")
    if viewer.at < planned.ends_at:
        ends = date_format(planned.ends_at.astimezone(planned.sponsor.zone), "DATETIME_FORMAT")
        return _("This class has not been held yet. Attendance opens when it ends, %(when)s.") % {"when": ends}
    return ""


def refuse_wrong_lines(planned: PlannedClass, lines: Sequence["RollLine"]) -> None:
    """Only who is expected, only topics of the class, at most its hours, and nobody before their start."""
    most = dict(planned.topics.values_list("topic_id", "hours"))
    expected = set(planned.expected.values_list("apprenticeship_id", flat=True))
    held_on = planned.sponsor.local_date(planned.starts_at)
    problems = [
        HoursProblem("lines", message, line.apprenticeship)
        for line in lines
        if (message := wrong_line(line, most, expected) or too_early(line, held_on))
    ]
    if len({line.place for line in lines}) < len(lines):
        problems.append(HoursProblem("lines", _("Name each apprentice and topic once.")))
    if problems:
        raise RollInvalid(problems)


def wrong_line(line: "RollLine", most: Mapping[uuid.UUID, Decimal], expected: Collection[uuid.UUID]) -> str:
    """What is wrong with a line of a class whose topics have `most` hours; blank where nothing is."""
    if line.apprenticeship.pk not in expected:
        return _("This apprentice is not expected in this class. Edit the class first.")
    if line.topic.pk not in most:
        return _("This topic is not one of this class.")
    if line.topic.course.version_id != line.apprenticeship.terms.standard_version_id and line.hours:
        return _("This topic is not part of the standard this apprentice follows.")
    if not line.hours.is_finite() or not 0 <= line.hours <= MOST_HOURS_IN_ONE_DAY or line.hours % QUARTER:
        return _("Enter the hours in quarters, for example 1.25, or 0 for nothing of this topic.")
    if line.hours > most[line.topic.pk]:
        return _("%(hours)s h is more than the class had of this topic: %(most)s h.") % {
            "hours": plain_hours(line.hours),
            "most": plain_hours(most[line.topic.pk]),
        }
    return ""


def too_early(line: "RollLine", held_on: object) -> str:
    """That the class was before the apprenticeship began; blank where it was not."""
    starts_on = line.apprenticeship.starts_on
    if line.hours and str(held_on) < starts_on.isoformat():
        return _("The class was before the apprenticeship began, on %(day)s.") % {"day": date_format(starts_on)}
    return ""


def refuse_reason(reason: str, *, changed: bool, replaces: bool) -> None:
    """Nothing to record is said; what replaces something that stands needs a reason."""
    message = ""
    if not changed:
        raise RollInvalid([HoursProblem("lines", _("Nothing to record: tick who was present, or change some hours."))])
    if replaces and not reason:
        message = _("Say why what was recorded is changed; the apprentice will read it.")
    elif len(reason) > LONGEST_REASON:
        message = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
    elif not can_be_kept(reason):
        message = _("The reason contains signs that cannot be kept. Type it again.")
    if message:
        raise RollInvalid([HoursProblem("reason", message)])


def refuse_clashes(planned: PlannedClass, lines: Sequence["RollLine"], replaced: Sequence[Attendance]) -> None:
    """Nobody while they rested, never two classes at once, never over 24 hours a day.

    The books are locked, so it stays so.
    """
    held_on = planned.sponsor.local_date(planned.starts_at)
    on_the_day: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    books: dict[uuid.UUID, list[RollLine]] = defaultdict(list)
    for line in lines:
        books[line.apprenticeship.pk].append(line)
    gone = {row.pk for row in replaced}
    rows = Attendance.objects.standing().with_class().filter(class_topic__session__held_on=held_on)
    for row in rows.filter(apprenticeship__in=list(books)):
        if row.pk not in gone:
            on_the_day[row.apprenticeship_id].append(row)
    at_work = approved_on({(book, held_on) for book in books})
    breaks = breaks_of(books)
    problems = []
    for book, own in books.items():
        if why := rested_on(held_on, breaks[book]):
            problems.append(HoursProblem("lines", why, own[0].apprenticeship))
        else:
            problems += clashes(planned, own, on_the_day, at_work.get((book, held_on), Decimal(0)))
    if problems:
        raise RollConflict("", problems)


def clashes(
    planned: PlannedClass,
    own: Sequence["RollLine"],
    on_the_day: Mapping[uuid.UUID, Sequence[Attendance]],
    at_work: Decimal,
) -> list[HoursProblem]:
    """What stands in the way of one person's lines of a class. `at_work` are other hours that fill that day."""
    book = own[0].apprenticeship
    rows = on_the_day.get(book.pk, ())
    hours = sum((row.hours for row in rows), at_work) + sum((line.hours for line in own), Decimal(0))
    if clash := next((row for row in rows if _at_once(planned, row, own)), None):
        return [HoursProblem("lines", _clash_words(clash, book), book, clash)]
    if hours > MOST_HOURS_IN_ONE_DAY:
        said = _("With this class that day would have %(hours)s hours; a day has 24.") % {"hours": plain_hours(hours)}
        return [HoursProblem("lines", said, book, rows[-1] if rows else None)]
    return []


def _at_once(planned: PlannedClass, row: Attendance, own: Sequence["RollLine"]) -> bool:
    """By the clock where both times are known, else by topic and provider, as for classes without a plan."""
    other = row.class_topic.session
    if other.planned_id == planned.pk:
        return False
    if other.starts_at and other.ends_at:
        return other.starts_at < planned.ends_at and planned.starts_at < other.ends_at
    return any(is_same_class(row, _as_held(planned, line)) for line in own)


def _as_held(planned: PlannedClass, line: "RollLine") -> HeldClass:
    held_on = planned.sponsor.local_date(planned.starts_at)
    return HeldClass(line.topic, line.hours, held_on, planned.provider, planned.instructor_name)


def _clash_words(clash: Attendance, book: Apprenticeship) -> str:
    session = clash.class_topic.session
    if session.starts_at is None or session.ends_at is None:
        return recorded_before(clash, book)
    zone = book.sponsor.zone
    return _("At that time they attended “%(topic)s” (%(begins)s to %(ends)s). Nobody attends two classes at once.") % {
        "topic": clash.class_topic.topic.title,
        "begins": date_format(session.starts_at.astimezone(zone), "TIME_FORMAT"),
        "ends": date_format(session.ends_at.astimezone(zone), "TIME_FORMAT"),
    }
