"""The status of an apprenticeship: which steps lead where, and the transition that takes one.

Registered, in probation, active, suspended, transferred, cancelled, completed (29 CFR 29.5(b)(19), 29.7(h)). Each
step is an entry; the status is what the entries come to.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act
from acts.sealing import can_be_kept, seal
from acts.statements import Ready
from apprenticeship import completing
from apprenticeship.announcing import Telling, announce
from apprenticeship.completion import Requirement
from apprenticeship.ending import NOTHING, Details, in_entry, problem_of
from apprenticeship.kinds import digest_or_none
from apprenticeship.limits import days_of
from apprenticeship.meaning import meaning_of_status
from apprenticeship.models import Apprenticeship, RecordHead, Status, StatusChange, StatusStep
from apprenticeship.record import Draft, append_many, lock_books
from apprenticeship.statuses import ENDED, RUNNING

LONGEST_REASON = 2000
"""How many characters the reason for a step may have."""


@dataclass(frozen=True)
class StepRule:
    """From which statuses a step leads where (None: back to what was before), and what it asks for.

    Of one that `tells_agency` the registration agency is told (29 CFR 29.5(b)(18)-(19)); who was told of a break
    or an end is told that it is over.
    """

    sources: frozenset[Status]
    target: Status | None
    needs_reason: bool = False
    tells_agency: bool = False


STEPS: Mapping[StatusStep, StepRule] = {
    StatusStep.PROBATION: StepRule(frozenset({Status.REGISTERED}), Status.PROBATIONARY),
    StatusStep.ACTIVATE: StepRule(frozenset({Status.REGISTERED, Status.PROBATIONARY}), Status.ACTIVE),
    StatusStep.SUSPEND: StepRule(
        frozenset({Status.PROBATIONARY, Status.ACTIVE}), Status.SUSPENDED, needs_reason=True, tells_agency=True
    ),
    StatusStep.RESUME: StepRule(frozenset({Status.SUSPENDED}), None, tells_agency=True),
    StatusStep.TRANSFER: StepRule(RUNNING | {Status.SUSPENDED}, Status.TRANSFERRED, tells_agency=True),
    StatusStep.CANCEL: StepRule(RUNNING | {Status.SUSPENDED}, Status.CANCELLED, needs_reason=True, tells_agency=True),
    StatusStep.COMPLETE: StepRule(completing.FROM, Status.COMPLETED, tells_agency=True),
    StatusStep.REINSTATE: StepRule(ENDED, None, needs_reason=True, tells_agency=True),
}

HELD = frozenset({StatusStep.SUSPEND, StatusStep.TRANSFER, StatusStep.CANCEL, StatusStep.COMPLETE})
"""The steps that can be taken back: what was before them is kept, and comes again."""

CHANGES = Ready(
    lambda book: (
        StatusChange.objects.filter(apprenticeship=book)
        .select_related("entry", "by", "reason", "prepared_by")
        .order_by("entry__sequence")
    ),
    "book",
)


class StatusInvalid(Exception):
    """Wrong input: a day that cannot be, or no usable reason. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class StatusConflict(Exception):
    """The step does not lead on from where the apprenticeship is, or the viewer saw another status.

    `now` is the status that stands. The edge answers 409.
    """

    def __init__(self, now: Status) -> None:
        super().__init__(now)
        self.now = now


def steps_from(status: str) -> list[StatusStep]:
    """The steps that are possible at `status`, in the order of the table."""
    return [step for step, rule in STEPS.items() if status in rule.sources]


def stacks(steps: Iterable[str]) -> Iterator[tuple[Status, ...]]:
    """After each of `steps`, from a book in which nothing was recorded, the status with those held beneath it.

    Raises ValueError at a step that does not lead on from where the ones before it came to.
    """
    held = [Status.REGISTERED]
    for step in map(StatusStep, steps):
        rule = STEPS[step]
        if held[-1] not in rule.sources:
            raise ValueError(step)
        if rule.target is None:
            held.pop()
        elif step in HELD:
            held.append(rule.target)
        else:
            held[-1] = rule.target
        yield tuple(held)


def came_to(steps: Iterable[str]) -> list[Status]:
    """The status after each of `steps`; raises ValueError as `stacks` does."""
    return [held[-1] for held in stacks(steps)]


def in_probation_after(steps: Sequence[str]) -> bool:
    """Whether the book stands in its probation after `steps`, also while it rests in it."""
    held = [*stacks(steps)][-1] if steps else ()
    return next((status for status in reversed(held) if status in RUNNING), None) == Status.PROBATIONARY


