"""Recording class hours: one class, one topic, one or more apprentices, all or nothing.

The beats are those of every transition: permission, replay, state, write, record. Each apprentice
gets an entry in their own book.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.models import Membership, Role, User
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from acts.sealing import can_be_kept
from apprenticeship.breaks import breaks_of
from apprenticeship.models import Apprenticeship
from apprenticeship.models.work import MOST_HOURS_IN_ONE_DAY
from apprenticeship.plain_hours import is_within_a_day
from apprenticeship.record import Draft, append_many, lock_books, timestamp
from apprenticeship.running import rested_on
from apprenticeship.work_days import approved_on
from competencies.models import Topic
from instruction.models import LONGEST, Attendance, ClassSession, ClassTopic
from instruction.sums import plain_hours

QUARTERS_ONLY = gettext_lazy("Enter the hours in quarters, more than 0 and at most 24, for example 1.25.")


@dataclass(frozen=True)
class HeldClass:
    """One class as it was held: what was taught, how long, when, by whom.

    `hours` are what each of the apprentices attended of `topic`. `instructor` is the teacher's account,
    where there is one; the name and the qualification are printed. The times are those of a planned class.
    """

    topic: Topic
    hours: Decimal
    held_on: date
    provider: str
    instructor_name: str
    instructor_qualification: str = ""
    instructor: User | None = None
    place: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class HoursProblem:
    """What is wrong, and what to do: about one field of the class, or about one apprentice.

    `earlier` is the attendance that stands in the way, where there is one.
    """

    field: str
    message: str
    apprenticeship: Apprenticeship | None = None
    earlier: Attendance | None = None

    def __str__(self) -> str:
        return f"{self.apprenticeship.apprentice}: {self.message}" if self.apprenticeship else self.message


class _Refused(Exception):
    def __init__(self, problems: Sequence[HoursProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


class ClassHoursInvalid(_Refused):
    """Wrong input, in the class or for some apprentices; nothing was recorded. The edge answers 400."""


class ClassHoursConflict(_Refused):
    """These hours clash with what the books of some apprentices say already. The edge answers 409."""


def record_class_hours(
    *, viewer: Viewer, key: str, apprenticeships: Sequence[Apprenticeship], held: HeldClass
) -> list[Attendance]:
    """Record one class for all `apprenticeships` or for none; the attendances come in their order.

    The same `key` with the same class gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, ClassHoursInvalid, ClassHoursConflict, TooManyEntries; after any of them
    nothing is stored.
    """
    apprenticeships = list({a.pk: a for a in apprenticeships}.values())
    with transaction.atomic():
        for apprenticeship in apprenticeships:
            require(viewer, Permission.RECORD_HOURS, on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="record_class_hours",
            request=_as_request(apprenticeships, held),
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, (apprenticeship.sponsor for apprenticeship in apprenticeships))
        _refuse_wrong_input(viewer, apprenticeships, held)
        lock_books(a.pk for a in apprenticeships)
        _refuse_wrong_state(apprenticeships, held)
        made = _write(apprenticeships, held, viewer=viewer, act=begun.act)
        finish_act(begun.act, [attendance.pk for attendance in made])
        return made


def _as_request(apprenticeships: Sequence[Apprenticeship], held: HeldClass) -> dict[str, Any]:
    return {
        "apprenticeships": [str(a.pk) for a in apprenticeships],
        "topic": str(held.topic.pk),
        "hours": str(held.hours),
        "held_on": held.held_on.isoformat(),
        "provider": held.provider,
        "place": held.place,
        "instructor": str(held.instructor.pk) if held.instructor else None,
        "instructor_name": held.instructor_name,
        "instructor_qualification": held.instructor_qualification,
    }


def _earlier(act: Act) -> list[Attendance]:
    found = Attendance.objects.in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _refuse_wrong_input(viewer: Viewer, apprenticeships: Sequence[Apprenticeship], held: HeldClass) -> None:
    problems = [*_problems_of_class(viewer, apprenticeships, held), *_problems_of_lines(apprenticeships, held)]
    if problems:
        raise ClassHoursInvalid(problems)


def _problems_of_class(
    viewer: Viewer, apprenticeships: Sequence[Apprenticeship], held: HeldClass
) -> list[HoursProblem]:
    problems = _problems_of_texts(held)
    if not is_within_a_day(held.hours):
        problems.append(HoursProblem("hours", str(QUARTERS_ONLY)))
    if not apprenticeships:
        return [*problems, HoursProblem("apprenticeships", _("Tick at least one apprentice."))]
    sponsor = apprenticeships[0].sponsor
    if {a.sponsor_id for a in apprenticeships} != {sponsor.pk}:
        problems.append(HoursProblem("apprenticeships", _("Record the apprentices of one sponsor at a time.")))
    if held.held_on > viewer.today(sponsor):
        problems.append(
            HoursProblem("held_on", _("The date is in the future. Class hours are recorded once the class was held."))
        )
    if held.instructor and not is_instructor(held.instructor, sponsor_id=sponsor.pk, on=held.held_on):
        problems.append(HoursProblem("instructor", _("This person is not an instructor of the sponsor.")))
    return problems


def is_instructor(person: User, *, sponsor_id: uuid.UUID, on: date) -> bool:
    """Whether `person` teaches for a sponsor on a day: the role has not ended by then.

    It may have been given later, because classes are entered that were held before anybody had an account.
    """
    held = Membership.objects.filter(user=person, sponsor=sponsor_id, role=Role.INSTRUCTOR)
    return held.filter(Q(until=None) | Q(until__gt=on)).exists()


def _problems_of_texts(held: HeldClass) -> list[HoursProblem]:
    problems = []
    if not held.provider.strip():
        problems.append(HoursProblem("provider", _("Say who offered the class.")))
    if not held.instructor_name.strip():
        problems.append(HoursProblem("instructor_name", _("Give the name of the instructor.")))
    for name, longest in LONGEST.items():
        if len(getattr(held, name)) > longest:
            problems.append(HoursProblem(name, _("Use at most %(most)s characters.") % {"most": longest}))
        if not can_be_kept(getattr(held, name)):
            problems.append(HoursProblem(name, _("This contains signs that cannot be kept. Type it again.")))
    return problems


def _problems_of_lines(apprenticeships: Sequence[Apprenticeship], held: HeldClass) -> list[HoursProblem]:
    problems = []
    for line in apprenticeships:
        if held.topic.course.version_id != line.terms.standard_version_id:
            message = _("This topic is not part of the standard this apprentice follows.")
            problems.append(HoursProblem("topic", message, line))
        if held.held_on < line.starts_on:
            message = _("The class was before the apprenticeship began, on %(day)s.") % {
                "day": date_format(line.starts_on)
            }
            problems.append(HoursProblem("held_on", message, line))
        if held.instructor and held.instructor.pk == line.apprentice_id:
            problems.append(HoursProblem("instructor", _("Nobody attends the class that they teach."), line))
    return problems


def _refuse_wrong_state(apprenticeships: Sequence[Apprenticeship], held: HeldClass) -> None:
    """Compare with what the books say of that day; they are locked, so it stays so."""
    on_the_day: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    found = Attendance.objects.standing().with_class()
    for attendance in found.filter(apprenticeship__in=apprenticeships, class_topic__session__held_on=held.held_on):
        on_the_day[attendance.apprenticeship_id].append(attendance)
    at_work = approved_on({(line.pk, held.held_on) for line in apprenticeships})
    breaks = breaks_of(line.pk for line in apprenticeships)
    problems = []
    for line in apprenticeships:
        same = next((a for a in on_the_day[line.pk] if is_same_class(a, held)), None)
        working = at_work.get((line.pk, held.held_on), Decimal(0))
        that_day = sum((a.hours for a in on_the_day[line.pk]), held.hours + working)
        if why := rested_on(held.held_on, breaks[line.pk]):
            problems.append(HoursProblem("held_on", why, line))
        elif same:
            problems.append(HoursProblem("apprenticeships", recorded_before(same, line), line, same))
        elif that_day > MOST_HOURS_IN_ONE_DAY:
            message = _("With this class that day would have %(hours)s hours; a day has 24.") % {
                "hours": plain_hours(that_day)
            }
            problems.append(
                HoursProblem("hours", message, line, on_the_day[line.pk][-1] if on_the_day[line.pk] else None)
            )
    if problems:
        raise ClassHoursConflict(problems)


def is_same_class(attendance: Attendance, held: HeldClass) -> bool:
    """The same topic with the same provider on the same day is the same class, whatever its hours.

    Otherwise a corrected number of hours would be added to the wrong one instead of replacing it.
    """
    theirs, ours = attendance.class_topic.session.provider, held.provider
    same_provider = " ".join(theirs.split()).casefold() == " ".join(ours.split()).casefold()
    return attendance.class_topic.topic_id == held.topic.pk and same_provider


def recorded_before(same: Attendance, line: Apprenticeship) -> str:
    """Who recorded the same class before, and when."""
    return _(
        "%(who)s recorded this class before, on %(when)s, with %(hours)s hours. If that is wrong, take it back first."
    ) % {
        "who": same.recorded_by,
        "when": date_format(same.entry.recorded_at.astimezone(line.sponsor.zone), "DATETIME_FORMAT"),
        "hours": plain_hours(same.hours),
    }


def _write(apprenticeships: Sequence[Apprenticeship], held: HeldClass, *, viewer: Viewer, act: Act) -> list[Attendance]:
    class_topic = _class_topic(apprenticeships[0].sponsor_id, held)
    drafts = [
        Draft(
            apprenticeship=line,
            kind="class_hours",
            role=acting_role(viewer, Permission.RECORD_HOURS, on=line),
            body=class_hours_in_entry(line, held),
        )
        for line in apprenticeships
    ]
    entries = append_many(drafts, viewer=viewer, act=act)
    made = [
        Attendance(
            entry=entry,
            apprenticeship=line,
            class_topic=class_topic,
            hours=held.hours,
            recorded_by=viewer.user,
        )
        for line, entry in zip(apprenticeships, entries, strict=True)
    ]
    return Attendance.objects.bulk_create(made)


def _class_topic(sponsor_id: uuid.UUID, held: HeldClass) -> ClassTopic:
    """The class with these very facts: who was forgotten the first time joins the others' class."""
    facts = {
        "sponsor_id": sponsor_id,
        "held_on": held.held_on,
        "provider": held.provider,
        "place": held.place,
        "instructor": held.instructor,
        "instructor_name": held.instructor_name,
        "instructor_qualification": held.instructor_qualification,
        "planned": None,
    }
    known = ClassTopic.objects.filter(
        topic=held.topic, hours=held.hours, **{f"session__{name}": value for name, value in facts.items()}
    ).first()
    if known:
        return known
    session = ClassSession.objects.create(**facts)
    return ClassTopic.objects.create(session=session, topic=held.topic, hours=held.hours)


