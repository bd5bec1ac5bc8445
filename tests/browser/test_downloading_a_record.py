"""An apprentice downloads the record in a browser while a real worker makes it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from apprenticeship.models import Apprenticeship
from reports.models import FailureReason, JobState, RenderJob
from tests.browser.accessibility import assert_accessible, sideways
from tests.cast import NOW, PASSWORD, signed
from tests.processes import worker
from tests.reports.reading import text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def book(apprenticeship: Apprenticeship, mentor: User) -> Apprenticeship:
    signed(apprenticeship, mentor, "1.1")
    return apprenticeship


def open_record(page: Page, live_server: LiveServer, book: Apprenticeship) -> None:
    page.goto(f"{live_server.url}/accounts/login/?next=/records/{book.pk}/")
    page.get_by_label("Sign-in name or mail address").fill("rosa")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("button", name="Download my record")).to_be_visible()


def test_the_apprentice_watches_the_record_being_made_and_keeps_the_pdf(
    page: Page, live_server: LiveServer, book: Apprenticeship, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    open_record(page, live_server, book)
    page.get_by_role("button", name="Download my record").click()
    expect(page.get_by_role("heading", name="The PDF is waiting in line")).to_be_visible()
    assert_accessible(page)
    assert sideways(page) == 0
    with worker("documents", log=tmp_path / "log"):
        expect(page.get_by_role("heading", name="The PDF is ready")).to_be_visible(timeout=30_000)
    assert_accessible(page)
    assert sideways(page) == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert download.value.suggested_filename == "Rosa_Diaz_progress_record_2026-03-02.pdf"
    assert "1 of 49 skills signed off" in text_of(Path(download.value.path()).read_bytes())


def test_without_javascript_a_link_looks_again(
    browser: Browser, live_server: LiveServer, book: Apprenticeship, tmp_path: Path
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_default_timeout(5000)
    open_record(page, live_server, book)
    page.get_by_role("button", name="Download my record").click()
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="The PDF is waiting in line")).to_be_visible()
    RenderJob.objects.update(state=JobState.FAILED, reason=FailureReason.TOO_LONG, finished_at=NOW)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", name="The PDF could not be made")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="The PDF is waiting in line")).to_be_visible()
    assert RenderJob.objects.count() == 2
