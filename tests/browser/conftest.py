"""The browser of the journeys: Debian's Chromium, headless, with axe at hand."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.people import enter
from tests.plugins.browser import find_browser

__all__ = ["enter"]  # a fixture for every journey

# Playwright keeps an event loop in the main thread, and Django would refuse the ORM beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

VENDOR = Path(__file__).parent / "vendor"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": list(QUIET)}


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.set_default_timeout(5000)
    return context


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(5000)
    return page
