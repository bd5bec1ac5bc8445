"""A coordinator records a class, sees it, and takes one apprentice's hours back; the instructor finds it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from apprenticeship.models import Apprenticeship, Cohort
from tests.browser.accessibility import assert_accessible, sideways
from tests.cast import PASSWORD, make_person
from tests.instruction.classroom import attend, enroll

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_in(page: Page, who: User, address: str) -> None:
    page.goto(address)
    page.get_by_label("Sign-in name").fill(who.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def assert_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert sideways(page) == 0
    page.set_viewport_size({"width": 1280, "height": 900})


def test_hours_are_recorded_seen_and_taken_back(
    page: Page, live_server: Any, apprenticeship: Apprenticeship, cohort: Cohort, coordinator: User
) -> None:
    luis = make_person("Luis Ortiz", Role.APPRENTICE, sponsor=cohort.sponsor)
    enroll(luis, cohort=cohort, version=apprenticeship.terms.standard_version)
    log_in(page, coordinator, f"{live_server.url}/cohorts/{cohort.pk}/class-hours/")
    assert_accessible(page)
    assert_fits_a_phone(page)
    page.get_by_label("Topic").select_option(label="First Aid/CPR (minimum 6.5 hrs.)")
    page.get_by_label("Date of the class").fill("2026-02-25")
    page.get_by_label("Hours").fill("4")
    page.get_by_label("Provider").fill("American Red Cross")
    page.get_by_label("Luis Ortiz").check()
    page.get_by_label("Rosa Diaz").check()
    page.get_by_role("button", name="Record these hours").click()
    # The name of the instructor is missing: said, and nothing of the rest is lost.
    expect(page.get_by_role("link", name="Give the name of the instructor")).to_be_visible()
    expect(page.get_by_label("Luis Ortiz")).to_be_checked()
    assert_accessible(page)
    page.get_by_label("Instructor's name").fill("Ivan Petrov")
    page.get_by_role("button", name="Record these hours").click()
    expect(page.get_by_text("for Luis Ortiz, Rosa Diaz.")).to_be_visible()
    page.get_by_role("link", name="See it or take it back").click()
    page.get_by_text("Take hours back", exact=True).click()
    page.get_by_label("Rosa Diaz, 4 h").check()
    page.get_by_label("Reason").fill("She was on leave that day")
    assert_accessible(page)
    assert_fits_a_phone(page)
    page.get_by_role("button", name="Take these hours back").click()
    expect(page.get_by_text("The hours stay in the record, marked")).to_be_visible()
    expect(page.get_by_text("taken back by Carol Jones")).to_be_visible()
    assert_accessible(page)


def test_an_instructor_finds_the_class_they_taught(
    page: Page, live_server: Any, apprenticeship: Apprenticeship, coordinator: User, instructor: User
) -> None:
    attend(coordinator, [apprenticeship], instructor=instructor)
    log_in(page, instructor, f"{live_server.url}/classes/")
    expect(page.get_by_role("cell", name="Rosa Diaz")).to_be_visible()
    assert_accessible(page)
    assert_fits_a_phone(page)
    page.get_by_role("link", name="Feb 25, 2026").click()
    expect(page.get_by_role("heading", name="First Aid/CPR")).to_be_visible()
    expect(page.get_by_text("Take hours back", exact=True)).to_have_count(0)
