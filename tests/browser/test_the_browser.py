"""The browser and axe do find what they are there to find."""

import pytest
from playwright.sync_api import Page

from tests.browser.accessibility import assert_accessible, violations

pytestmark = pytest.mark.browser

SOUND = "<html lang='en'><title>Sound</title><main><h1>Sound</h1><p>Nothing to see.</p></main></html>"


def test_axe_accepts_a_sound_page(page: Page) -> None:
    page.set_content(SOUND)
    assert_accessible(page)


def test_axe_names_a_picture_without_words(page: Page) -> None:
    page.set_content(SOUND.replace("</p>", "</p><img src='data:,'>"))
    assert [found.split(" ")[0] for found in violations(page)] == ["image-alt"]
