"""A probation ends as the terms have it, and at the latest after a quarter of the term or a year; breaks put it off."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from apprenticeship.breaks import Break
from apprenticeship.models import Apprenticeship, Status, Terms
from apprenticeship.probation import ends_of, probation_ending
from tests.cast import STARTS_ON, TODAY, fresh, make_apprenticeship, make_person
from tests.record.every_kind import status_changed

FEBRUARY = Break(date(2026, 2, 1), date(2026, 3, 1), Status.SUSPENDED)
OPEN = Break(date(2026, 2, 1), None, Status.SUSPENDED)

ENDS: dict[str, tuple[int | None, int | None, list[Break], date | None, date | None, bool]] = {
    "a quarter of a year": (12, 3, [], date(2026, 4, 5), date(2026, 4, 6), False),
    "one year of a long term": (72, 12, [], date(2027, 1, 5), date(2027, 1, 5), False),
    "the terms give it too long": (12, 6, [], date(2026, 7, 5), date(2026, 4, 6), True),
    "nothing said": (None, None, [], None, date(2027, 1, 5), False),
    "a break in it": (12, 3, [FEBRUARY], date(2026, 5, 3), date(2026, 5, 4), False),
    "a break that lasts": (12, 3, [OPEN], None, None, False),
}


@pytest.mark.one_lane("sqlite")
@pytest.mark.parametrize("case", ENDS)
def test_the_shorter_of_both_is_the_latest_end(case: str) -> None:
    term, probation, breaks, planned, latest, too_long = ENDS[case]
    ends = ends_of(Terms(term_months=term, probation_months=probation), STARTS_ON, breaks)
    assert (ends.planned, ends.latest, ends.is_too_long) == (planned, latest, too_long)


@pytest.mark.one_lane("sqlite")
def test_the_numbers_are_those_of_the_terms() -> None:
    terms = Terms(term_months=12, signing_limits={"probation_most_percent": 50, "probation_most_months": 2})
    assert ends_of(terms, STARTS_ON, []).latest == date(2026, 3, 5)


def test_who_is_in_probation_that_ends_is_listed_the_soonest_first(
    terms: Terms, coordinator: User, request: pytest.FixtureRequest, django_assert_num_queries: Any
) -> None:
    Terms.objects.filter(pk=terms.pk).update(term_months=12, probation_months=2)
    apprenticeship: Apprenticeship = request.getfixturevalue("apprenticeship")
    sponsor = apprenticeship.sponsor
    twin, other = (make_apprenticeship(make_person(name, sponsor=sponsor), terms) for name in ("Tom Twin", "Al Other"))
    Apprenticeship.objects.filter(pk=twin.pk).update(starts_on=STARTS_ON - timedelta(days=30))
    for book in (apprenticeship, twin):
        status_changed(fresh(book), coordinator, "probation")
    status_changed(fresh(other), coordinator, "activate")
    with django_assert_num_queries(2):
        lines = probation_ending(sponsor, TODAY, 30)
    assert [(line.apprenticeship.pk, line.days) for line in lines] == [(twin.pk, -24), (apprenticeship.pk, 3)]
    assert [line.days for line in probation_ending(sponsor, TODAY, 2)] == [-24]
    status_changed(fresh(apprenticeship), coordinator, "suspend", reason="On leave.")
    assert [line.apprenticeship.pk for line in probation_ending(sponsor, TODAY, 30)] == [twin.pk]
