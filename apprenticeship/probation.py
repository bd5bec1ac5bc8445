"""When a probation ends: as the terms have it, and at the latest by the law (29 CFR 29.5(b)(8)).

It is the first part of the term, so its clock begins with the apprenticeship; breaks stand still. The law allows a
quarter of the term or one year, whichever is shorter; both numbers are data of the terms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Sponsor
from apprenticeship.breaks import Break, breaks_of, put_off
from apprenticeship.limits import number_of
from apprenticeship.models import Apprenticeship, Status, Terms
from apprenticeship.standing import add_months


@dataclass(frozen=True)
class ProbationEnds:
    """The day on which a probation ends by its terms, and the latest that the law allows; each the first day after it.

    `planned` is blank where the terms say nothing; both are blank while a break puts them off. `is_too_long`: the
    terms give it longer than the law.
    """

    planned: date | None
    latest: date | None
    is_too_long: bool

    @property
    def first(self) -> date | None:
        """The day that comes first; None while a break puts them off."""
        return min((day for day in (self.planned, self.latest) if day), default=None)


@dataclass(frozen=True)
class ProbationLine:
    """One apprentice in probation, the day on which it ends, and in how many days; negative where it is over."""

    apprenticeship: Apprenticeship
    ends: ProbationEnds
    on: date
    days: int


def ends_of(terms: Terms, starts_on: date, breaks: Sequence[Break]) -> ProbationEnds:
    """When the probation of a book under `terms` ends that began on `starts_on` and had these breaks."""
    latest = _latest(terms, starts_on)
    planned = add_months(starts_on, terms.probation_months) if terms.probation_months is not None else None
    return ProbationEnds(
        planned=put_off(planned, breaks, since=starts_on) if planned else None,
        latest=put_off(latest, breaks, since=starts_on),
        is_too_long=planned is not None and planned > latest,
    )


def _latest(terms: Terms, starts_on: date) -> date:
    """The latest end without any break; where the terms name no length, the months alone limit it."""
    most = add_months(starts_on, number_of(terms, "probation_most_months"))
    if terms.term_months is None:
        return most
    term = (add_months(starts_on, terms.term_months) - starts_on).days
    return min(most, starts_on + timedelta(days=term * number_of(terms, "probation_most_percent") // 100))


def probation_ending(sponsor: Sponsor, today: date, within: int) -> list[ProbationLine]:
    """Who of `sponsor` is in probation that ends within so many days from `today`, or is over; the soonest first.

    Only a probation that the book records counts, and none that a break puts off. Two queries at any size.
    """
    books = list(
        Apprenticeship.objects.filter(sponsor=sponsor, status=Status.PROBATIONARY).select_related(
            "apprentice", "cohort", "sponsor", "terms__program"
        )
    )
    breaks = breaks_of(book.pk for book in books)
    lines = (_line(book, breaks[book.pk], today) for book in books)
    ending = [line for line in lines if line and line.days <= within]
    return sorted(ending, key=lambda line: (line.on, line.apprenticeship.apprentice.name, str(line.apprenticeship.pk)))


def _line(book: Apprenticeship, breaks: Iterable[Break], today: date) -> ProbationLine | None:
    ends = ends_of(book.terms, book.starts_on, list(breaks))
    return ProbationLine(book, ends, ends.first, (ends.first - today).days) if ends.first else None
