"""An apprentice logs a day on the phone, a mentor approves the week, and the coordinator sees it."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 320


def assert_fine(page: Page) -> None:
    assert_accessible(page)
    assert sideways(page) == 0


def test_a_day_is_logged_approved_and_seen(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, coordinator: User
) -> None:
    phone = enter(apprenticeship.apprentice, f"/records/{apprenticeship.pk}/on-the-job/log/", width=PHONE)
    assert_fine(phone)
    phone.get_by_label("Hours").fill("7.5")
    phone.get_by_label("Skill set").select_option(index=1)
    phone.get_by_role("button", name="Log these hours").click()
    expect(phone.get_by_text("Waits for a mentor", exact=True)).to_be_visible()
    assert_fine(phone)
    week = enter(mentor, "/mentor/", width=PHONE)
    week.get_by_role("link", name="1 week waits for you").click()
    week.get_by_role("checkbox", name="Rosa Diaz").check()
    assert_fine(week)
    week.get_by_role("button", name="Approve 1 week").click()
    expect(week.get_by_text("1 line approved.")).to_be_visible()
    desk = enter(coordinator, f"/records/{apprenticeship.pk}/on-the-job/", width=PHONE)
    expect(desk.get_by_text("approved by Maria Alvarez")).to_be_visible()
    assert_fine(desk)
    desk.get_by_role("link", name="Month page").click()
    expect(desk.get_by_role("cell", name="Maria Alvarez")).to_be_visible()
    assert_fine(desk)
