"""On phones: a skill that demands the apprentice's OK is signed, agreed with, and counts; or is disagreed with."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from apprenticeship.models import Apprenticeship, CounterSignature
from tests.agreements import demands_ok
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import PASSWORD, signed, skill_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_demands_an_ok_is_signed_agreed_with_and_counts(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, apprentice: User
) -> None:
    book = demands_ok(apprenticeship, "1.1")
    book.sponsor.signing_policy = "every"
    book.sponsor.save(update_fields=["signing_policy"])
    page = enter(mentor, f"/records/{book.pk}/skills/{skill_of(book, '1.1').pk}/sign-off/", width=390)
    page.get_by_role("radio", name="Proficient").check()
    page.get_by_role("radio", name="I watched the work").check()
    page.get_by_role("radio", name="Today").check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign as Maria Alvarez, Mentor").click()
    expect(page.get_by_text("It counts when the apprentice agrees.")).to_be_visible()
    expect(page.locator(f"#skill-{skill_of(book, '1.1').pk}")).to_contain_text("Waiting for the apprentice’s OK")

    phone = enter(apprentice, "/my-record/", width=390)
    expect(phone.get_by_role("region", name="Needs your OK")).to_contain_text(skill_of(book, "1.1").text)
    expect(phone.get_by_role("img", name="0 of 49 skills")).to_be_visible()
    phone.get_by_role("link", name="Read and agree").click()
    expect(phone.get_by_text("I have read this sign-off of my work, and I agree with it.")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("button", name="Agree", exact=True).click()
    expect(phone.get_by_label("Your password")).to_be_focused()
    phone.get_by_label("Your password").fill(PASSWORD)
    phone.get_by_role("button", name="Agree", exact=True).click()
    expect(phone.get_by_text("You agreed with 1 sign-off.")).to_be_visible()
    expect(phone.get_by_role("img", name="1 of 49 skills")).to_be_visible()
    assert CounterSignature.objects.get().agrees


@pytest.mark.parametrize("scripts", [True, False])
def test_of_several_one_is_left_out_and_disagreed_with(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User, apprentice: User, coordinator: User, scripts: bool
) -> None:
    demands_ok(apprenticeship, "1.1", "1.2", "1.3")
    for code in ("1.1", "1.2", "1.3"):
        signed(apprenticeship, mentor, code)
    phone = enter(apprentice, f"/records/{apprenticeship.pk}/agree/", width=390, scripts=scripts)
    button = phone.get_by_role("button", name="Agree with")
    expect(button).to_have_text("Agree with all 3" if scripts else "Agree with what is ticked")
    phone.get_by_role("checkbox", name="1.2").uncheck()
    expect(button).to_have_text("Agree with 2" if scripts else "Agree with what is ticked")
    button.click()
    expect(phone.get_by_text("You agreed with 2 sign-offs.")).to_be_visible()

    phone.get_by_role("link", name="Read and agree").click()
    phone.get_by_role("link", name="Disagree").click()
    phone.get_by_role("button", name="Disagree").click()
    expect(phone.get_by_text("Say why you disagree").first).to_be_visible()
    phone.get_by_label("Why you disagree").fill("I only watched.")
    phone.get_by_role("button", name="Disagree").click()
    expect(phone.get_by_text("You disagreed. Your coordinator reads why and answers.")).to_be_visible()

    desk = enter(coordinator, "/cohorts/", scripts=scripts)
    desk.get_by_role("region", name="Needs you today").get_by_role("link", name="Answer").click()
    expect(desk.get_by_text("I only watched.")).to_be_visible()
    desk.get_by_role("radio", name="The mentor is asked to sign again").check()
    desk.get_by_label("Your words to the apprentice").fill("You are right.")
    desk.get_by_role("button", name="Answer").click()
    expect(desk.get_by_text("No disagreement waits")).to_be_visible()
