"""The page of access tokens in a browser: a token made, copied and revoked, on a desk and on a phone."""

import os

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.test_frame import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("JOURNEYBOOK_SHOTS")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_token_is_made_shown_once_and_revoked(page: Page, live_server: LiveServer, mentor: User, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, live_server)
    page.get_by_role("link", name="Access tokens").click()
    page.get_by_label("What is it for?").fill("Nightly copy")
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator("#token")).to_contain_text("jb_")
    sound(page, f"tokens-made-{width}")
    page.goto(f"{live_server.url}/profile/tokens/")
    expect(page.locator("#token")).to_have_count(0)
    page.locator("details.confirm summary").click()
    sound(page, f"tokens-revoke-{width}")
    page.get_by_role("button", name="Revoke this token").click()
    expect(page.get_by_text("It opens nothing any more.")).to_be_visible()
    sound(page, f"tokens-revoked-{width}")


def sound(page: Page, name: str) -> None:
    """Accessible, not wider than the screen, and pictured where pictures are wanted."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert sideways(page) == 0
    assert_accessible(page)