def change_status(
    *,
    viewer: Viewer,
    key: str,
    apprenticeship: Apprenticeship,
    step: StatusStep,
    on: date,
    reason: str = "",
    details: Details = NOTHING,
    seen: str,
) -> StatusChange:
    """Take `step` as of the sponsor's local day `on`; `seen` is the status that the viewer saw.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, StatusInvalid, StatusConflict; to complete also NotPrepared, PreparedByOneself,
    NotYetComplete (`completing`). After any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, permission_for(step, apprenticeship.status), on=apprenticeship)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="change_status",
            request={
                "apprenticeship": str(apprenticeship.pk),
                "step": step.value,
                "on": on.isoformat(),
                "reason": reason,
                "seen": seen,
                **details.in_request,
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return StatusChange.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [apprenticeship.sponsor])
        _refuse_reason(step, reason)
        heads = lock_books([apprenticeship.pk])
        was = Status(heads[apprenticeship.pk].apprenticeship.status)
        if was != seen or was not in STEPS[step].sources:
            raise StatusConflict(was)
        if permission_for(step, was) is Permission.COMPLETE:
            require(viewer, Permission.COMPLETE, on=apprenticeship)
        change, extra = _row(viewer, apprenticeship, step, on, reason, details)
        _write(change, was, extra, viewer=viewer, act=begun.act, heads=heads)
        announce(Telling.STATUS_CHANGED, act=begun.act, viewer=viewer, books=[apprenticeship.pk])
        finish_act(begun.act, [change.pk])
        return change


def _row(
    viewer: Viewer, book: Apprenticeship, step: StatusStep, on: date, reason: str, details: Details
) -> tuple[StatusChange, Mapping[str, Any]]:
    """The row of a step, unsaved, with what its entry says beyond what all say; the book is locked."""
    earlier = changes_of(book)
    _refuse_day(viewer, book, on, earlier)
    steps = [change.step for change in earlier]
    in_probation = in_probation_after(steps)
    _refuse_details(book, step, details, on, in_probation=in_probation)
    change = StatusChange(
        apprenticeship=book,
        step=step,
        status=came_to([*steps, step])[-1],
        on=on,
        by=viewer.person,
        reason=seal(reason, sponsor_id=book.sponsor_id, at=viewer.at) if reason else None,
        agency_due=agency_due(book, step, on),
        **vars(details),
    )
    extra = in_entry(change, in_probation=in_probation)
    if step == StatusStep.COMPLETE:
        prepared_by, met = completing.ready_to_sign(viewer, book)
        change.prepared_by = prepared_by
        extra = {**extra, "prepared_by": {"id": str(prepared_by.pk), "name": prepared_by.name}}
        extra["requirements"] = [_requirement_in_entry(requirement) for requirement in met]
    return change, extra


def _requirement_in_entry(requirement: Requirement) -> Mapping[str, Any]:
    """A requirement as the entry of a completion carries it, with the number of the decision it is met by."""
    decision = requirement.decision
    return {
        "code": requirement.code,
        "label": str(requirement.label),
        "detail": requirement.detail,
        "decision": decision.entry.sequence if decision else None,
    }


def agency_due(book: Apprenticeship, step: StatusStep, on: date) -> date | None:
    """The day by which the registration agency is told of `step` as of `on`; None where it need not be."""
    days = days_of(book.terms, "agency_notice_days")
    return on + timedelta(days=days) if STEPS[step].tells_agency else None


def _write(
    change: StatusChange,
    was: Status,
    extra: Mapping[str, Any],
    *,
    viewer: Viewer,
    act: Act,
    heads: Mapping[uuid.UUID, RecordHead],
) -> None:
    """The entry, its row, and the status as it stands now."""
    book = change.apprenticeship
    draft = Draft(
        apprenticeship=book,
        kind="status_change",
        role=acting_role(viewer, Permission.CHANGE_STATUS, on=book),
        body={
            "step": str(change.step),
            "was": was.value,
            "status": str(change.status),
            "on": change.on.isoformat(),
            "reason": digest_or_none(change.reason),
            **extra,
            "meaning": {"language": get_language() or "en", "text": meaning_of_status(change.step)},
        },
    )
    (change.entry,) = append_many([draft], viewer=viewer, act=act, heads=heads)
    change.save(force_insert=True)
    Apprenticeship.objects.filter(pk=book.pk).update(status=change.status)


def _refuse_reason(step: StatusStep, reason: str) -> None:
    if STEPS[step].needs_reason and not reason:
        raise StatusInvalid("reason", _("Say why; the apprentice will read it."))
    if len(reason) > LONGEST_REASON:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
        raise StatusInvalid("reason", too_long)
    if not can_be_kept(reason):
        raise StatusInvalid("reason", _("The reason contains signs that cannot be kept. Type it again."))


def _refuse_day(viewer: Viewer, book: Apprenticeship, on: date, earlier: list[StatusChange]) -> None:
    if on > viewer.today(book.sponsor):
        raise StatusInvalid("on", _("The date is in the future. Enter it once the day has come."))
    if on < book.starts_on:
        raise StatusInvalid("on", _("The date is before the apprenticeship began. Enter a later day."))
    if earlier and on < earlier[-1].on:
        raise StatusInvalid("on", _("The date is before that of the last change. Enter that day or a later one."))


def _refuse_details(book: Apprenticeship, step: StatusStep, details: Details, on: date, *, in_probation: bool) -> None:
    problem = problem_of(step, details, on=on, first=book.starts_on, in_probation=in_probation)
    if problem:
        raise StatusInvalid(*problem)


def permission_for(step: StatusStep, status: str) -> Permission:
    """Who may take `step` at `status`: only an administrator completes, and takes a completion back."""
    is_end = step == StatusStep.COMPLETE or (step == StatusStep.REINSTATE and status == Status.COMPLETED)
    return Permission.COMPLETE if is_end else Permission.CHANGE_STATUS


def changes_of(apprenticeship: Apprenticeship) -> list[StatusChange]:
    """All changes of the status in the order of the book, with their entry, people and sealed reason; one query."""
    return CHANGES(book=apprenticeship.pk)


def rebuild(apprenticeship: Apprenticeship) -> None:
    """Set the status again to what the changes in the book come to."""
    changes = changes_of(apprenticeship)
    status = changes[-1].status if changes else Status.REGISTERED
    Apprenticeship.objects.filter(pk=apprenticeship.pk).update(status=status)
