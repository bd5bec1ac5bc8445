"""A mentor signs a skill where the work happens: with a thumb, with a keyboard, without scripts, and not alone."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from apprenticeship.models import Apprenticeship, Revocation, SignOff
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import PASSWORD, signed, skill_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEANING = "I watched the apprentice do this on the date given and judge that the level stated was shown."


def fill_in(page: Page, level: str = "Proficient") -> None:
    """Three taps: how well, how seen, when."""
    page.get_by_role("radio", name=level).check()
    page.get_by_role("radio", name="I watched the work").check()
    page.get_by_role("radio", name="Today").check()


def press(page: Page) -> None:
    page.get_by_role("button", name="Sign as Maria Alvarez, Mentor").click()


def test_what_a_mentor_signs_is_seen_by_the_coordinator_and_the_apprentice(
    page: Page,
    live_server: LiveServer,
    enter: Enter,
    apprenticeship: Apprenticeship,
    mentor: User,
    coordinator: User,
    apprentice: User,
) -> None:
    page.goto(live_server.url)
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    page.get_by_label("Sign-in name").fill("maria")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("link", name="Rosa Diaz").click()
    page.get_by_role("link", name="Sign 1.1", exact=True).click()
    fill_in(page)
    expect(page.get_by_text(MEANING)).to_be_visible()
    assert_accessible(page)
    press(page)
    expect(page.get_by_text("Signed: Proficient.")).to_be_visible()
    expect(page.locator("#summary")).to_contain_text("1 of 49")
    expect(page.locator("#count-1")).to_contain_text("1 of 6")
    expect(page.locator("#announce")).to_contain_text("Signed off")
    assert_accessible(page)

    office = enter(coordinator, f"/cohorts/{apprenticeship.cohort_id}/")
    row = office.get_by_role("row", name="Rosa Diaz")
    expect(row.get_by_role("cell").first).to_have_text("1/6")
    row.get_by_role("link", name="Rosa Diaz").click()
    expect(office.get_by_text("Maria Alvarez, Mentor")).to_be_visible()

    phone = enter(apprentice, "/", width=320)
    expect(phone.get_by_role("img", name="1 of 49")).to_be_visible()


def test_a_slip_of_the_finger_is_undone_in_place(enter: Enter, apprenticeship: Apprenticeship, mentor: User) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/", width=320)
    page.get_by_role("link", name="Sign 1.1", exact=True).click()
    fill_in(page)
    press(page)
    page.get_by_role("button", name="Undo 1.1").click()
    expect(page.locator("#summary")).to_contain_text("0 of 49")
    expect(page.get_by_role("link", name="Sign 1.1", exact=True)).to_be_focused()
    expect(page.get_by_text("Taken back as entered by mistake.")).to_be_visible()
    assert Revocation.objects.count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_tap_signs_once(enter: Enter, apprenticeship: Apprenticeship, mentor: User, scripts: bool) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/", scripts=scripts)
    page.get_by_role("link", name="Sign 1.1", exact=True).click()
    fill_in(page)
    page.get_by_role("button", name="Sign as Maria Alvarez, Mentor").dblclick()
    expect(page.get_by_text("Signed: Proficient.")).to_be_visible()
    assert SignOff.objects.count() == 1


def test_two_mentors_at_once_hear_of_each_other(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/")
    page.get_by_role("link", name="Sign 1.1", exact=True).click()
    fill_in(page)
    page.get_by_label("Note").fill("Counted twice.")
    signed(apprenticeship, deputy)
    press(page)
    alert = page.get_by_role("alert").filter(has_text="Dev Patel has signed this skill: Proficient")
    expect(alert).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("Counted twice.")
    expect(page.get_by_role("radio", name="Proficient")).to_be_checked()
    assert_accessible(page)
    page.get_by_role("button", name="Sign over it as Maria Alvarez, Mentor").click()
    expect(page.get_by_text("Signed: Proficient.")).to_be_visible()
    assert SignOff.objects.count() == 2


def test_what_is_missing_is_said_in_the_sheet(enter: Enter, apprenticeship: Apprenticeship, mentor: User) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/", width=320)
    page.get_by_role("link", name="Sign 1.1", exact=True).click()
    page.get_by_role("radio", name="Proficient").check()
    press(page)
    alert = page.get_by_role("alert").filter(has_text="Nothing is signed yet.")
    expect(alert).to_be_focused()
    expect(alert.get_by_role("link")).to_have_count(2)
    expect(page.get_by_role("radio", name="Proficient")).to_be_checked()
    assert_accessible(page)


def test_without_scripts_everything_can_be_done(enter: Enter, apprenticeship: Apprenticeship, mentor: User) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/?show=open", scripts=False, width=320)
    page.get_by_role("link", name="Sign 8.1", exact=True).click()
    fill_in(page, "With coaching")
    expect(page.get_by_text("the skill is still being learned").locator("visible=true")).to_have_count(1)
    press(page)
    expect(page.get_by_text("Signed: With coaching.")).to_be_visible()
    page.get_by_role("button", name="Undo 8.1").click()
    expect(page.get_by_text("Taken back as entered by mistake.")).to_be_visible()
    page.get_by_role("link", name=skill_of(apprenticeship, "8.1").text).click()
    expect(page.get_by_text("Entry 1 was entered by mistake")).to_be_visible()


def test_with_the_keyboard_alone(enter: Enter, apprenticeship: Apprenticeship, mentor: User) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/")
    page.get_by_role("link", name="Sign 1.1", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign 1.1 for Rosa Diaz")).to_be_focused()
    for key in ("Tab", "ArrowUp", "Tab", "Space", "Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(
            key
        )  # the last level, the first method, today; then past place, note and evidence to the button
    expect(page.get_by_text("Signed: Proficient.")).to_be_focused()
    assert SignOff.objects.get().level.code == "proficient"


def test_leaving_the_sheet_leads_back_to_where_one_was(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User
) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/")
    page.get_by_role("link", name="Sign 1.2", exact=True).click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("link", name="Sign 1.2", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="Sign as Maria Alvarez, Mentor")).to_have_count(0)


def test_the_buttons_of_the_sheet_are_large_enough_for_gloves(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User
) -> None:
    skill = skill_of(apprenticeship, "1.1")
    page = enter(mentor, f"/records/{apprenticeship.pk}/skills/{skill.pk}/sign-off/", width=320)
    for target in [*page.locator(".tile").all(), page.locator("button.sign"), page.get_by_label("Where", exact=True)]:
        box = target.bounding_box()
        assert box
        assert box["height"] >= 56
