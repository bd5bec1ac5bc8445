"""The kind of entry of a change of status, how its row must agree with it, and the status with all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apprenticeship.checked_rows import EntryLine
from apprenticeship.ending import ENTRY_NAMES, in_entry
from apprenticeship.kinds import RecordKind, digest_or_none
from apprenticeship.models import Apprenticeship, Status, StatusChange
from apprenticeship.status import came_to, changes_of, in_probation_after
from apprenticeship.verifying import Finding


@dataclass(frozen=True)
class ChangedRow:
    """One change with the status before it, and whether it fell in the probation."""

    entry_id: Any
    change: StatusChange
    was: str
    in_probation: bool


def _changes(apprenticeship: Apprenticeship) -> Iterable[ChangedRow]:
    was: str = Status.REGISTERED
    steps: list[str] = []
    for change in changes_of(apprenticeship):
        yield ChangedRow(change.entry_id, change, was, _in_probation(steps))
        was = change.status
        steps.append(change.step)


def _in_probation(steps: Sequence[str]) -> bool:
    """As `in_probation_after`; steps that do not follow from one another are named by `check_status`."""
    try:
        return in_probation_after(steps)
    except ValueError:
        return False


def _describe_change(row: ChangedRow) -> Mapping[str, Any]:
    change = row.change
    extra = in_entry(change, in_probation=row.in_probation)
    return {
        "apprenticeship": str(change.apprenticeship_id),
        "by.id": str(change.by_id),
        "body.step": change.step,
        "body.was": row.was,
        "body.status": change.status,
        "body.on": change.on.isoformat(),
        "body.reason": digest_or_none(change.reason),
        "body.prepared_by.id": str(change.prepared_by_id) if change.prepared_by_id else None,
        **{f"body.{name}": extra.get(name) for name in ENTRY_NAMES},
    }


STATUS_CHANGE = RecordKind(code="status_change", rows=_changes, describe=_describe_change)


def check_status(apprenticeship: Apprenticeship, entries: Sequence[EntryLine]) -> Iterable[Finding]:
    """What is off between the status that stands and the changes of a book; two queries."""
    changes = changes_of(apprenticeship)
    last = max((entry.sequence for entry in entries if entry.kind == STATUS_CHANGE.code), default=0)
    try:
        after = came_to(change.step for change in changes)
    except ValueError:
        yield Finding(last, _("The changes of the status do not follow from one another."))
        return
    for change, status in zip(changes, after, strict=True):
        if change.status != status:
            yield Finding(change.entry.sequence, _("The status after the entry is not what its step leads to."))
    now = Apprenticeship.objects.values_list("status", flat=True).get(pk=apprenticeship.pk)
    if now != (after[-1] if after else Status.REGISTERED):
        yield Finding(last, _("The status that stands is not what the entries come to."))
