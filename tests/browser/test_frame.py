"""The frame of every page in a browser: sound for everybody, on every width, with and without a connection."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Membership, Role, Sponsor, User
from tests.browser.accessibility import assert_accessible, sideways
from tests.cast import LONG_AGO, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN_PAGES = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/glossary/", "/nowhere/")


def log_in(page: Page, live_server: LiveServer, name: str = "maria") -> None:
    page.goto(f"{live_server.url}/accounts/login/?next=/profile/")
    page.get_by_label("Sign-in name or mail address").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/profile/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", OPEN_PAGES)
def test_an_open_page_is_sound_in_light_and_dark(
    page: Page, live_server: LiveServer, address: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(live_server.url + address)
    assert_accessible(page)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_scrolls_sideways(context: BrowserContext, live_server: LiveServer, width: int, language: str) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 700})
    for address in OPEN_PAGES:
        page.goto(live_server.url + address)
        assert (address, sideways(page)) == (address, 0)


def test_the_profile_and_its_menu_are_sound(
    page: Page, live_server: LiveServer, mentor: User, sponsor: Sponsor
) -> None:
    Membership.objects.create(user=mentor, sponsor=sponsor, role=Role.AUDITOR, since=LONG_AGO)
    log_in(page, live_server)
    page.locator("details.menu summary").click()
    expect(page.get_by_role("button", name="Auditor")).to_be_visible()
    assert_accessible(page)


def test_the_menu_opens_and_closes_from_the_keyboard(page: Page, live_server: LiveServer, mentor: User) -> None:
    log_in(page, live_server)
    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(page.locator("details.menu summary")).to_be_focused()


def test_the_first_tab_leads_to_the_content(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/glossary/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_press_changes_the_language_of_the_same_page(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/glossary/?q=mentor")
    page.get_by_role("button", name="Español").click()
    expect(page).to_have_url(live_server.url + "/glossary/?q=mentor")
    expect(page.get_by_role("heading", level=1)).to_have_text("Glosario")


def test_a_refused_request_says_so_and_leaves_the_page(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/glossary/")
    page.evaluate("htmx.ajax('GET', '/nowhere/', 'h1')")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")


def test_without_a_connection_nothing_is_lost(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/glossary/")
    page.get_by_label("Find a word").fill("mentor")
    page.context.set_offline(True)
    page.evaluate("htmx.ajax('GET', '/glossary/', 'h1').catch(() => {})")
    expect(page.get_by_role("alert")).to_contain_text("No connection. Nothing was lost")
    expect(page.get_by_label("Find a word")).to_have_value("mentor")


def test_the_policy_of_the_page_stops_foreign_code(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url + "/glossary/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s); }"
    )
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("address", ["/accounts/login/", "/glossary/"])
def test_targets_are_as_large_as_a_thumb(page: Page, live_server: LiveServer, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url + address)
    sizes = page.locator("button:visible, .button:visible, input:not([type=hidden]):visible, .places a").evaluate_all(
        "all => all.map(e => [e.outerHTML.slice(0, 80), Math.round(e.getBoundingClientRect().height)])"
    )
    assert len(sizes) > 3
    assert [size for size in sizes if size[1] < 44] == []
