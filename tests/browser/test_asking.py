"""An apprentice asks on a phone, the mentor answers from the queue; with scripts and without."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from apprenticeship.models import Apprenticeship, RequestedSkill, SignOff
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import asked, skill_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_asked_for_on_a_phone_is_signed_from_the_mentors_queue(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User, mentor: User, scripts: bool
) -> None:
    phone = enter(apprentice, "/my-record/?open=all", width=320, scripts=scripts)
    phone.get_by_role("link", name="Ask for a sign-off of 1.1", exact=True).click()
    expect(phone.get_by_role("radio", name="Today")).to_be_checked()
    phone.get_by_label("Comment").fill("With the new printer.")
    phone.get_by_role("button", name="Ask for this sign-off").click()
    expect(phone.get_by_text("It is with Maria Alvarez, Dev Patel.").first).to_be_visible()
    expect(phone.locator(f"#skill-{skill_of(apprenticeship, '1.1').pk}")).to_contain_text("Waiting")

    page = enter(mentor, "/mentor/", width=320, scripts=scripts)
    page.get_by_role("region", name="Waiting for you").get_by_role("link", name="Rosa Diaz").click()
    expect(page.get_by_text("With the new printer.")).to_be_visible()
    expect(page.get_by_role("radio", name="Today")).to_be_checked()
    page.get_by_role("radio", name="Proficient").check()
    page.get_by_role("button", name="Sign: I watched the work").click()
    expect(page.get_by_text("Signed: 1.1, Proficient.")).to_be_visible()
    expect(page.get_by_text("Nothing of this waits any longer.")).to_be_visible()
    assert RequestedSkill.objects.get().sign_off == SignOff.objects.get()


def test_in_place_the_row_turns_to_waiting_and_what_was_asked_stands_above(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User
) -> None:
    page = enter(apprentice, "/my-record/?open=all", width=320)
    page.get_by_role("link", name="Ask for a sign-off of 1.2", exact=True).click()
    expect(page.get_by_role("heading", name="Ask for a sign-off of 1.2")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("button", name="Ask for this sign-off").click()
    expect(page.locator("#announce")).to_contain_text("Waiting")
    above = page.get_by_role("region", name="You asked for")
    expect(above).to_contain_text(skill_of(apprenticeship, "1.2").text)
    assert_accessible(page)
    above.get_by_role("button", name="Withdraw 1.2").click()
    expect(page.get_by_text("Withdrawn: 1.2.")).to_be_visible()
    expect(page.get_by_role("region", name="You asked for")).to_have_count(0)


def test_what_was_sent_back_is_read_and_asked_again(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User, mentor: User
) -> None:
    (row,) = asked(apprenticeship)
    page = enter(mentor, f"/requests/{row.request_id}/", width=320)
    page.get_by_role("link", name="Send back").click()
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("Say what is missing; the apprentice will read it.").first).to_be_visible()
    page.get_by_label("What is missing").fill("The log is missing.")
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("Sent back: 1 skill.")).to_be_visible()

    phone = enter(apprentice, "/my-record/", width=320)
    expect(phone.get_by_role("region", name="Came back to you")).to_contain_text("The log is missing.")
    phone.get_by_role("link", name="Ask again 1.1").click()
    phone.get_by_label("Comment").fill("Here it is.")
    phone.get_by_role("button", name="Ask for this sign-off").click()
    expect(phone.get_by_text("You have asked for 1 sign-off.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Here it is.")).to_be_visible()
