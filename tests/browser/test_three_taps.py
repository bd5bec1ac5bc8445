"""From the mentor's home to a signature: at most three taps and nothing typed, the password aside."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from accounts.models import SigningPolicy, Sponsor, User
from apprenticeship.asking import AskLine, ask
from apprenticeship.models import Apprenticeship, SignOff
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import PASSWORD, fresh, skill_of, viewer_for
from tests.pages.sheets import address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("with_this_mentor", [True, False])
@pytest.mark.parametrize("codes", [("1.1",), ("2.1", "2.2", "2.3")])
def test_what_was_asked_for_is_signed_with_three_taps(
    enter: Enter,
    apprenticeship: Apprenticeship,
    apprentice: User,
    mentor: User,
    codes: tuple[str, ...],
    with_this_mentor: bool,
) -> None:
    viewer = viewer_for(apprentice, timezone.now())
    day = viewer.today(apprenticeship.sponsor)
    lines = [AskLine(skill_of(apprenticeship, code), day, mentor if with_this_mentor else None) for code in codes]
    ask(viewer=viewer, key="a", apprenticeship=fresh(apprenticeship), lines=lines)
    page = enter(mentor, "/mentor/", width=320)
    taps = 0

    def tap(target: Locator) -> None:
        nonlocal taps
        taps += 1
        target.click()

    tap(page.get_by_role("region", name="Waiting for you").get_by_role("link", name="Rosa Diaz"))
    page.wait_for_load_state()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the bar that stays within reach covers nothing
    assert_accessible(page)
    tap(page.locator("form > .levels label.attained"))
    known, unknown = "^Sign .*as Maria Alvarez, Mentor", "^Sign: I examined the finished work"
    tap(page.get_by_role("button", name=re.compile(known if with_this_mentor else unknown)))
    expect(page.get_by_text("Signed: 1.1" if len(codes) == 1 else "3 signatures stand")).to_be_visible()
    assert taps <= 3
    assert SignOff.objects.filter(method="observed" if with_this_mentor else "work_product").count() == len(codes)


def test_the_enter_key_signs_nothing_where_the_buttons_say_how(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User, mentor: User, sponsor: Sponsor
) -> None:
    Sponsor.objects.filter(pk=sponsor.pk).update(signing_policy=SigningPolicy.EVERY)
    viewer = viewer_for(apprentice, timezone.now())
    line = AskLine(skill_of(apprenticeship, "1.1"), viewer.today(sponsor))
    ask(viewer=viewer, key="a", apprenticeship=fresh(apprenticeship), lines=[line])
    page = enter(mentor, address(apprenticeship), width=320, scripts=False)
    page.locator("form > .levels label.attained").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Your password").press("Enter")
    button = page.get_by_role("button", name=re.compile("^Sign: We talked it through.*that the level stated was shown"))
    expect(button).to_be_visible()
    assert not SignOff.objects.exists()
    button.click()
    expect(page.get_by_text("Signed: Proficient.")).to_be_visible()
    assert SignOff.objects.get().method == "discussion"
