"""The roll of a planned class: who attended which topic for how long, recorded and corrected in one act.

Recording and correcting are one transition: each line says what shall stand. What stood before and differs is
taken back with the reason, what is new becomes an entry, and what is the same stays as it is.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from acts.sealing import seal_many
from acts.statements import insert
from apprenticeship.models import Apprenticeship
from apprenticeship.record import Draft, append_many, lock_books
from competencies.models import Topic
from instruction.hours import HeldClass, class_hours_in_entry
from instruction.models import Attendance, AttendanceVoid, ClassMode, ClassSession, ClassTopic, PlannedClass
from instruction.planning import lock_class
from instruction.roll_checks import (
    RollConflict,
    refuse_clashes,
    refuse_reason,
    refuse_wrong_lines,
    refuse_wrong_time,
)
from instruction.voiding import void_draft

Place = tuple[uuid.UUID, uuid.UUID]
"""A line's place on the roll: apprenticeship and topic."""


@dataclass(frozen=True)
class RollLine:
    """What shall stand for one apprentice and one topic: hours, or 0 for whoever was absent."""

    apprenticeship: Apprenticeship
    topic: Topic
    hours: Decimal

    @property
    def place(self) -> Place:
        return self.apprenticeship.pk, self.topic.pk


@dataclass(frozen=True)
class Recorded:
    """What one act made: hours that now stand, and hours that were taken back."""

    made: tuple[Attendance, ...]
    voided: tuple[AttendanceVoid, ...]


