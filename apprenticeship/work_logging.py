"""Logging work on the job: by the apprentice on the phone, or by a coordinator from a timesheet.

What is logged is not the record yet. It may be changed and deleted until a mentor approves it, and each of
that is kept as an event. All lines or none; an import calls the same function.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from apprenticeship.breaks import breaks_of
from apprenticeship.models import WorkLog, WorkLogEvent, WorkLogEventKind, WorkLogState
from apprenticeship.plain_hours import plain_hours
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, TooManyEntries, lock_books
from apprenticeship.running import rested_on
from apprenticeship.work_days import (
    DayOfBook,
    WorkConflict,
    WorkInvalid,
    WorkLine,
    WorkProblem,
    approved_on,
    other_hours_on,
    problems_of,
    too_long,
)


class LogClosed(Exception):
    """This row was approved or deleted meanwhile; it cannot be changed any more. The edge answers 409."""


def log_work(*, viewer: Viewer, key: str, lines: Sequence[WorkLine]) -> list[WorkLog]:
    """Log all `lines` or none, at most 500; returns the rows in their order.

    The same `key` with the same lines gives the first result again. Raises NotPermitted, KeyReused, WorkInvalid,
    WorkConflict, TooManyEntries; after any of them nothing is stored. As many queries at any number of lines.
    """
    if len(lines) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    _fetch_what_is_asked(lines)
    with transaction.atomic():
        for book in {line.apprenticeship.pk: line.apprenticeship for line in lines}.values():
            require(viewer, Permission.LOG_WORK, on=book)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="log_work",
            request={"lines": [_as_request(line) for line in lines]},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        made = log_lines(lines, viewer=viewer, act=begun.act)
        finish_act(begun.act, [log.pk for log in made])
        return made


def log_lines(lines: Sequence[WorkLine], *, viewer: Viewer, act: Act) -> list[WorkLog]:
    """The beats state and write of logging, in the transaction of `act`; the caller has asked for the permission.

    Raises WorkInvalid and WorkConflict.
    """
    _refuse_wrong_input(viewer, lines)
    lock_books(line.apprenticeship.pk for line in lines)
    _refuse_wrong_state(lines)
    made = WorkLog.objects.bulk_create(_row(line) for line in lines)
    note(made, WorkLogEventKind.LOGGED, viewer=viewer, act=act)
    return made


def change_log(*, viewer: Viewer, key: str, log: WorkLog, line: WorkLine) -> WorkLog:
    """Let `log` say what `line` says; one that was sent back waits again.

    The same `key` with the same line gives the first result again. Raises NotPermitted, KeyReused, WorkInvalid,
    WorkConflict, LogClosed; after any of them nothing is stored.
    """
    _fetch_what_is_asked([line])
    with transaction.atomic():
        require(viewer, Permission.LOG_WORK, on=log)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="change_work_log",
            request={"log": str(log.pk), **_as_request(line)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return WorkLog.objects.get(pk=log.pk)
        _refuse_wrong_input(viewer, [line])
        lock_books([log.apprenticeship_id])
        now = _still_open(log)
        _refuse_wrong_state([line], leaving_out=now)
        now.worked_on, now.worksite, now.skill_set, now.hours = (
            line.worked_on,
            line.worksite,
            line.skill_set,
            line.hours,
        )
        _moved(now, WorkLogState.WAITING)
        note([now], WorkLogEventKind.CHANGED, viewer=viewer, act=begun.act)
        finish_act(begun.act, [now.pk])
        return now


def delete_log(*, viewer: Viewer, key: str, log: WorkLog) -> WorkLog:
    """Delete `log`: it counts and waits no more; what it said stays in its events.

    The same `key` gives the first result again. Raises NotPermitted, KeyReused, LogClosed.
    """
    with transaction.atomic():
        require(viewer, Permission.LOG_WORK, on=log)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="delete_work_log",
            request={"log": str(log.pk)},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return WorkLog.objects.get(pk=log.pk)
        lock_books([log.apprenticeship_id])
        now = _still_open(log)
        _moved(now, WorkLogState.DELETED)
        note([now], WorkLogEventKind.DELETED, viewer=viewer, act=begun.act)
        finish_act(begun.act, [now.pk])
        return now


def note(
    logs: Iterable[WorkLog],
    kind: WorkLogEventKind,
    *,
    viewer: Viewer,
    act: Act,
    comments: Mapping[uuid.UUID, str] | None = None,
) -> None:
    """Keep what happened to `logs`, as they are now; `comments` by row."""
    WorkLogEvent.objects.bulk_create(
        WorkLogEvent(
            log=log,
            kind=kind,
            by=viewer.person,
            at=viewer.at,
            worked_on=log.worked_on,
            worksite_id=log.worksite_id,
            skill_set_id=log.skill_set_id,
            hours=log.hours,
            comment=(comments or {}).get(log.pk, ""),
            act=act,
        )
        for log in logs
    )


def _fetch_what_is_asked(lines: Sequence[WorkLine]) -> None:
    prefetch_related_objects([line.apprenticeship for line in lines], "sponsor", "terms")
    prefetch_related_objects([line.worksite for line in lines], "employer")


def _as_request(line: WorkLine) -> dict[str, Any]:
    return {
        "apprenticeship": str(line.apprenticeship.pk),
        "worked_on": line.worked_on.isoformat(),
        "worksite": str(line.worksite.pk),
        "skill_set": str(line.skill_set.pk),
        "hours": str(line.hours),
    }


def _row(line: WorkLine) -> WorkLog:
    return WorkLog(
        apprenticeship=line.apprenticeship,
        worked_on=line.worked_on,
        worksite=line.worksite,
        skill_set=line.skill_set,
        hours=line.hours,
    )


def _earlier(act: Act) -> list[WorkLog]:
    found = WorkLog.objects.in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _still_open(log: WorkLog) -> WorkLog:
    """The row as it is under the lock. Raises LogClosed where nobody may change it any more."""
    now = WorkLog.objects.select_related("apprenticeship__sponsor").get(pk=log.pk)
    if not now.is_under_way:
        raise LogClosed
    return now


def _moved(log: WorkLog, state: WorkLogState) -> None:
    log.state = state
    log.revision += 1
    log.save(update_fields=["worked_on", "worksite", "skill_set", "hours", "state", "revision"])


def _refuse_wrong_input(viewer: Viewer, lines: Sequence[WorkLine]) -> None:
    problems = [] if lines else [WorkProblem(0, "lines", _("Enter at least one day."))]
    seen = set()
    for place, line in enumerate(lines):
        problems += [WorkProblem(place, name, message) for name, message in problems_of(viewer, line)]
        same = (line.day, line.worksite.pk, line.skill_set.pk)
        if same in seen:
            problems.append(WorkProblem(place, "skill_set", _("This day, worksite and skill set are here twice.")))
        seen.add(same)
    if problems:
        raise WorkInvalid(problems)


def _refuse_wrong_state(lines: Sequence[WorkLine], *, leaving_out: WorkLog | None = None) -> None:
    """Compare with what stands and waits on those days; the books are locked, so it stays so."""
    if problems := conflicts_of(lines, leaving_out=leaving_out):
        raise WorkConflict(problems)


def conflicts_of(lines: Sequence[WorkLine], *, leaving_out: WorkLog | None = None) -> list[WorkProblem]:
    """What of `lines` clashes with what the books say of those days and with what waits.

    As many queries at any number of lines.
    """
    days = {line.day for line in lines}
    approved, others = approved_on(days), other_hours_on(days)
    breaks = breaks_of({line.apprenticeship.pk for line in lines})
    logged: dict[DayOfBook, Decimal] = defaultdict(Decimal)
    known = {}
    for log in _under_way_on(days, leaving_out):
        logged[log.apprenticeship_id, log.worked_on] += log.hours
        known[log.apprenticeship_id, log.worked_on, log.worksite_id, log.skill_set_id] = log
    for line in lines:
        logged[line.day] += line.hours
    problems = []
    for place, line in enumerate(lines):
        if why := rested_on(line.worked_on, breaks[line.apprenticeship.pk]):
            problems.append(WorkProblem(place, "worked_on", why))
        elif line.day in approved:
            message = _("This day is approved already. If it is wrong, ask your mentor to take the hours back first.")
            problems.append(WorkProblem(place, "worked_on", message))
        elif earlier := known.get((*line.day, line.worksite.pk, line.skill_set.pk)):
            message = _("This is logged already, with %(hours)s hours. Change that line instead.")
            problems.append(WorkProblem(place, "skill_set", message % {"hours": plain_hours(earlier.hours)}))
        elif too := too_long(line.apprenticeship, work=logged[line.day], other=others.get(line.day, Decimal(0))):
            problems.append(WorkProblem(place, "hours", too))
    return problems


def _under_way_on(days: Iterable[DayOfBook], leaving_out: WorkLog | None) -> Iterable[WorkLog]:
    days = set(days)
    rows = WorkLog.objects.under_way().filter(
        apprenticeship__in={book for book, _day in days}, worked_on__in={day for _book, day in days}
    )
    return rows.exclude(pk=leaving_out.pk) if leaving_out else rows
