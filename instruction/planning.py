"""Planning classes: on the timetable once or week after week, changed while nobody attended, cancelled with a reason.

A plan is no entry. What was attended becomes facts of their own (`instruction/rollcall.py`).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import User
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from acts.sealing import can_be_kept
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import Topic
from instruction.class_files import change_files, give_files, problems_of_files, wanted_files
from instruction.class_telling import announce_cancelled, announce_edited, announce_planned, stood
from instruction.models import Attendance, ClassMode, Expected, PlannedClass, PlannedTopic
from instruction.plan_checks import PlanProblem, problems_of_plan

MOST_WEEKS = 52
LONGEST_CANCEL_REASON = 500


@dataclass(frozen=True)
class ClassPlan:
    """One class as it is meant to be. `day`, `begins` and `ends` are the sponsor's local date and times."""

    day: date
    begins: time
    ends: time
    topics: Sequence[tuple[Topic, Decimal]]
    people: Sequence[Apprenticeship]
    provider: str
    instructor_name: str
    instructor_qualification: str = ""
    instructor: User | None = None
    mode: str = ClassMode.IN_PERSON
    place: str = ""
    outline: str = ""
    capacity: int | None = None
    files: Sequence[uuid.UUID] = ()

    def instants(self, cohort: Cohort, *, week: int = 0) -> tuple[datetime, datetime]:
        """From when until when, `week` weeks later: the same time of the clock, also after it was put forward."""
        day, zone = self.day + timedelta(weeks=week), cohort.sponsor.zone
        begins, ends = (datetime.combine(day, clock, tzinfo=zone) for clock in (self.begins, self.ends))
        return begins.astimezone(UTC), ends.astimezone(UTC)


class PlanInvalid(Exception):
    """Wrong input; nothing was planned. `problems` name their fields. The edge answers 400."""

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)


class PlanConflict(Exception):
    """The class changed meanwhile, is cancelled, or somebody attended. The edge answers 409."""