def class_hours_in_entry(line: Apprenticeship, held: HeldClass) -> dict[str, Any]:
    """The body of an entry of class hours. `time` stands there only where it is known."""
    version = line.terms.standard_version
    return {
        **topic_in_entry(held.topic),
        "hours": plain_hours(held.hours),
        "held_on": held.held_on.isoformat(),
        "provider": held.provider,
        "place": held.place or None,
        **time_in_entry(held.starts_at, held.ends_at),
        "instructor": {
            "id": str(held.instructor.pk) if held.instructor else None,
            "name": held.instructor_name,
            "qualification": held.instructor_qualification,
        },
        "standard": {
            "title": version.title,
            "slug": version.standard.slug,
            "version": version.number,
            "hash": version.content_hash,
        },
        "terms": line.terms.number,
        "meaning": {"language": get_language() or "en", "text": meaning_of_class_hours()},
    }


def time_in_entry(starts_at: datetime | None, ends_at: datetime | None) -> dict[str, Any]:
    """From when until when a class was held, as entries carry it; nothing where that is not known."""
    if starts_at is None or ends_at is None:
        return {}
    return {"time": {"from": timestamp(starts_at), "until": timestamp(ends_at)}}


def topic_in_entry(topic: Topic) -> dict[str, Any]:
    """A topic and its course as entries carry them: by their words, readable without the standard."""
    return {
        "course": {"id": str(topic.course.pk), "title": topic.course.title},
        "topic": {"id": str(topic.pk), "title": topic.title},
    }


def meaning_of_class_hours() -> str:
    """What recording class hours says, in the active language; shown before it is recorded."""
    return _("I record that the apprentice attended this class on the date given, for the hours stated.")
