"""A coordinator brings a timesheet in on a narrow screen: a bad file first, then a good one."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from apprenticeship.models import Apprenticeship, WorkLog
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.cast import TODAY
from tests.imports.bringing import TIMES, lines
from tests.processes import worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def assert_fine(page: Page) -> None:
    assert_accessible(page)
    assert sideways(page) == 0


def bring(page: Page, *rows: str) -> None:
    file = FilePayload(name="March.csv", mimeType="text/csv", buffer=lines(TIMES, *rows))
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check this file").click()


def test_a_timesheet_is_mended_and_logged(
    enter: Enter, apprenticeship: Apprenticeship, coordinator: User, tmp_path: Path
) -> None:
    page = enter(coordinator, "/on-the-job/bring-in/", width=320)
    assert_fine(page)
    bring(page, f"{TODAY},rosa,Clean room,1,8", "03/04/2026,rosa,Clean room,1,25")
    expect(page.get_by_role("heading", name="The file is waiting in line")).to_be_visible()
    assert_fine(page)
    with worker("documents", log=tmp_path / "log"):
        expect(page.get_by_text("1 row cannot be taken")).to_be_visible(timeout=30_000)
        page.get_by_role("navigation", name="Which rows").get_by_role("link", name="Refused").click()
        expect(page.get_by_text("Row 3")).to_be_visible()
        assert_fine(page)
        page.get_by_role("link", name="Choose another file").click()
        bring(page, f"{TODAY},rosa,Clean room,1,8")
        expect(page.get_by_role("button", name="Log 1 row")).to_be_visible(timeout=30_000)
    assert_fine(page)
    page.get_by_role("button", name="Log 1 row").click()
    expect(page.get_by_text("1 row is logged. It waits for a mentor to approve it.")).to_be_visible()
    assert_fine(page)
    assert WorkLog.objects.count() == 1
