"""What is sent on a bad connection is kept for its owner, survives, and happens exactly once."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from apprenticeship.models import Apprenticeship, RequestedSkill, SignOff
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import skill_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill_the_sheet(page: Page) -> None:
    page.get_by_role("radio", name="Proficient").check()
    page.get_by_role("radio", name="I watched the work").check()
    page.get_by_role("radio", name="Today").check()
    page.get_by_label("Note").fill("Steady hands.")


def sheet_address(book: Apprenticeship) -> str:
    return f"/records/{book.pk}/skills/{skill_of(book, '1.1').pk}/sign-off/"


def lose_posts(page: Page, *, after_the_server: bool = False) -> list[str]:
    """From now on no answer to a POST arrives; `after_the_server`: the server has heard it all the same."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.request.url)
        if after_the_server:
            route.fetch(max_redirects=0)
        route.abort("internetdisconnected")

    page.route("**/*", lose)
    return lost


def test_a_signature_without_an_answer_is_kept_and_sent_once_more_with_one_tap(
    enter: Enter, browser: Browser, live_server: LiveServer, apprenticeship: Apprenticeship, mentor: User, deputy: User
) -> None:
    page = enter(mentor, sheet_address(apprenticeship), width=320)
    fill_the_sheet(page)
    assert lose_posts(page) == []
    page.get_by_role("button", name="Sign as Maria Alvarez, Mentor").click()
    expect(page.get_by_role("heading", name="Not signed yet")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("Steady hands.")
    assert_accessible(page)
    assert not SignOff.objects.exists()

    page.unroute_all()
    page.reload()
    expect(page.get_by_role("heading", name="Not signed yet")).to_be_visible()

    # The browser is closed and opened again; somebody else on the same device sees nothing of it.
    state: Any = page.context.storage_state()
    other = enter(deputy, "/mentor/")
    other.evaluate(
        "items => items.forEach(item => localStorage.setItem(item.name, item.value))",
        state["origins"][0]["localStorage"],
    )
    other.reload()
    expect(other.get_by_role("heading", name="Not signed yet")).to_have_count(0)
    assert "password" not in json.dumps(state["origins"])

    again = browser.new_context(storage_state=state).new_page()
    again.goto(f"{live_server.url}/mentor/")
    again.get_by_role("button", name="Send it again").click()
    expect(again.get_by_text("Signed: 1.1, Proficient.").or_(again.get_by_text("Signed: Proficient."))).to_be_visible()
    expect(again.get_by_role("heading", name="Not signed yet")).to_have_count(0)
    assert SignOff.objects.count() == 1
    assert SignOff.objects.get().note
    again.context.close()


def test_a_signature_that_the_server_heard_is_not_made_twice(
    enter: Enter, apprenticeship: Apprenticeship, mentor: User
) -> None:
    page = enter(mentor, sheet_address(apprenticeship))
    fill_the_sheet(page)
    lose_posts(page, after_the_server=True)
    page.get_by_role("button", name="Sign as Maria Alvarez, Mentor").click()
    expect(page.get_by_role("heading", name="Not signed yet")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Signed: Proficient.").or_(page.get_by_text("Signed: 1.1, Proficient."))).to_be_visible()
    assert SignOff.objects.count() == 1


def test_a_sheet_in_a_row_of_the_record_is_kept_too(enter: Enter, apprenticeship: Apprenticeship, mentor: User) -> None:
    page = enter(mentor, f"/records/{apprenticeship.pk}/?open=all", width=320)
    page.get_by_role("link", name="Sign 1.1", exact=True).click()
    fill_the_sheet(page)
    lose_posts(page)
    page.get_by_role("button", name="Sign as Maria Alvarez, Mentor").click()
    expect(page.get_by_role("heading", name="Not signed yet")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(f"#skill-{skill_of(apprenticeship, '1.1').pk}")).to_contain_text("Signed off")
    assert SignOff.objects.count() == 1


def test_what_was_refused_comes_back_with_everything_typed_and_logging_out_warns(
    enter: Enter, apprenticeship: Apprenticeship, apprentice: User
) -> None:
    page = enter(apprentice, f"/records/{apprenticeship.pk}/ask/?skill={skill_of(apprenticeship, '1.1').pk}")
    page.get_by_label("Comment").fill("x" * 2001)
    page.get_by_role("button", name="Ask for this sign-off").click()
    expect(page.get_by_text("The comment is too long.").first).to_be_visible()
    page.get_by_label("Comment").fill("With the new printer.")
    lose_posts(page)
    page.get_by_role("button", name="Ask for this sign-off").click()
    expect(page.get_by_role("heading", name="Not asked yet")).to_be_visible()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Log out").click()
    assert "not sent yet" in asked[0]
    page.unroute_all()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("You have asked for 1 sign-off.")).to_be_visible()
    assert RequestedSkill.objects.get().request.comment == "With the new printer."
