"""From an empty installation to two people who are in, on a phone: the operator's link, then an invitation."""

import io

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Invitation, Role, User
from tests.browser.accessibility import assert_accessible, sideways
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sound(page: Page) -> None:
    assert sideways(page) == 0
    assert_accessible(page)


def choose_password(page: Page) -> None:
    """Come in by the link that is open, on a phone."""
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    sound(page)
    page.get_by_role("button", name="Use this password and come in").click()
    expect(page.get_by_text("Welcome. Your sign-in name is")).to_be_visible()


def test_the_first_administrator_comes_in_and_brings_in_a_mentor(
    page: Page, browser: Browser, live_server: LiveServer, settings: Settings, db: None
) -> None:
    settings.SITE_URL = live_server.url
    out = io.StringIO()
    call_command("create_sponsor", "Harbor", "--administrator", "ada@example.org", "--name", "Ada Brooks", stdout=out)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(out.getvalue().strip().splitlines()[-1])
    choose_password(page)
    page.goto(f"{live_server.url}/people/")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name", exact=True).fill("Maria Alvarez")
    page.get_by_label("Role", exact=True).select_option("mentor")
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("Hand them the link or the code below.")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Show link and QR code").click()
    sound(page)
    link = page.get_by_label("Link", exact=True).input_value()
    with browser.new_context(viewport={"width": 320, "height": 800}) as phone:
        theirs = phone.new_page()
        theirs.goto(link)
        choose_password(theirs)
    maria = User.objects.get(username="maria.alvarez")
    assert maria.memberships.get(role=Role.MENTOR).pending is False
    assert Invitation.objects.unanswered().count() == 0
