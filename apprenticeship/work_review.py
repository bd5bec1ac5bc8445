"""A mentor reviews logged work, a week of one or of several apprentices in one act.

Each row is approved as it is, approved with other hours for a reason that the apprentice reads, or sent back
with a comment. Approved hours are entries. All decisions or none.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act, SealedText
from acts.sealing import can_be_kept, seal_many
from apprenticeship.announcing import Telling, announce
from apprenticeship.breaks import breaks_of
from apprenticeship.models import (
    RecordHead,
    WorkHours,
    WorkLog,
    WorkLogEventKind,
    WorkLogState,
    Worksite,
)
from apprenticeship.plain_hours import is_within_a_day, plain_hours
from apprenticeship.qualified import require_qualified
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, Draft, TooManyEntries, append_many, lock_books
from apprenticeship.running import rested_on
from apprenticeship.verification import set_in_entry, standard_in_entry
from apprenticeship.work_days import (
    DayOfBook,
    WorkConflict,
    WorkInvalid,
    WorkProblem,
    approved_on,
    other_hours_on,
    too_long,
)
from apprenticeship.work_logging import note

LONGEST_WORDS = 2000
"""How many characters a reason or a comment may have."""


@dataclass(frozen=True)
class Decision:
    """What the mentor says of one row that they saw at its `revision`.

    `hours` are those that they approve; None sends it back. `words` are the reason of a change, or the comment.
    """

    log: WorkLog
    revision: int
    hours: Decimal | None
    words: str = ""

    @property
    def changes(self) -> bool:
        """Whether other hours are approved than were logged."""
        return self.hours is not None and self.hours != self.log.hours

    @property
    def approved(self) -> Decimal:
        """The hours that are approved; none where the row is sent back."""
        return Decimal(0) if self.hours is None else self.hours


def review_work(*, viewer: Viewer, key: str, decisions: Sequence[Decision]) -> list[WorkHours]:
    """Carry out all `decisions` or none; returns the approved hours in their order.

    The same `key` with the same decisions gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, WorkInvalid, WorkConflict, TooManyEntries; after any of them nothing is stored.
    As many queries at any number of rows.
    """
    if len(decisions) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    _fetch_what_is_asked(decisions)
    with transaction.atomic():
        for decision in decisions:
            _require_review(viewer, decision.log)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="review_work",
            request={"decisions": [_as_request(decision) for decision in decisions]},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, (decision.log.apprenticeship.sponsor for decision in decisions))
        _refuse_wrong_input(decisions)
        heads = lock_books(decision.log.apprenticeship_id for decision in decisions)
        _refuse_wrong_state(decisions)
        made = _write(decisions, viewer=viewer, act=begun.act, heads=heads)
        back = [decision.log.pk for decision in decisions if decision.hours is None]
        changed = [hours.pk for hours in made if hours.reason]
        announce(
            Telling.WORK_REVIEWED,
            act=begun.act,
            viewer=viewer,
            books=heads,
            approved=[hours.pk for hours in made],
            changed=changed,
            back=back,
        )
        finish_act(begun.act, [hours.pk for hours in made])
        return made


def _require_review(viewer: Viewer, log: WorkLog) -> None:
    """Return where `viewer` may approve this row: as a mentor who signs, whose qualification is entered."""
    require(viewer, Permission.APPROVE_WORK, on=log)
    require_qualified(viewer, log.apprenticeship, Permission.APPROVE_WORK)


def _fetch_what_is_asked(decisions: Sequence[Decision]) -> None:
    logs = [decision.log for decision in decisions]
    prefetch_related_objects(logs, "worksite__employer", "skill_set", "apprenticeship__sponsor")
    prefetch_related_objects([log.apprenticeship for log in logs], "mentorships", "terms__standard_version__standard")


def _as_request(decision: Decision) -> dict[str, Any]:
    return {
        "log": str(decision.log.pk),
        "revision": decision.revision,
        "hours": None if decision.hours is None else str(decision.hours),
        "words": decision.words.strip(),
    }


def _earlier(act: Act) -> list[WorkHours]:
    found = WorkHours.objects.select_related("entry").in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _refuse_wrong_input(decisions: Sequence[Decision]) -> None:
    problems = [] if decisions else [WorkProblem(0, "decisions", _("Choose at least one week."))]
    seen: set[uuid.UUID] = set()
    for place, decision in enumerate(decisions):
        problems += [WorkProblem(place, name, message) for name, message in _problems_of(decision)]
        if decision.log.pk in seen:
            problems.append(WorkProblem(place, "log", _("This line is in the list twice.")))
        seen.add(decision.log.pk)
    if problems:
        raise WorkInvalid(problems)


def _problems_of(decision: Decision) -> list[tuple[str, str]]:
    words = decision.words.strip()
    problems = []
    if decision.hours is not None and not is_within_a_day(decision.hours):
        problems.append(("hours", _("Enter the hours in quarters, more than 0 and at most 24, for example 7.5.")))
    if decision.hours is None and not words:
        problems.append(("words", _("Say what is to be put right; the apprentice will read it.")))
    elif decision.changes and not words:
        problems.append(("words", _("Say why you change the hours; the apprentice will read it.")))
    if len(words) > LONGEST_WORDS:
        problems.append(("words", _("Use at most %(most)s characters.") % {"most": LONGEST_WORDS}))
    if not can_be_kept(words):
        problems.append(("words", _("This contains signs that cannot be kept. Type it again.")))
    return problems


def _refuse_wrong_state(decisions: Sequence[Decision]) -> None:
    """Compare each row with what the mentor saw, and each day with what stands; the books are locked."""
    now = WorkLog.objects.in_bulk([decision.log.pk for decision in decisions])
    problems = []
    for place, decision in enumerate(decisions):
        log = now[decision.log.pk]
        seen = {decision.revision, decision.log.revision}  # both: its facts are written as they were loaded
        if log.state != WorkLogState.WAITING or seen != {log.revision}:
            message = _("This line is not what you saw: it was changed or answered meanwhile. Look at it again.")
            problems.append(WorkProblem(place, "revision", message))
    if not problems:
        problems = _rested_days(decisions) or _too_long_days(decisions)
    if problems:
        raise WorkConflict(problems)


def _rested_days(decisions: Sequence[Decision]) -> list[WorkProblem]:
    """The rows to approve of days on which the apprenticeship rested; to send such a row back stays possible."""
    breaks = breaks_of({decision.log.apprenticeship_id for decision in decisions})
    return [
        WorkProblem(place, "hours", why)
        for place, decision in enumerate(decisions)
        if decision.hours is not None
        and (why := rested_on(decision.log.worked_on, breaks[decision.log.apprenticeship_id]))
    ]


def _too_long_days(decisions: Sequence[Decision]) -> list[WorkProblem]:
    """The days that would get more hours than they may have, each named once."""
    approving: dict[DayOfBook, Decimal] = defaultdict(Decimal)
    first: dict[DayOfBook, tuple[int, Decision]] = {}
    for place, decision in enumerate(decisions):
        if decision.hours is not None:
            day = (decision.log.apprenticeship_id, decision.log.worked_on)
            approving[day] += decision.hours
            first.setdefault(day, (place, decision))
    standing, others = approved_on(approving.keys()), other_hours_on(approving.keys())
    problems = []
    for day, hours in approving.items():
        place, decision = first[day]
        work = hours + standing.get(day, Decimal(0))
        if why := too_long(decision.log.apprenticeship, work=work, other=others.get(day, Decimal(0))):
            problems.append(WorkProblem(place, "hours", why))
    return problems


def _write(
    decisions: Sequence[Decision], *, viewer: Viewer, act: Act, heads: Mapping[uuid.UUID, RecordHead]
) -> list[WorkHours]:
    approving = [decision for decision in decisions if decision.hours is not None]
    reasons = _sealed_reasons(approving, viewer)
    drafts = [_draft(viewer, decision, reasons.get(decision.log.pk)) for decision in approving]
    entries = append_many(drafts, viewer=viewer, act=act, heads=heads)
    made = [
        WorkHours(
            entry=entry,
            apprenticeship_id=decision.log.apprenticeship_id,
            log=decision.log,
            worked_on=decision.log.worked_on,
            worksite=decision.log.worksite,
            skill_set=decision.log.skill_set,
            hours=decision.approved,
            logged_hours=decision.log.hours,
            approved_by=viewer.person,
            reason=reasons.get(decision.log.pk),
        )
        for decision, entry in zip(approving, entries, strict=True)
    ]
    WorkHours.objects.bulk_create(made)
    _move((d.log for d in approving), WorkLogState.APPROVED)
    note((d.log for d in approving), WorkLogEventKind.APPROVED, viewer=viewer, act=act)
    back = [decision for decision in decisions if decision.hours is None]
    _move((d.log for d in back), WorkLogState.SENT_BACK)
    comments = {d.log.pk: d.words.strip() for d in back}
    note((d.log for d in back), WorkLogEventKind.SENT_BACK, viewer=viewer, act=act, comments=comments)
    return made


def _move(logs: Iterable[WorkLog], state: WorkLogState) -> None:
    WorkLog.objects.filter(pk__in=[log.pk for log in logs]).update(state=state)


def _sealed_reasons(approving: Sequence[Decision], viewer: Viewer) -> dict[uuid.UUID, SealedText]:
    changed = [decision for decision in approving if decision.changes]
    texts = [(decision.words.strip(), decision.log.sponsor_id) for decision in changed]
    sealed = seal_many(texts, at=viewer.at) if texts else []
    return {decision.log.pk: text for decision, text in zip(changed, sealed, strict=True)}


def _draft(viewer: Viewer, decision: Decision, reason: SealedText | None) -> Draft:
    log, book = decision.log, decision.log.apprenticeship
    return Draft(
        apprenticeship=book,
        kind="work_hours",
        role=acting_role(viewer, Permission.APPROVE_WORK, on=book),
        qualification=log.apprenticeship.qualification_of(viewer),
        body={
            "worked_on": log.worked_on.isoformat(),
            "worksite": worksite_in_entry(log.worksite),
            "skill_set": set_in_entry(log.skill_set),
            "hours": plain_hours(decision.approved),
            "logged": plain_hours(log.hours),
            "reason": reason.digest if reason else None,
            "standard": standard_in_entry(book.terms.standard_version),
            "terms": book.terms.number,
            "meaning": {"language": get_language() or "en", "text": meaning_of_work_hours()},
        },
    )


def worksite_in_entry(worksite: Worksite) -> dict[str, Any]:
    """A worksite as these entries carry it: with the employer, because both may be called alike elsewhere."""
    return {"id": str(worksite.pk), "name": worksite.name, "employer": worksite.employer.name}


def meaning_of_work_hours() -> str:
    """What approving says, in the active language; shown before it is done."""
    return _("I supervised this apprentice and approve these hours of work, on the days and skill sets stated.")
