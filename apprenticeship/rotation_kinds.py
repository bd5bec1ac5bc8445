"""The kind of entry of an assignment, how its row must agree with it, and where the apprentice is with all."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from apprenticeship.checked_rows import EntryLine
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship, Assignment
from apprenticeship.rotation import holding, standing, stays_of
from apprenticeship.verifying import Finding


def _assignments(apprenticeship: Apprenticeship) -> Iterable[Assignment]:
    rows = Assignment.objects.filter(apprenticeship=apprenticeship).in_order()
    return rows.select_related("replaces__entry")


def _describe(row: Assignment) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.employer.id": str(row.employer_id),
        "body.worksite.id": str(row.worksite_id),
        "body.role_track": row.role_track,
        "body.since": row.since.isoformat(),
        "body.until": row.until.isoformat() if row.until else None,
        "body.replaces": row.replaces.entry.sequence if row.replaces else None,
    }


ASSIGNMENT = RecordKind(code="assignment", rows=_assignments, describe=_describe)


def check_assignments(apprenticeship: Apprenticeship, entries: Sequence[EntryLine]) -> Iterable[Finding]:
    """What is off between the stays of a book and where its apprentice is said to be; two queries."""
    rows = stays_of([apprenticeship.pk])[apprenticeship.pk]
    last = max((entry.sequence for entry in entries if entry.kind == ASSIGNMENT.code), default=0)
    stays = standing(rows)
    for before, after in pairwise(stays):
        if before.since == after.since or (before.until is not None and before.until > after.since):
            yield Finding(after.entry.sequence, _("The stay overlaps the one before it."))
    now = Apprenticeship.objects.get(pk=apprenticeship.pk)
    said = holding(rows, now.places_as_of) if now.places_as_of else None
    if said and any(getattr(now, name) != value for name, value in said.items()):
        yield Finding(last, _("Employer, worksite and role track are not what the entries come to."))
