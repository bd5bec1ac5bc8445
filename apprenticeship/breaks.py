"""The days on which an apprenticeship rests, and the time of the program without them.

A book rests from the day of a suspension or cancellation until the day on which it is resumed or reinstated; that
day runs again. Days are the sponsor's local ones, and every interval is half-open.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apprenticeship.models import StatusChange
from apprenticeship.statuses import RUNNING, Status


@dataclass(frozen=True)
class Break:
    """From `since` until before `until` the book rested; it still does where `until` is None.

    `status` is the one in which the break began, and of a suspension that was cancelled the suspension.
    """

    since: date
    until: date | None
    status: Status

    def covers(self, day: date) -> bool:
        """Whether the book rested on `day`."""
        return self.since <= day and (self.until is None or day < self.until)

    def days_within(self, first: date, end: date) -> int:
        """How many of its days lie in the half-open interval from `first` until `end`."""
        until = end if self.until is None else min(self.until, end)
        return max((until - max(self.since, first)).days, 0)


def breaks_of(books: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[Break]]:
    """The breaks of each of `books` in their order, empty where it never rested; one query, none for no book."""
    steps: dict[uuid.UUID, list[tuple[date, str]]] = {book: [] for book in books}
    if steps:
        changes = StatusChange.objects.filter(apprenticeship__in=steps).in_order()
        for book, on, status in changes.values_list("apprenticeship", "on", "status"):
            steps[book].append((on, status))
    return {book: breaks_in(taken) for book, taken in steps.items()}


def breaks_in(changes: Iterable[tuple[date, str]]) -> list[Break]:
    """The breaks that these changes come to: each its day and the status after it, in the order of the book.

    What began and ended on one day is none.
    """
    found: list[Break] = []
    began: tuple[date, Status] | None = None
    for on, status in changes:
        if status not in RUNNING:
            began = began or (on, Status(status))
        elif began:
            if began[0] < on:
                found.append(Break(began[0], on, began[1]))
            began = None
    return [*found, Break(began[0], None, began[1])] if began else found


def days_run(breaks: Iterable[Break], first: date, end: date) -> int:
    """The days from `first` until before `end` on which the program ran; 0 where `end` is not after `first`."""
    return max((end - first).days - sum(rest.days_within(first, end) for rest in breaks), 0)


def put_off(day: date, breaks: Iterable[Break], *, since: date) -> date | None:
    """`day`, later by every break since `since` that began before it; None while such a break lasts.

    So a clock of months that began at `since` ends at that day. `breaks` are in their order.
    """
    for rest in breaks:
        if rest.since >= day or (rest.until is not None and rest.until <= since):
            continue
        if rest.until is None:
            return None
        day += timedelta(days=(rest.until - max(rest.since, since)).days)
    return day
