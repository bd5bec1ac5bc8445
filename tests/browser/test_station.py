"""A tablet at the worksite: registered by an administrator, unlocked by tapping one's name, locked after one act."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.stations.standing import PIN, with_pin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page) -> None:
    """No sideways scrolling, and nothing that axe finds."""
    assert sideways(page) == 0
    assert_accessible(page)


def register(page: Page) -> None:
    page.get_by_label("Worksite", exact=True).select_option(label="Clean room · Empire Compounding")
    page.get_by_label("Name of the device").fill("Lab tablet")
    fits(page)
    page.get_by_role("button", name="Make this device a station").click()
    expect(page.get_by_role("heading", name="Whose turn is it?")).to_be_visible()
    fits(page)


def unlock(page: Page, *, by_keys: bool) -> None:
    page.get_by_role("link", name="Maria Alvarez").click()
    for digit in PIN if by_keys else "":
        page.get_by_role("button", name=digit, exact=True).click()
    if not by_keys:
        expect(page.locator("#keypad")).to_be_hidden()
        page.get_by_label("Your PIN").fill(PIN)
    fits(page)
    page.get_by_role("button", name="It is my turn").click()


def sign_two(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="Rosa Diaz").click()
    page.get_by_role("checkbox", name=re.compile(r"^1\.1 ")).check()
    page.get_by_role("checkbox", name=re.compile(r"^1\.2 ")).check()
    fits(page)
    page.locator("button.sign").click()
    page.get_by_role("radio", name="Proficient").first.check()
    page.get_by_role("radio", name="Completed Completed").first.check()
    page.get_by_role("radio", name="I watched the work").check()
    page.get_by_role("radio", name="Today").check()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the bar that stays within reach covers nothing
    fits(page)
    page.locator("button.sign").click()


@pytest.mark.parametrize(("width", "height", "scripts"), [(1024, 768, True), (320, 640, False)])
def test_tap_ones_name_sign_and_it_is_locked_again(
    enter: Enter,
    apprenticeship: Apprenticeship,
    mentor: User,
    administrator: User,
    width: int,
    height: int,
    scripts: bool,
) -> None:
    with_pin(mentor)
    # axe needs scripts to look; a page that does not get them looks the same
    page = enter(administrator, "/stations/", width=width)
    page.set_viewport_size({"width": width, "height": height})
    if not scripts:
        page.route("**/*.js", lambda route: route.abort())
    register(page)
    unlock(page, by_keys=scripts)
    expect(page.locator(".whose")).to_contain_text("Maria Alvarez")
    fits(page)
    sign_two(page)
    expect(page.get_by_role("heading", name="Maria Alvarez signed 2 skills")).to_be_visible()
    expect(page.get_by_text("The device is locked again.")).to_be_visible()
    fits(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Whose turn is it?")).to_be_visible()
    assert SignOff.objects.filter(entry__act__station_id__isnull=False).count() == 2


def test_the_last_seconds_are_counted_and_then_it_locks(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, administrator: User
) -> None:
    with_pin(mentor)
    page = enter(administrator, "/stations/", width=1024)
    page.clock.install()
    register(page)
    unlock(page, by_keys=True)
    expect(page.locator(".whose")).to_contain_text("Maria Alvarez")
    page.wait_for_load_state()  # the clock of the page begins with its script
    expect(page.locator("#turn-clock")).to_be_hidden()
    page.clock.fast_forward(50_000)
    expect(page.get_by_role("alert").filter(has_text="Locks in")).to_be_visible()
    assert_accessible(page)
    page.mouse.click(5, 500)
    expect(page.locator("#turn-clock")).to_be_hidden()
    page.get_by_role("button", name="Done, lock").click()
    expect(page.get_by_role("heading", name="Whose turn is it?")).to_be_visible()
