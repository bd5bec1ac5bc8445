"""From the mentor's home to a signature: at most three taps and nothing typed, the password aside."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from accounts.models import User
from apprenticeship.asking import AskLine, ask
from apprenticeship.models import Apprenticeship, SignOff
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import fresh, skill_of, viewer_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("codes", [("1.1",), ("2.1", "2.2", "2.3")])
def test_what_was_asked_for_is_signed_with_three_taps(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User, mentor: User, codes: tuple[str, ...]
) -> None:
    viewer = viewer_for(apprentice, timezone.now())
    day = viewer.today(apprenticeship.sponsor)
    lines = [AskLine(skill_of(apprenticeship, code), day, mentor) for code in codes]
    ask(viewer=viewer, key="a", apprenticeship=fresh(apprenticeship), lines=lines)
    page = enter(mentor, "/mentor/", width=320)
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        taps += 1
        target.click()

    tap(page.get_by_role("region", name="Waiting for you").get_by_role("link", name="Rosa Diaz"))
    assert_accessible(page)
    tap(page.locator("form > .levels label.attained"))
    tap(page.get_by_role("button", name=re.compile("^Sign .*as Maria Alvarez, Mentor")))
    expect(page.get_by_text("Signed: 1.1" if len(codes) == 1 else "3 signatures stand")).to_be_visible()
    assert taps <= 3
    assert SignOff.objects.count() == len(codes)
