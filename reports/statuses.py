"""The status of an apprenticeship as its record shows it: the word, since when, and every change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.breaks import Break, breaks_in, days_run
from apprenticeship.models import AgencyNotice, Apprenticeship, Status, StatusChange
from apprenticeship.probation import ProbationEnds, ends_of
from apprenticeship.running import told_since
from apprenticeship.status import changes_of, in_probation_after
from reports.sealed import Sealed, sealed_of

WARNS_WITHIN = 30
"""How many days before a probation ends whoever runs the program is warned."""


@dataclass(frozen=True)
class ShownChange:
    """One change of the status, with its reason as far as the viewer may read it; of a cancellation whether it fell
    in probation, and the day on which the agency was told, if it was.
    """

    change: StatusChange
    reason: Sealed | None
    in_probation: bool
    told_on: date | None


@dataclass(frozen=True)
class ShownStatus:
    """What the record page tells of the status; `rests` is the sentence of one that is suspended or cancelled.

    `days_run` counts from the first day to today, without the `days_of_breaks`. `probation` says when one ends that
    the book is in, also while it rests, and `probation_days` in how many days that is, unless a break puts it off.
    """

    word: str
    since: date | None
    rests: str
    changes: Sequence[ShownChange]
    may_change: bool
    days_run: int
    days_of_breaks: int
    probation: ProbationEnds | None
    probation_days: int | None

    @property
    def probation_warns(self) -> bool:
        """Whether whoever may change the status is warned: the probation ends soon, is over, or is given too long."""
        if not self.may_change or self.probation is None:
            return False
        is_soon = self.probation_days is not None and self.probation_days <= WARNS_WITHIN
        return is_soon or self.probation.is_too_long


def status_of(book: Apprenticeship, *, viewer: Viewer) -> ShownStatus:
    """The status of `book` as `viewer` reads it, the newest change first; two queries, one where nothing changed."""
    changes = changes_of(book)
    since = changes[-1].on if changes else None
    may_read = permits(viewer, Permission.READ_SEALED_TEXT, on=book)
    breaks = breaks_in((change.on, change.status) for change in changes)
    end = viewer.today(book.sponsor) + timedelta(days=1)
    in_probation = in_probation_after([change.step for change in changes])
    probation = ends_of(book.terms, book.starts_on, breaks) if in_probation else None
    until = probation.first if probation else None
    return ShownStatus(
        word=book.get_status_display(),
        since=since,
        rests="" if book.is_running else told_since(book, book.status, since or book.starts_on),
        changes=_shown(changes, may_read=may_read),
        may_change=permits(viewer, Permission.CHANGE_STATUS, on=book),
        days_run=days_run(breaks, book.starts_on, end),
        days_of_breaks=sum(rest.days_within(book.starts_on, end) for rest in breaks if not _is_end(rest)),
        probation=probation,
        probation_days=(until - viewer.today(book.sponsor)).days if until else None,
    )


def _is_end(rest: Break) -> bool:
    """Whether it is no break but an end that was not taken back."""
    return rest.until is None and rest.status != Status.SUSPENDED


def _shown(changes: Sequence[StatusChange], *, may_read: bool) -> list[ShownChange]:
    """The changes as they are shown, the newest first; the newest notice of each counts."""
    notices = AgencyNotice.objects.filter(change__in=changes).order_by("at", "pk") if changes else ()
    told = {notice.change_id: notice.told_on for notice in notices}
    steps = [change.step for change in changes]
    shown = [
        ShownChange(
            change=change,
            reason=sealed_of(change.reason, may_read=may_read),
            in_probation=bool(change.cancelled_by) and in_probation_after(steps[:number]),
            told_on=told.get(change.pk),
        )
        for number, change in enumerate(changes)
    ]
    return shown[::-1]