def record_roll(
    *,
    viewer: Viewer,
    key: str,
    planned: PlannedClass,
    lines: Sequence[RollLine],
    seen: Collection[uuid.UUID] = (),
    reason: str = "",
) -> Recorded:
    """Let `lines` stand for a class, all or none. `seen` are the attendances that the page showed as standing.

    The same `key` with the same lines gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, RollInvalid, RollConflict, TooManyEntries; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, Permission.TAKE_ATTENDANCE, on=planned)
        if any(line.apprenticeship.apprentice_id == viewer.user_id for line in lines):
            raise NotPermitted(Permission.TAKE_ATTENDANCE)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="record_roll",
            request=_as_request(planned, lines, seen, reason),
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, [planned.sponsor])
        recorded = let_stand(viewer=viewer, act=begun.act, planned=planned, lines=lines, seen=seen, reason=reason)
        finish_act(begun.act, [row.pk for row in (*recorded.made, *recorded.voided)])
        return recorded


def let_stand(
    *,
    viewer: Viewer,
    act: Act,
    planned: PlannedClass,
    lines: Sequence[RollLine],
    seen: Collection[uuid.UUID] = (),
    reason: str = "",
) -> Recorded:
    """The beats state and write of one roll, in the transaction of `act`, which may hold the rolls of other classes.

    The caller has asked for permission and proof. Raises RollInvalid, RollConflict, TooManyEntries.
    """
    now = lock_class(planned.pk)
    refuse_wrong_time(now, viewer)
    refuse_wrong_lines(now, lines)
    lock_books(line.apprenticeship.pk for line in lines)
    standing = _standing(now, lines, seen)
    changed = [line for line in lines if _differs(line, standing.get(line.place))]
    replaced = [standing[line.place] for line in changed if line.place in standing]
    refuse_reason(reason, changed=bool(changed), replaces=bool(replaced))
    refuse_clashes(now, [line for line in changed if line.hours], replaced)
    return _write(now, changed, replaced, reason, viewer=viewer, act=act)


def _as_request(
    planned: PlannedClass, lines: Sequence[RollLine], seen: Collection[uuid.UUID], reason: str
) -> dict[str, Any]:
    return {
        "planned": str(planned.pk),
        "lines": [[str(line.apprenticeship.pk), str(line.topic.pk), str(line.hours)] for line in lines],
        "seen": sorted(map(str, seen)),
        "reason": reason,
    }


def _earlier(act: Act) -> Recorded:
    ids = [uuid.UUID(result) for result in act.result_ids]
    made, voided = Attendance.objects.in_bulk(ids), AttendanceVoid.objects.in_bulk(ids)
    return Recorded(tuple(made[i] for i in ids if i in made), tuple(voided[i] for i in ids if i in voided))


def _standing(
    planned: PlannedClass, lines: Sequence[RollLine], seen: Collection[uuid.UUID]
) -> Mapping[Place, Attendance]:
    """What stands at the places of these lines; refused where it is not what the page showed."""
    rows = Attendance.objects.standing().for_voiding().filter(class_topic__session__planned=planned)
    found = {(row.apprenticeship_id, row.class_topic.topic_id): row for row in rows}
    wanted = {line.place for line in lines}
    if {row.pk for row in found.values()} & set(seen) != set(seen) or any(
        row.pk not in seen for place, row in found.items() if place in wanted
    ):
        raise RollConflict(
            _("Somebody changed this attendance meanwhile. Load the page again and look at what it says now.")
        )
    return {place: row for place, row in found.items() if place in wanted}


def _differs(line: RollLine, standing: Attendance | None) -> bool:
    return line.hours != (standing.hours if standing else 0)


def _write(
    planned: PlannedClass,
    changed: Sequence[RollLine],
    replaced: Sequence[Attendance],
    reason: str,
    *,
    viewer: Viewer,
    act: Act,
) -> Recorded:
    role = acting_role(viewer, Permission.TAKE_ATTENDANCE, on=planned)
    seals = seal_many([(reason, planned.sponsor_id)] * len(replaced), at=viewer.at) if replaced else []
    ends = [void_draft(row, sealed, role=role) for row, sealed in zip(replaced, seals, strict=True)]
    new = [line for line in changed if line.hours]
    topics = _class_topics(planned) if new else {}
    held = [_held(topics[line.topic.pk], line) for line in new]
    drafts = [
        Draft(
            apprenticeship=line.apprenticeship,
            kind="class_hours",
            role=role,
            body=class_hours_in_entry(line.apprenticeship, facts),
        )
        for line, facts in zip(new, held, strict=True)
    ]
    entries = append_many([*ends, *drafts], viewer=viewer, act=act)
    voids = [
        AttendanceVoid(entry=entry, attendance=row, by=viewer.user, reason=sealed)
        for row, entry, sealed in zip(replaced, entries, seals, strict=False)
    ]
    made = [
        Attendance(
            entry=entry,
            apprenticeship=line.apprenticeship,
            class_topic=topics[line.topic.pk],
            hours=line.hours,
            recorded_by=viewer.user,
        )
        for line, entry in zip(new, entries[len(ends) :], strict=True)
    ]
    insert(voids)
    insert(made)
    return Recorded(tuple(made), tuple(voids))


def _class_topics(planned: PlannedClass) -> dict[uuid.UUID, ClassTopic]:
    """The facts of the class as it is planned now: those of an earlier act where they are the very same."""
    facts = {
        "sponsor": planned.sponsor,
        "held_on": planned.sponsor.local_date(planned.starts_at),
        "provider": planned.provider,
        "place": planned.place or ("" if planned.mode == ClassMode.IN_PERSON else planned.get_mode_display()),
        "instructor": planned.instructor,
        "instructor_name": planned.instructor_name,
        "instructor_qualification": planned.instructor_qualification,
        "planned": planned,
        "starts_at": planned.starts_at.astimezone(UTC),
        "ends_at": planned.ends_at.astimezone(UTC),
    }
    meant = {topic.topic_id: topic for topic in planned.topics.select_related("topic__course")}
    by_session: dict[uuid.UUID, list[ClassTopic]] = defaultdict(list)
    known = ClassTopic.objects.filter(**{f"session__{name}": value for name, value in facts.items()})
    for row in known.select_related("session__instructor", "topic__course"):
        by_session[row.session_id].append(row)
    for rows in by_session.values():
        if {(row.topic_id, row.hours) for row in rows} == {(topic.topic_id, topic.hours) for topic in meant.values()}:
            return {row.topic_id: row for row in rows}
    session = ClassSession.objects.create(**facts)
    made = [ClassTopic(session=session, topic=topic.topic, hours=topic.hours) for topic in meant.values()]
    return {row.topic_id: row for row in ClassTopic.objects.bulk_create(made)}


def _held(class_topic: ClassTopic, line: RollLine) -> HeldClass:
    session = class_topic.session
    return HeldClass(
        topic=class_topic.topic,
        hours=line.hours,
        held_on=session.held_on,
        provider=session.provider,
        instructor_name=session.instructor_name,
        instructor_qualification=session.instructor_qualification,
        instructor=session.instructor,
        place=session.place,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )
