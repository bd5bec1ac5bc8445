"""Sets across many books that are ready for the sponsor's verification, and how many are verified; two queries."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, SkillStanding, VerifiedSignOff
from apprenticeship.querysets import ApprenticeshipQuerySet
from competencies.models import Skill, SkillSet


@dataclass(frozen=True)
class SetsOfBook:
    """Of one book: the ids of the sets that are verified as they stand, and of those that are ready to be."""

    verified: frozenset[uuid.UUID] = frozenset()
    ready: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class ReadyLine:
    """One apprentice with the sets that the viewer may verify now."""

    apprenticeship: Apprenticeship
    sets: tuple[SkillSet, ...]


NOTHING = SetsOfBook()


def sets_of(scope: ApprenticeshipQuerySet, *, signer: uuid.UUID | None = None) -> Mapping[uuid.UUID, SetsOfBook]:
    """By book, which of its sets are verified and which are ready; two queries at any size.

    With `signer`, sets in which that person signed something that counts are not ready: somebody else verifies them.
    """
    covered = VerifiedSignOff.objects.standing().filter(sign_off=OuterRef("sign_off"))
    counted = (
        SkillStanding.objects.filter(apprenticeship__in=scope.order_by(), attained=True)
        .annotate(covered=Exists(covered))
        .values_list("apprenticeship", "skill__skill_set")
        .annotate(
            required=Count("pk", filter=Q(skill__required=True)),
            open=Count("pk", filter=Q(covered=False)),
            own=Count("pk", filter=Q(sign_off__signer=signer)),
        )
    )
    rows = list(counted)
    totals = dict(
        Skill.objects.filter(required=True, skill_set__in={row[1] for row in rows})
        .values_list("skill_set")
        .annotate(Count("pk"))
    )
    found: dict[uuid.UUID, tuple[set[uuid.UUID], set[uuid.UUID]]] = {}
    for book, skill_set, required, is_open, own in rows:
        verified, ready = found.setdefault(book, (set(), set()))
        if required == totals.get(skill_set, 0) and (not is_open or not (signer and own)):
            (ready if is_open else verified).add(skill_set)
    return {book: SetsOfBook(frozenset(verified), frozenset(ready)) for book, (verified, ready) in found.items()}


def ready_lines(scope: ApprenticeshipQuerySet, *, viewer: Viewer) -> list[ReadyLine]:
    """Who of `scope` has sets that `viewer` may verify now, by name; four queries at any size."""
    others = scope.exclude(apprentice=viewer.user_id)
    ready = {book: sets.ready for book, sets in sets_of(others, signer=viewer.user_id).items() if sets.ready}
    titles = SkillSet.objects.in_bulk({skill_set for sets in ready.values() for skill_set in sets})
    books = others.filter(pk__in=ready).select_related("apprentice", "cohort", "sponsor")
    return [
        ReadyLine(book, tuple(sorted((titles[pk] for pk in ready[book.pk]), key=lambda part: part.order)))
        for book in books.order_by(F("apprentice__name"), "pk")
    ]
