"""Whom a plan can expect: apprentices of the whole sponsor by cohort, the one that is planned for first."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, Cohort


@dataclass(frozen=True)
class PlanLine:
    """One apprentice of the form and whether they are expected."""

    id: uuid.UUID
    name: str
    ticked: bool


@dataclass(frozen=True)
class PlanGroup:
    """The apprentices of one cohort by name; `id` is blank for those who are in none.

    `is_whole` where everybody of the cohort is meant, whoever they are.
    """

    id: uuid.UUID | None
    name: str
    lines: tuple[PlanLine, ...]
    is_own: bool
    is_whole: bool

    @property
    def ticked(self) -> int:
        return len(self.lines) if self.is_whole else sum(line.ticked for line in self.lines)


def sponsor_people(cohort: Cohort, viewer: Viewer) -> Any:
    """The apprentices of the cohort's sponsor by name, but for oneself."""
    return (
        Apprenticeship.objects.visible_to(viewer)
        .filter(sponsor=cohort.sponsor_id)
        .exclude(apprentice=viewer.user_id)
        .select_related("apprentice", "cohort", "terms")
        .order_by("apprentice__name", "pk")
    )


def groups_of(
    books: Iterable[Apprenticeship], cohort: Cohort, *, ticked: Collection[str], whole: Collection[str]
) -> list[PlanGroup]:
    """`books` by cohort: the one that is planned for, the others by name, at last who is in none."""
    lines: dict[uuid.UUID | None, list[PlanLine]] = {}
    names: dict[uuid.UUID | None, str] = {}
    for book in books:
        names[book.cohort_id] = book.cohort.name if book.cohort else ""
        lines.setdefault(book.cohort_id, []).append(
            PlanLine(book.pk, book.apprentice.name, str(book.pk) in ticked or str(book.cohort_id) in whole)
        )
    order = sorted(lines, key=lambda pk: (pk != cohort.pk, pk is None, names[pk]))
    return [PlanGroup(pk, names[pk], tuple(lines[pk]), pk == cohort.pk, str(pk) in whole) for pk in order]
