"""The page of the API works under the site's own strict policy, from the site's own files."""

import os

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("JOURNEYBOOK_SHOTS")


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of, and what it asks of other sites."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_the_api_can_be_read_and_tried_without_a_complaint(
    live_server: LiveServer, page: Page, complaints: list[str]
) -> None:
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.locator("#operations-standards-standards").get_by_role("button").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    page.locator("#operations-sign-offs-sign").get_by_role("button").first.click()
    expect(page.locator("#operations-sign-offs-sign")).to_contain_text("Idempotency-Key")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/api-docs.png", full_page=True)
    assert complaints == []


def test_it_asks_nothing_of_any_other_site(live_server: LiveServer, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/api/v1/docs/")
    expect(page.locator(".opblock").first).to_be_visible()
    assert [url for url in asked if not url.startswith(live_server.url)] == []
