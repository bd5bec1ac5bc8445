"""The library of standards in a browser: accessible, no sideways scrolling, whole on paper."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from competencies.models import StandardVersion
from tests.browser.accessibility import assert_accessible, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/standards/", "/standards/?q=nothing", "/standards/outsourcing-compounding-pharmacy-technician/"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_library_is_accessible_at_every_width(
    page: Page, live_server: LiveServer, published_standard: StandardVersion, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + address)
    assert_accessible(page)
    assert sideways(page) == 0


def test_a_standard_is_found_and_opened_from_the_list(
    page: Page, live_server: LiveServer, published_standard: StandardVersion
) -> None:
    page.goto(live_server.url + "/standards/")
    page.get_by_label("Find a standard").fill("laboratory")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Outsourcing (Compounding) Pharmacy Technician").click()
    page.get_by_role("link", name="4. Advanced Claim Processing").click()
    assert page.url.endswith("#set-4")
    assert page.get_by_text("Step 7: complete process").is_visible()


def test_the_printed_page_holds_all_skills_and_nothing_to_press(
    page: Page, live_server: LiveServer, published_standard: StandardVersion
) -> None:
    page.emulate_media(media="print")
    page.goto(live_server.url + PAGES[2])
    assert page.get_by_text("Handle basic inquiries, including delivery dates").is_visible()
    assert not page.get_by_role("link", name="Download as JSON").is_visible()
