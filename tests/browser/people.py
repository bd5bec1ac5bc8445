"""People at their browsers: each in a context of their own, logged in without the detour through the form."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

Enter = Callable[..., Page]


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer) -> Iterator[Enter]:
    """`enter(mentor, "/mentor/")` is that page in a browser of the mentor's own; `scripts=False` without JavaScript."""
    contexts: list[BrowserContext] = []

    def entered(who: User, address: str, *, width: int = 1280, scripts: bool = True, dark: bool = False) -> Page:
        client = Client()
        client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(
            viewport={"width": width, "height": 720},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(5000)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield entered
    for context in contexts:
        context.close()
