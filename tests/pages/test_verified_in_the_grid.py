"""The grid of a cohort says which sets of whom the sponsor has verified, and where that no longer covers all."""

import csv
import io
from collections.abc import Callable

from django.test import Client

from accounts.models import User
from apprenticeship.models import Apprenticeship, Cohort, SignOff
from apprenticeship.verification import void_verification
from reports.cohorts import GridCell, cohort_grid
from tests.cast import NOW, fresh, signed, viewer_for
from tests.record.every_kind import sign_set, verified_set

At = Callable[[User], Client]


def cell_of(coordinator: User, order: int = 7) -> GridCell:
    scope = Apprenticeship.objects.visible_to(viewer_for(coordinator))
    return cohort_grid(scope, at=NOW).panels[0].rows[0].cells[order - 1]


def marks(cell: GridCell) -> tuple[bool, bool]:
    return cell.verified, cell.changed


def test_a_set_is_marked_while_all_that_counts_is_covered(
    apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    sign_set(apprenticeship, mentor, 7)
    assert marks(cell_of(coordinator)) == (False, False)
    verification = verified_set(fresh(apprenticeship), coordinator, 7)
    assert marks(cell_of(coordinator)) == (True, False)
    assert marks(cell_of(coordinator, 6)) == (False, False)
    signed(apprenticeship, mentor, "7.1", replaces=SignOff.objects.get(skill__code="7.1").pk)
    assert marks(cell_of(coordinator)) == (False, True)
    void_verification(viewer=viewer_for(coordinator), key="void", verification=verification, reason="Wrong set.")
    assert marks(cell_of(coordinator)) == (False, False)


def test_the_page_and_the_spreadsheet_say_it(
    apprenticeship: Apprenticeship, cohort: Cohort, mentor: User, coordinator: User, at: At
) -> None:
    sign_set(apprenticeship, mentor, 7)
    verified_set(fresh(apprenticeship), coordinator, 7)
    assert at(coordinator).get(f"/cohorts/{cohort.pk}/").content.decode().count("verified by the sponsor") == 2
    file = at(coordinator).get(f"/cohorts/{cohort.pk}/grid.csv").content.decode("utf-8-sig")
    heading, row = csv.reader(io.StringIO(file))
    assert dict(zip(heading, row, strict=True))["Sets verified by the sponsor"] == "7"
