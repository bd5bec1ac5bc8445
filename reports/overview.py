"""Many apprentices, one line each: how far they are, when something was last signed, and who is stuck."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max

from apprenticeship.models import Apprenticeship, SkillStanding
from apprenticeship.querysets import ApprenticeshipQuerySet
from competencies.models import Skill

STALLED_AFTER = timedelta(days=28)
MOST_WORDS = 10


@dataclass(frozen=True)
class ApprenticeLine:
    """One apprentice's totals. `attained` of `total` counts required skills, parents and steps alike."""

    apprenticeship: Apprenticeship
    attained: int
    total: int
    last_signed_at: datetime | None
    today: date

    @property
    def name(self) -> str:
        return self.apprenticeship.apprentice.name

    @property
    def done(self) -> bool:
        """Whether every required skill is attained."""
        return self.attained >= self.total

    @property
    def last_day(self) -> date | None:
        """The sponsor's day on which something was last signed."""
        return self.apprenticeship.sponsor.local_date(self.last_signed_at) if self.last_signed_at else None

    @property
    def quiet_days(self) -> int:
        """Days since something was last signed; since the beginning where nothing ever was."""
        return (self.today - (self.last_day or self.apprenticeship.starts_on)).days

    @property
    def stalled(self) -> bool:
        """Whether nothing was signed for four weeks though something is left."""
        return not self.done and self.quiet_days >= STALLED_AFTER.days


def apprentice_lines(scope: ApprenticeshipQuerySet, *, at: datetime) -> tuple[ApprenticeLine, ...]:
    """A line for every apprenticeship in `scope`, in its order; four queries at any size.

    `scope` is what the asker may see; nothing here widens or narrows it.
    """
    rows = list(scope.select_related("sponsor", "apprentice", "terms__program", "cohort", "worksite"))
    attained = dict(
        SkillStanding.objects.filter(apprenticeship__in=scope.order_by(), attained=True, skill__required=True)
        .values_list("apprenticeship")
        .annotate(Count("pk"))
    )
    last = last_signed(scope)
    totals = required_skills(row.terms.standard_version_id for row in rows)
    return tuple(
        ApprenticeLine(
            apprenticeship=row,
            attained=attained.get(row.pk, 0),
            total=totals.get(row.terms.standard_version_id, 0),
            last_signed_at=last.get(row.pk),
            today=row.sponsor.local_date(at),
        )
        for row in rows
    )


def last_signed(scope: ApprenticeshipQuerySet) -> dict[uuid.UUID, datetime]:
    """When the latest of the signatures that stand was recorded, by apprenticeship; none stands, no key. One query.

    What was taken back, for whatever reason, ends no silence.
    """
    live = SkillStanding.objects.filter(apprenticeship__in=scope.order_by(), sign_off__isnull=False)
    return dict(live.values_list("apprenticeship").annotate(Max("sign_off__entry__recorded_at")))


def required_skills(version_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many required skills each standard version has; one query."""
    counted = Skill.objects.filter(required=True, skill_set__version__in=set(version_ids))
    return dict(counted.values_list("skill_set__version").annotate(Count("pk")))


def named_like(scope: ApprenticeshipQuerySet, query: str) -> ApprenticeshipQuerySet:
    """Those of `scope` whose apprentice's name holds every word of `query`, in whatever order.

    PostgreSQL takes no NUL in a text; beyond ten words nobody looks for a name.
    """
    for word in query.replace("\x00", " ").split()[:MOST_WORDS]:
        scope = scope.filter(apprentice__name__icontains=word)
    return scope
