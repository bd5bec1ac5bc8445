"""An apprentice asks, the mentor's bell rings, and one tap leads from the notice to the request."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.cast import asked
from tests.telling.delivering import told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_what_an_apprentice_asks_for_stands_at_the_mentors_bell(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User, mentor: User, scripts: bool
) -> None:
    phone = enter(mentor, "/mentor/", width=320, scripts=scripts)
    expect(phone.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    now = timezone.now()
    asked(apprenticeship, "1.1", "1.2", at=now)
    told(now)
    phone.reload()
    phone.get_by_role("link", name="Notices, 1 not read").click()
    phone.get_by_role("button", name="Rosa Diaz asks for 2 sign-offs").click()
    expect(phone.get_by_role("heading", name="Rosa Diaz asks for a sign-off")).to_be_visible()
    expect(phone.get_by_role("link", name="Notices", exact=True)).to_be_visible()

    page = enter(apprentice, _path(phone.url), scripts=scripts)
    expect(page.get_by_role("region", name="Who was told")).to_contain_text("Maria Alvarez")


def test_the_pages_of_notices_are_accessible_in_the_dark_and_on_phones(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User
) -> None:
    now = timezone.now()
    asked(apprenticeship, at=now)
    told(now)
    for address in ("/notices/", "/profile/notices/"):
        page = enter(mentor, address, width=320, dark=True)
        assert_accessible(page)
        assert sideways(page) == 0
    page.get_by_role("group", name="What waits for you").get_by_label("Never").check()
    page.get_by_role("button", name="Keep these choices").click()
    expect(page.get_by_text("Kept. Mail comes to you as you chose.")).to_be_visible()
    expect(page.get_by_role("group", name="What waits for you").get_by_label("Never")).to_be_checked()


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]
