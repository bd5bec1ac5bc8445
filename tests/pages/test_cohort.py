"""The grid of a cohort: who is where, at a glance."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Sponsor, User
from accounts.states import State
from acts.sheet_files import safe
from apprenticeship.models import Apprenticeship, Cohort, RevocationKind, SkillStanding, Terms
from apprenticeship.takingback import take_back
from reports.cohorts import CohortGrid, GridCell, Order, cohort_cards, cohort_grid, last_months
from tests.cast import NOW, make_apprenticeship, make_mentorship, make_person, signed, viewer_for

At = Callable[[User], Client]


def grid_of(coordinator: User, cohort: Cohort, order: Order = Order.NAME) -> CohortGrid:
    scope = Apprenticeship.objects.visible_to(viewer_for(coordinator)).filter(cohort=cohort)
    return cohort_grid(scope, at=NOW, order=order)


def cells_of(grid: CohortGrid, name: str = "Rosa Diaz") -> tuple[GridCell, ...]:
    return next(row.cells for panel in grid.panels for row in panel.rows if row.line.name == name)


def join(cohort: Cohort, terms: Terms, mentor: User, name: str) -> Apprenticeship:
    """One more apprentice of the cohort, with the same mentor."""
    book = make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=cohort.sponsor), terms)
    Apprenticeship.objects.filter(pk=book.pk).update(cohort=cohort)
    make_mentorship(book, mentor)
    return book


def test_each_set_is_a_column_with_its_number_of_skills(
    apprenticeship: Apprenticeship, coordinator: User, cohort: Cohort
) -> None:
    (panel,) = grid_of(coordinator, cohort).panels
    assert [column.total for column in panel.columns] == [6, 4, 6, 8, 2, 5, 2, 5, 3, 3, 1, 4]
    assert [span for _track, span in panel.tracks] == [1, 3, 3, 4, 1]


def test_a_signature_shows_in_its_cell(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort
) -> None:
    signed(apprenticeship, mentor, "1.1")
    signed(apprenticeship, mentor, "8.1", level="with-coaching")
    signed(apprenticeship, mentor, "11.1")
    cells = cells_of(grid_of(coordinator, cohort))
    assert [(c.attained, c.total, c.state) for c in (cells[0], cells[1], cells[7], cells[10])] == [
        (1, 6, State.IN_TRAINING),
        (0, 4, State.NOT_STARTED),
        (0, 5, State.IN_TRAINING),
        (1, 1, State.SIGNED_OFF),
    ]


def test_what_fell_back_shows_before_anything_else(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort
) -> None:
    made = signed(apprenticeship, mentor, "11.1")
    take_back(
        viewer=viewer_for(mentor), key="k", sign_off=made, kind=RevocationKind.NO_LONGER_STANDS, reason="Forgotten."
    )
    assert cells_of(grid_of(coordinator, cohort))[10].state == State.NO_LONGER_STANDS


def test_what_is_due_again_still_counts_and_says_so(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort
) -> None:
    signed(apprenticeship, mentor, "11.1")
    SkillStanding.objects.update(due_on=NOW.date())
    cell = cells_of(grid_of(coordinator, cohort))[10]
    assert (cell.attained, cell.state) == (1, State.DUE_AGAIN)


def test_a_parent_counts_only_with_its_steps(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort
) -> None:
    signed(apprenticeship, mentor, "4.1")
    assert cells_of(grid_of(coordinator, cohort))[3].attained == 0


def test_the_grid_takes_as_many_queries_for_fifty_as_for_one(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort, terms: Terms
) -> None:
    signed(apprenticeship, mentor, "1.1")
    with CaptureQueriesContext(connection) as one:
        grid_of(coordinator, cohort)
    for number in range(49):
        join(cohort, terms, mentor, f"Member{number} Crew")
    with CaptureQueriesContext(connection) as fifty:
        assert grid_of(coordinator, cohort).people == 50
    assert len(one) == len(fifty)


def test_people_are_ordered_by_name_progress_or_silence(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort, terms: Terms
) -> None:
    early = NOW - timedelta(days=20)
    signed(join(cohort, terms, mentor, "Abe Ames"), mentor, at=early, observed_on=early.date())
    signed(join(cohort, terms, mentor, "Zoe Zane"), mentor)
    assert names(grid_of(coordinator, cohort)) == ["Abe Ames", "Rosa Diaz", "Zoe Zane"]
    assert names(grid_of(coordinator, cohort, Order.PROGRESS)) == ["Rosa Diaz", "Abe Ames", "Zoe Zane"]
    assert names(grid_of(coordinator, cohort, Order.ACTIVITY))[-1] == "Zoe Zane"


def names(grid: CohortGrid) -> list[str]:
    return [row.line.name for panel in grid.panels for row in panel.rows]


def test_the_page_shows_the_cells_and_leads_to_the_records(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort, at: At
) -> None:
    signed(apprenticeship, mentor, "1.1")
    page = at(coordinator).get(f"/cohorts/{cohort.pk}/").content.decode()
    assert "</svg> 1/6</td>" in page
    assert f"/records/{apprenticeship.pk}/" in page
    assert f"/cohorts/{cohort.pk}/class-hours/" in page


def test_an_auditor_sees_the_grid_and_no_act(
    apprenticeship: Apprenticeship, cohort: Cohort, auditor: User, at: At
) -> None:
    page = at(auditor).get(f"/cohorts/{cohort.pk}/").content.decode()
    assert "Rosa Diaz" in page
    assert "class-hours" not in page


def test_a_page_holds_fifty_people(cohort: Cohort, terms: Terms, mentor: User, coordinator: User, at: At) -> None:
    for number in range(51):
        join(cohort, terms, mentor, f"Member{number:02} Crew")
    browser = at(coordinator)
    first = browser.get(f"/cohorts/{cohort.pk}/").content.decode()
    second = browser.get(f"/cohorts/{cohort.pk}/", {"page": "2"}).content.decode()
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (50, 1)
    assert "51 apprentices" in second


def test_a_name_is_found_and_an_empty_cohort_explains_itself(
    apprenticeship: Apprenticeship, cohort: Cohort, coordinator: User, sponsor: Sponsor, at: At
) -> None:
    browser = at(coordinator)
    assert "Rosa Diaz" in browser.get(f"/cohorts/{cohort.pk}/", {"q": "diaz ros"}).content.decode()
    assert "Nobody found" in browser.get(f"/cohorts/{cohort.pk}/", {"q": "zebra"}).content.decode()
    empty = Cohort.objects.create(sponsor=sponsor, name="Empty")
    assert "Nobody in this cohort yet" in browser.get(f"/cohorts/{empty.pk}/").content.decode()


def test_the_spreadsheet_says_the_same_as_the_grid(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort, at: At
) -> None:
    signed(apprenticeship, mentor, "1.1")
    response = at(coordinator).get(f"/cohorts/{cohort.pk}/grid.csv")
    heading, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert response["Content-Disposition"] == 'attachment; filename="winter-2026-2026-03-02.csv"'
    assert heading[3] == "1. Workplace and Safety Orientation (of 6)"
    assert (row[0], row[3], row[15:18]) == ("Rosa Diaz", "1", ["1", "49", "0"])


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_a_spreadsheet_is_a_formula(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


def test_a_name_that_looks_like_a_formula_stays_a_name(
    cohort: Cohort, terms: Terms, mentor: User, coordinator: User, at: At
) -> None:
    book = join(cohort, terms, mentor, "Formula Fred")
    User.objects.filter(pk=book.apprentice_id).update(name="=HYPERLINK(1)")
    file = at(coordinator).get(f"/cohorts/{cohort.pk}/grid.csv").content.decode("utf-8-sig")
    assert "\r\n'=HYPERLINK(1)," in file


def test_a_card_counts_what_was_signed_by_month(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User, cohort: Cohort
) -> None:
    early = NOW - timedelta(days=30)
    signed(apprenticeship, mentor, "1.1", at=early, observed_on=early.date())
    signed(apprenticeship, mentor, "1.2")
    signed(apprenticeship, mentor, "1.3")
    (card,) = cohort_cards([cohort], Apprenticeship.objects.visible_to(viewer_for(coordinator)), at=NOW)
    assert card.months[-3:] == (1, 0, 2)
    assert card.bars[-1] == (11, 10)


def test_the_months_of_a_year_run_over_its_turn() -> None:
    assert last_months(date(2026, 2, 28), 3) == [(2025, 12), (2026, 1), (2026, 2)]


def test_a_search_says_how_many_of_the_cohort_it_shows(
    cohort: Cohort, apprenticeship: Apprenticeship, terms: Terms, mentor: User, coordinator: User, at: At
) -> None:
    Apprenticeship.objects.filter(pk=apprenticeship.pk).update(cohort=cohort)
    join(cohort, terms, mentor, "Omar Haddad")
    assert "1 of 2 apprentices" in at(coordinator).get(f"/cohorts/{cohort.pk}/?q=omar").content.decode()
    assert "0 of 2 apprentices" in at(coordinator).get(f"/cohorts/{cohort.pk}/?q=zzz").content.decode()
