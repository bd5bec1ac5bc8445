"""The ratio of apprentices to journeyworkers at each worksite, as their terms set it (29 CFR 29.5(b)(7)).

Each program's apprentices at a worksite need so many journeyworkers as its terms say, rounded up; together no
more than were counted there last. It is shown, never enforced: nobody's training stops for it.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.auditing import note_event
from apprenticeship.mentors_shown import assigned_by
from apprenticeship.models import Apprenticeship, Headcount, Worksite
from apprenticeship.querysets import ApprenticeshipQuerySet
from apprenticeship.statuses import RUNNING

MOST = 10_000
"""More journeyworkers than this are a slip of the keyboard."""


class HeadcountInvalid(Exception):
    """Wrong input; nothing was kept. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class SiteRatio:
    """One worksite: its apprentices in training, the journeyworkers that they need, and those who were counted."""

    worksite: Worksite
    apprentices: int
    needed: int
    counted: int | None
    counted_on: date | None

    @property
    def is_breach(self) -> bool:
        """Whether fewer were counted than are needed; nobody counted yet is unknown, not a breach."""
        return self.counted is not None and self.counted < self.needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - (self.counted or 0))


def count_journeyworkers(*, viewer: Viewer, key: str, worksite: Worksite, on: date, number: int) -> Headcount:
    """Keep that the worksite had `number` journeyworkers as of the local day `on`; earlier counts stay to be read.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    HeadcountInvalid; after any of them nothing is stored.
    """
    sponsor = worksite.employer.sponsor
    with transaction.atomic():
        require(viewer, Permission.ASSIGN, on=sponsor)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="count_journeyworkers",
            request={"worksite": str(worksite.pk), "on": on.isoformat(), "number": number},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Headcount.objects.get(pk=begun.act.result_ids[0])
        if on > viewer.today(sponsor):
            raise HeadcountInvalid("on", _("The date is in the future. Enter it once the day has come."))
        if not 0 <= number <= MOST:
            words = _("Enter a whole number from 0 to %(most)s.") % {"most": MOST}
            raise HeadcountInvalid("number", words)
        made = Headcount.objects.create(worksite=worksite, on=on, journeyworkers=number, at=viewer.at, by=viewer.person)
        note_event(
            "journeyworkers_counted",
            at=viewer.at,
            actor_id=viewer.user_id,
            sponsor_id=sponsor.pk,
            subject=f"worksite:{worksite.pk}",
            data={"on": on.isoformat(), "number": number},
        )
        finish_act(begun.act, [made.pk])
        return made


def ratios(books: ApprenticeshipQuerySet) -> list[SiteRatio]:
    """The worksites at which any of `books` learn in training under a ratio, breaches first; three queries.

    Everybody at such a worksite counts, whether among `books` or not.
    """
    sites = books.filter(status__in=RUNNING, worksite__isnull=False).order_by().values("worksite")
    there = Apprenticeship.objects.filter(worksite__in=sites, status__in=RUNNING, terms__ratio_apprentices__gt=0)
    groups = there.order_by().values_list("worksite", "terms__ratio_apprentices", "terms__ratio_journeyworkers")
    needs: dict[uuid.UUID, list[tuple[int, int]]] = defaultdict(list)
    for site, per, workers, number in groups.annotate(number=Count("pk")):
        needs[site].append((number, -(-number * workers // per)))
    latest = _latest(needs)
    found = [
        _site(worksite, needs[worksite.pk], latest.get(worksite.pk))
        for worksite in Worksite.objects.filter(pk__in=needs).select_related("employer")
    ]
    return sorted(found, key=lambda one: (not one.is_breach, one.counted is not None, str(one.worksite)))


def breaches(viewer: Viewer) -> list[SiteRatio]:
    """The worksites of the sponsors that `viewer` runs with fewer journeyworkers than the terms ask; three queries."""
    return [one for one in ratios(overseen(viewer)) if one.is_breach]


def overseen(viewer: Viewer) -> ApprenticeshipQuerySet:
    """The books whose places `viewer` assigns."""
    return Apprenticeship.objects.visible_to(viewer).filter(sponsor__in=assigned_by(viewer))


def _latest(sites: Iterable[uuid.UUID]) -> dict[uuid.UUID, Headcount]:
    """The count that holds at each worksite: of the latest day, and of several for it the one entered last."""
    rows = Headcount.objects.filter(worksite__in=list(sites)).order_by("on", "at", "pk")
    return {row.worksite_id: row for row in rows}


def _site(worksite: Worksite, groups: Iterable[tuple[int, int]], last: Headcount | None) -> SiteRatio:
    numbers = list(groups)
    return SiteRatio(
        worksite=worksite,
        apprentices=sum(number for number, _needed in numbers),
        needed=sum(needed for _number, needed in numbers),
        counted=last.journeyworkers if last else None,
        counted_on=last.on if last else None,
    )
