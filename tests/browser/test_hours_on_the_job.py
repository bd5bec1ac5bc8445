"""An apprentice logs a day on the phone, a mentor approves the week, and the coordinator sees it."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from apprenticeship.models import Apprenticeship, MonthSignature
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.working import WORKDAY, approved, work_line

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


def test_a_month_is_signed_from_the_phone(enter: Enter, apprenticeship: Apprenticeship, mentor: User) -> None:
    approved(mentor, work_line(apprenticeship, day=WORKDAY))
    phone = enter(mentor, "/mentor/", width=PHONE)
    phone.get_by_role("link", name="Rosa Diaz: sign February 2026").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("February 2026: 8 h")
    assert_fine(phone)
    phone.get_by_role("button", name="Sign this month").click()
    expect(phone.get_by_text("Maria Alvarez, 8 h, entry 2")).to_be_visible()
    assert MonthSignature.objects.get().by == mentor
    assert_fine(phone)
    phone.go_back()
    phone.reload()
    expect(phone.get_by_text("This month is signed, and nothing has changed since.")).to_be_visible()
