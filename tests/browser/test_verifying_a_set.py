"""A coordinator verifies a set, a mentor signs one of its skills again, and the pages say what is no longer covered."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import SkillSet
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.pages.sheets import address
from tests.record.every_kind import sign_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_signed_again_is_no_longer_covered(
    enter: Enter, apprenticeship: Apprenticeship, cohort: Cohort, mentor: User, coordinator: User
) -> None:
    sign_set(apprenticeship, mentor, 7)
    part = SkillSet.objects.get(version=apprenticeship.terms.standard_version_id, order=7)
    page = enter(coordinator, f"/records/{apprenticeship.pk}/sets/{part.pk}/verify/", width=320)
    assert_accessible(page)
    page.get_by_role("button", name="Verify as Carol Jones").click()
    expect(page.get_by_text("1 of 12 sets verified").first).to_be_visible()
    grid = enter(coordinator, f"/cohorts/{cohort.pk}/", width=320)
    cell = grid.locator('td[data-set="7"]')
    expect(cell).to_contain_text("verified by the sponsor")
    assert_accessible(grid)

    sheet = enter(mentor, address(apprenticeship, "7.1"), width=320)
    sheet.locator("form > .levels label.attained").first.click()
    sheet.get_by_role("radio", name="I watched the work").check()
    sheet.get_by_role("radio", name="Today").check()
    sheet.get_by_role("button", name="Sign as Maria Alvarez").click()
    expect(sheet.get_by_text("Signed:").first).to_be_visible()
    page.goto(page.url.split("/records/")[0] + f"/records/{apprenticeship.pk}/verified/")
    expect(page.get_by_text("7.1 was signed again").first).to_be_visible()
    assert_accessible(page)
    grid.reload()
    expect(cell).to_contain_text("changed since the sponsor verified it")
