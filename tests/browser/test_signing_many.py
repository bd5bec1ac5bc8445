"""A mentor signs many skills, or for many apprentices, in few taps: with scripts, without them, by keyboard."""

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role, User
from apprenticeship.models import Apprenticeship, SignOff, SkillStanding, Terms
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.cast import make_apprenticeship, make_mentorship, make_person, signed, skill_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Thumb:
    """Counts what it presses."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()


def for_all(page: Page, thumb: Thumb, level: str = "Proficient") -> None:
    """Three taps that hold for every line: how well, how seen, when."""
    thumb.tap(page.locator(".sign-sheet > .levels").get_by_role("radio", name=level))
    thumb.tap(page.get_by_role("radio", name="I watched the work"))
    thumb.tap(page.get_by_role("radio", name="Today"))


def assert_fits(page: Page) -> None:
    """Nothing scrolls sideways, and everything pressed on the sheet is large enough for gloves."""
    assert sideways(page) == 0
    for target in [*page.locator(".sign-sheet :is(.check, .tile, .sign):visible").all()]:
        box = target.bounding_box()
        assert box
        assert box["height"] >= 56


def test_seven_steps_and_their_parent_are_signed_in_six_taps_from_home(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User
) -> None:
    page, thumb = enter(mentor, "/mentor/", width=320), Thumb()
    thumb.tap(page.get_by_role("link", name="Rosa Diaz"))
    thumb.tap(page.get_by_role("link", name="Sign with its 7 steps 4.1"))
    expect(page.get_by_role("button", name="Sign 8 skills as Maria Alvarez, Mentor")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    for_all(page, thumb)
    assert_accessible(page)
    thumb.tap(page.get_by_role("button", name="Sign 8 skills as Maria Alvarez, Mentor"))
    expect(page.get_by_role("heading", name="8 signatures stand")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    assert thumb.taps == 6
    assert SkillStanding.objects.filter(attained=True).count() == 8


def test_ticked_skills_are_counted_and_one_may_differ(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User
) -> None:
    page, thumb = enter(mentor, f"/records/{apprenticeship.pk}/"), Thumb()
    expect(page.get_by_role("button", name="skills together")).to_be_hidden()
    for code in ("1.1", "1.3", "1.4"):
        thumb.tap(page.get_by_role("checkbox", name=code, exact=True))
    assert_accessible(page)
    thumb.tap(page.get_by_role("button", name="Sign 3 skills together"))
    thumb.tap(page.get_by_role("checkbox", name="1.4"))
    for_all(page, thumb)
    page.get_by_text("Another level or day 1.3").click()
    line = page.locator(".line").filter(has_text="1.3")
    line.get_by_role("radio", name="With coaching").check()
    assert_accessible(page)
    expect(page.locator(".says-line:visible")).to_have_count(2)
    thumb.tap(page.get_by_role("button", name="Sign 2 skills as Maria Alvarez, Mentor"))
    page.get_by_role("button", name="Undo 1.3").click()
    expect(page.get_by_role("heading", name="1 signature stands")).to_be_visible()
    assert {s.skill.code: s.level.code for s in SignOff.objects.select_related("skill", "level")} == {
        "1.1": "proficient",
        "1.3": "with-coaching",
    }


def test_who_was_quicker_is_named_and_the_others_are_signed_by_one_tap(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/", width=320)
    page.get_by_role("link", name="Sign with its 7 steps").click()
    for_all(page, Thumb())
    page.get_by_label("Note").fill("A whole morning.")
    signed(apprenticeship, deputy, "4.3")
    page.get_by_role("button", name="Sign 8 skills as Maria Alvarez, Mentor").click()
    alert = page.get_by_role("alert").filter(has_text="Nothing is signed yet.")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Dev Patel signed it: Proficient.")
    expect(page.get_by_label("Note")).to_have_value("A whole morning.")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Sign the other 7 as Maria Alvarez, Mentor").click()
    expect(page.get_by_role("heading", name="7 signatures stand")).to_be_visible()
    assert SignOff.objects.filter(signer=mentor).count() == 7


def test_after_a_demonstration_the_group_is_signed(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, terms: Terms
) -> None:
    for name in ("Ann Able", "Bo Busy"):
        make_mentorship(
            make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=apprenticeship.sponsor), terms), mentor
        )
    page, thumb = enter(mentor, "/mentor/", width=320), Thumb()
    thumb.tap(page.get_by_role("link", name="One skill for several"))
    page.get_by_role("searchbox", name="Find a skill").press_sequentially("particle")
    expect(page.locator("#found .row")).to_have_count(3)
    assert_accessible(page)
    thumb.tap(page.get_by_role("link", name=skill_of(apprenticeship, "9.1").text))
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    for name in ("Ann Able", "Rosa Diaz"):
        thumb.tap(page.get_by_role("checkbox", name=name))
    for_all(page, thumb)
    assert_accessible(page)
    assert_fits(page)
    thumb.tap(page.get_by_role("button", name="Sign for 2 apprentices as Maria Alvarez, Mentor"))
    expect(page.get_by_role("heading", name="2 signatures stand")).to_be_visible()
    expect(page.get_by_role("button", name="Undo Ann Able")).to_be_visible()
    assert thumb.taps == 8


def test_without_scripts_everything_can_be_done(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/", scripts=False, width=320)
    for code in ("1.1", "1.3"):
        page.get_by_role("checkbox", name=code, exact=True).check()
    page.get_by_role("button", name="Sign the ticked skills").click()
    for_all(page, Thumb())
    signed(apprenticeship, deputy, "1.3")
    page.get_by_role("button", name="Sign what is ticked as Maria Alvarez, Mentor").click()
    expect(page.get_by_text("Dev Patel signed it: Proficient.").first).to_be_visible()
    page.get_by_role("button", name="Sign the other 1").click()
    page.get_by_role("button", name="Undo 1.1").click()
    expect(page.get_by_text("Taken back as entered by mistake.")).to_be_visible()
    expect(page.get_by_role("heading", name="0 signatures stand")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_tap_signs_once(enter: Enter, apprenticeship: Apprenticeship, mentor: User, scripts: bool) -> None:
    family = skill_of(apprenticeship, "4.1").pk
    page = enter(mentor, f"/records/{apprenticeship.pk}/sign-off/?family={family}", scripts=scripts)
    for_all(page, Thumb())
    page.locator("button.sign").dblclick()
    expect(page.get_by_role("heading", name="8 signatures stand")).to_be_visible()
    assert SignOff.objects.count() == 8


def test_a_long_list_is_narrowed_by_typing_and_keeps_its_ticks(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User
) -> None:
    family, part = skill_of(apprenticeship, "4.1").pk, skill_of(apprenticeship, "9.1").skill_set_id
    page = enter(mentor, f"/records/{apprenticeship.pk}/sign-off/?family={family}&set={part}")
    for_all(page, Thumb())
    search = page.get_by_role("searchbox", name="Find a skill")
    search.press_sequentially("identify criteria")
    expect(page.locator(".line:visible")).to_have_count(1)
    search.press("Enter")
    expect(page.get_by_role("button", name="Sign 11 skills")).to_be_visible()
    assert_accessible(page)
    assert not SignOff.objects.exists()


def test_with_the_keyboard_alone(enter: Enter, apprenticeship: Apprenticeship, mentor: User) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/")
    page.get_by_role("checkbox", name="1.1", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Sign 1 skill").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="1.1").focus()
    # Past "another level or day"; the last level, the first method, today, place, note, evidence, and the button.
    for key in ("Tab", "Tab", "ArrowUp", "Tab", "Space", "Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="1 signature stands")).to_be_visible()
    assert SignOff.objects.get().level.code == "proficient"