def plan_classes(*, viewer: Viewer, key: str, cohort: Cohort, plan: ClassPlan, weeks: int = 1) -> list[PlannedClass]:
    """Put `plan` on the timetable of a cohort, for `weeks` weeks on the same day and time.

    The same `key` with the same plan gives the first classes again. Raises NotPermitted, KeyReused,
    PlanInvalid; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.PLAN_CLASSES, on=cohort)
        request = {"cohort": str(cohort.pk), "weeks": weeks, **_as_request(plan)}
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="plan_classes",
            request=request,
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            found = PlannedClass.objects.in_bulk([uuid.UUID(result) for result in begun.act.result_ids])
            return [found[uuid.UUID(result)] for result in begun.act.result_ids]
        problems = problems_of_plan(plan, cohort)
        if not 1 <= weeks <= MOST_WEEKS:
            problems.append(PlanProblem("weeks", _("Between 1 and %(most)s weeks.") % {"most": MOST_WEEKS}))
        files = wanted_files(plan.files, viewer=viewer, sponsor_id=cohort.sponsor_id)
        problems += problems_of_files(plan.files, files)
        if problems:
            raise PlanInvalid(problems)
        series = uuid.uuid4()
        made = [_planned(plan, cohort, week=week, series=series, viewer=viewer) for week in range(weeks)]
        PlannedClass.objects.bulk_create(made)
        for planned in made:
            _write_parts(planned, plan)
        give_files(made, files)
        note_event(
            "classes_planned",
            at=viewer.at,
            actor_id=viewer.user_id,
            sponsor_id=cohort.sponsor_id,
            subject=f"cohort:{cohort.pk}",
            data={"series": str(series), "classes": weeks},
        )
        announce_planned(made, act=begun.act, viewer=viewer)
        finish_act(begun.act, [planned.pk for planned in made])
        return made


def edit_class(*, viewer: Viewer, key: str, planned: PlannedClass, plan: ClassPlan, seen: int) -> PlannedClass:
    """Change one planned class to what `plan` says. `seen` is the version that was read before.

    Once somebody's attendance stands, only the names of others, the outline, the files and the capacity may change.
    The same `key` again changes nothing more. Raises NotPermitted, KeyReused, PlanInvalid, PlanConflict.
    """
    with transaction.atomic():
        require(viewer, Permission.PLAN_CLASSES, on=planned)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="edit_class",
            request={"planned": str(planned.pk), "seen": seen, **_as_request(plan)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return PlannedClass.objects.get(pk=planned.pk)
        now = lock_class(planned.pk)
        files = wanted_files(plan.files, viewer=viewer, sponsor_id=now.sponsor_id)
        if problems := problems_of_plan(plan, now.cohort) + problems_of_files(plan.files, files):
            raise PlanInvalid(problems)
        _refuse_stale(now, seen)
        _refuse_what_was_attended(now, plan)
        before = stood(now)
        changed = _planned(plan, now.cohort, week=0, series=now.series, viewer=viewer)
        for name in FACTS:
            setattr(now, name, getattr(changed, name))
        now.version += 1
        now.save()
        now.topics.all().delete()
        now.expected.all().delete()
        _write_parts(now, plan)
        change_files(now, files, at=viewer.at)
        _tell("class_edited", viewer, now)
        announce_edited(now, before, act=begun.act, viewer=viewer)
        finish_act(begun.act, [now.pk])
        return now


def cancel_class(*, viewer: Viewer, key: str, planned: PlannedClass, reason: str, seen: int) -> PlannedClass:
    """Call a class off, for a `reason` that everybody who was expected reads. It stays on the timetable, marked.

    Raises NotPermitted, KeyReused, PlanInvalid, PlanConflict; the same `key` again changes nothing more.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, Permission.PLAN_CLASSES, on=planned)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="cancel_class",
            request={"planned": str(planned.pk), "seen": seen, "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return PlannedClass.objects.get(pk=planned.pk)
        _refuse_reason(reason)
        now = lock_class(planned.pk)
        _refuse_stale(now, seen)
        if attendance_of(now).exists():
            raise PlanConflict(_("Somebody's attendance of this class stands. Take it back first."))
        now.cancelled_at, now.cancelled_by, now.cancel_reason = viewer.at, viewer.person, reason
        now.version += 1
        now.save()
        _tell("class_cancelled", viewer, now)
        announce_cancelled(now, act=begun.act, viewer=viewer)
        finish_act(begun.act, [now.pk])
        return now


def lock_class(pk: uuid.UUID) -> PlannedClass:
    """The planned class as it now is, locked until the transaction ends: attending and changing it meet here."""
    locked = PlannedClass.objects.select_for_update(of=("self",)).select_related("sponsor", "cohort__sponsor")
    return locked.get(pk=pk)


def attendance_of(planned: PlannedClass) -> Any:
    """The attendances of a planned class that stand."""
    return Attendance.objects.standing().filter(class_topic__session__planned=planned)


FACTS = (
    "starts_at",
    "ends_at",
    "mode",
    "provider",
    "place",
    "instructor",
    "instructor_name",
    "instructor_qualification",
    "outline",
    "capacity",
)
"""What an edit may change, but for topics and people."""


def _as_request(plan: ClassPlan) -> dict[str, Any]:
    return {
        "day": plan.day.isoformat(),
        "begins": plan.begins.isoformat(),
        "ends": plan.ends.isoformat(),
        "topics": [[str(topic.pk), str(hours)] for topic, hours in plan.topics],
        "people": sorted(str(book.pk) for book in plan.people),
        "instructor": str(plan.instructor.pk) if plan.instructor else None,
        "files": sorted(str(pk) for pk in set(plan.files)),
        **{
            name: getattr(plan, name)
            for name in (
                "provider",
                "instructor_name",
                "instructor_qualification",
                "mode",
                "place",
                "outline",
                "capacity",
            )
        },
    }


def _planned(plan: ClassPlan, cohort: Cohort, *, week: int, series: uuid.UUID, viewer: Viewer) -> PlannedClass:
    starts_at, ends_at = plan.instants(cohort, week=week)
    return PlannedClass(
        cohort=cohort,
        sponsor_id=cohort.sponsor_id,
        starts_at=starts_at,
        ends_at=ends_at,
        mode=plan.mode,
        provider=plan.provider,
        place=plan.place,
        instructor=plan.instructor,
        instructor_name=plan.instructor_name,
        instructor_qualification=plan.instructor_qualification,
        outline=plan.outline,
        capacity=plan.capacity,
        series=series,
        planned_by=viewer.person,
        planned_at=viewer.at,
    )


def _write_parts(planned: PlannedClass, plan: ClassPlan) -> None:
    PlannedTopic.objects.bulk_create([PlannedTopic(planned=planned, topic=t, hours=h) for t, h in plan.topics])
    Expected.objects.bulk_create([Expected(planned=planned, apprenticeship=book) for book in plan.people])


def _refuse_stale(now: PlannedClass, seen: int) -> None:
    if now.cancelled_at:
        raise PlanConflict(_("This class is cancelled; it can be copied, not changed."))
    if now.version != seen:
        raise PlanConflict(_("Somebody changed this class meanwhile. Load the page again to see what it says now."))


def _refuse_what_was_attended(now: PlannedClass, plan: ClassPlan) -> None:
    """What stands in somebody's book keeps its class as it was."""
    attended = set(attendance_of(now).values_list("apprenticeship_id", flat=True))
    if not attended:
        return
    if not attended <= {book.pk for book in plan.people}:
        raise PlanConflict(_("Somebody whose attendance stands would no longer be expected. Take it back first."))
    starts_at, ends_at = plan.instants(now.cohort)
    facts = (starts_at, ends_at, plan.mode, plan.provider, plan.place, plan.instructor.pk if plan.instructor else None)
    names = (plan.instructor_name, plan.instructor_qualification)
    stood = (now.starts_at, now.ends_at, now.mode, now.provider, now.place, now.instructor_id)
    topics = {(topic.pk, hours) for topic, hours in plan.topics}
    if (*facts, *names) != (*stood, now.instructor_name, now.instructor_qualification) or topics != set(
        now.topics.values_list("topic_id", "hours")
    ):
        raise PlanConflict(
            _("Somebody's attendance of this class stands, so its time, topics and teacher stay. Take it back first.")
        )


def _refuse_reason(reason: str) -> None:
    if not reason:
        raise PlanInvalid([PlanProblem("reason", _("Say why the class is cancelled."))])
    if len(reason) > LONGEST_CANCEL_REASON:
        message = _("Use at most %(most)s characters.") % {"most": LONGEST_CANCEL_REASON}
        raise PlanInvalid([PlanProblem("reason", message)])
    if not can_be_kept(reason):
        raise PlanInvalid([PlanProblem("reason", _("This contains signs that cannot be kept. Type it again."))])


def _tell(kind: str, viewer: Viewer, planned: PlannedClass) -> None:
    note_event(
        kind,
        at=viewer.at,
        actor_id=viewer.user_id,
        sponsor_id=planned.sponsor_id,
        subject=f"planned_class:{planned.pk}",
        data={"version": planned.version},
    )
