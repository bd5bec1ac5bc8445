"""A coordinator brings people in on a narrow screen: a misspelt employer first, then everybody, and one by hand."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.imports.bringing import lines
from tests.processes import worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEAD = "role,name,email,starts on,employer,primary mentor"
MENTOR = "mentor,Nora Vance,nora@example.org,,,"


def assert_fine(page: Page) -> None:
    assert_accessible(page)
    assert sideways(page) == 0


def bring(page: Page, employer: str) -> None:
    luis = f"apprentice,Luis Ortiz,luis@example.org,2026-03-02,{employer},Nora Vance"
    file = FilePayload(name="Spring.csv", mimeType="text/csv", buffer=lines(HEAD, luis, MENTOR))
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check this file").click()


def test_a_file_of_people_is_mended_and_recorded_and_one_is_registered_by_hand(
    enter: Enter, apprenticeship: Apprenticeship, coordinator: User, tmp_path: Path
) -> None:
    register = f"/sponsors/{apprenticeship.sponsor_id}/register/"
    page = enter(coordinator, register, width=320)
    assert_fine(page)
    page.get_by_role("link", name="Bring in many from a file").click()
    assert_fine(page)
    with worker("documents", log=tmp_path / "log"):
        bring(page, "Empyre")
        expect(page.get_by_text("No employer of yours has this name.")).to_be_visible(timeout=30_000)
        assert_fine(page)
        page.get_by_role("link", name="Choose another file").click()
        bring(page, "Empire Compounding")
        page.get_by_role("button", name="Bring in 2 people").click(timeout=30_000)
        expect(page.get_by_text("These people are in")).to_be_visible(timeout=30_000)
        assert_fine(page)
    page.goto(page.url.split("/people")[0] + register)
    page.get_by_label("Name", exact=True).fill("Ana Ruiz")
    page.get_by_label("Program and terms").select_option(index=1)
    page.get_by_label("Apprenticeship begins").fill("2026-03-02")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ana Ruiz")
    assert_fine(page)
    page.get_by_label("Employer and worksite").select_option(label="Clean room")
    page.get_by_label("Primary mentor").select_option(label="Nora Vance")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text("Ana Ruiz is registered.")).to_be_visible()
    assert Apprenticeship.objects.filter(mentorships__mentor__name="Nora Vance").count() == 2
