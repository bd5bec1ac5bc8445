"""What stands beside class hours in one book, as its page shows it: newest first, with what was taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from apprenticeship.evidence_shown import ShownFile, shown
from apprenticeship.models import Apprenticeship
from apprenticeship.taken import plain_points
from instruction.models import OtherHours, TopicSignOff, TopicTest, TopicWaiver
from instruction.rolls import TakenBackHours
from instruction.sums import plain_hours


@dataclass(frozen=True)
class ShownFact:
    """One entry about a topic: what it is, in words, and what the viewer may know and do of it.

    `reason` is that of a waiver, blank where the viewer may not read it.
    """

    row: Any
    files: tuple[ShownFile, ...]
    reason: str
    taken_back: TakenBackHours | None
    may_void: bool

    @property
    def hours(self) -> str:
        return plain_hours(self.row.hours)

    @property
    def day(self) -> date | None:
        """The day that a document names, or that of a test."""
        found: date | None = getattr(self.row, "earned_on", None) or getattr(self.row, "taken_on", None)
        return found

    @property
    def points(self) -> str:
        """ "41 / 40": the score and the pass mark; blank where the test knows no points."""
        if self.row.score is None:
            return ""
        return f"{plain_points(self.row.score)} / {plain_points(self.row.pass_mark)}"


@dataclass(frozen=True)
class EarnedOtherwise:
    """Everything beside class hours in one book."""

    other_hours: tuple[ShownFact, ...]
    waivers: tuple[ShownFact, ...]
    tests: tuple[ShownFact, ...]
    sign_offs: tuple[ShownFact, ...]


def earned_otherwise(book: Apprenticeship, *, viewer: Viewer) -> EarnedOtherwise:
    """What stands beside class hours in `book`; seven queries."""
    hours = OtherHours.objects.filter(apprenticeship=book).with_all()
    related = ("file", "thumbnail", "name", "uploaded_by")
    files = hours.prefetch_related(*(f"evidence_uses__evidence__{name}" for name in related))
    waivers = TopicWaiver.objects.filter(apprenticeship=book).with_all().select_related("reason")
    return EarnedOtherwise(
        other_hours=_facts(files, book, viewer),
        waivers=_facts(waivers, book, viewer),
        tests=_facts(TopicTest.objects.filter(apprenticeship=book).with_all(), book, viewer),
        sign_offs=_facts(TopicSignOff.objects.filter(apprenticeship=book).with_all(), book, viewer),
    )


def _facts(rows: Iterable[Any], book: Apprenticeship, viewer: Viewer) -> tuple[ShownFact, ...]:
    reads_sealed = permits(viewer, Permission.READ_SEALED_TEXT, on=book)
    may_void = permits(viewer, Permission.RECORD_HOURS, on=book)
    found = []
    for row in rows:
        uses = sorted(row.evidence_uses.all(), key=lambda use: use.pk) if isinstance(row, OtherHours) else []
        taken_back = _taken_back(row, reads_sealed=reads_sealed)
        found.append(
            ShownFact(
                row=row,
                files=tuple(shown([use.evidence for use in uses], book=book, viewer=viewer)),
                reason=row.reason.text if reads_sealed and isinstance(row, TopicWaiver) else "",
                taken_back=taken_back,
                may_void=may_void and taken_back is None,
            )
        )
    return tuple(reversed(found))


def _taken_back(row: Any, *, reads_sealed: bool) -> TakenBackHours | None:
    void = getattr(row.entry, "voided_by_instruction", None)
    if void is None:
        return None
    return TakenBackHours(
        by=void.by.name,
        at=void.entry.recorded_at,
        text=void.reason.text if reads_sealed else "",
        hidden=not reads_sealed,
        removed=void.reason.removed_at is not None,
    )
