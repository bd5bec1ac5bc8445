"""A coordinator copies a signed sheet, and an administrator compares it with the scan on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.cast import STARTS_ON, level_of, skill_of
from tests.evidence.files import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_sheet_is_copied_by_one_and_verified_by_another(
    enter: Enter,
    apprenticeship: Apprenticeship,
    coordinator: User,
    administrator: User,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = enter(coordinator, f"/records/{apprenticeship.pk}/transcribe/", width=320)
    assert_accessible(page)
    page.get_by_label("Who signed on paper").fill("R. Alvarez")
    page.get_by_label("As what").fill("Lead technician")
    page.get_by_label("Date on the paper").fill(STARTS_ON.isoformat())
    page.get_by_label("Choose files").set_input_files({"name": "s.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    for code in ("1.1", "1.2"):
        skill = skill_of(apprenticeship, code)
        page.locator(f'input[name="line"][value="{skill.pk}"]').check()
        page.locator(f"#level-{skill.pk}").select_option(str(level_of(skill).pk))
    page.get_by_role("button", name="Transcribe 2 skills").click()
    expect(page.get_by_text("2 skills transcribed.").first).to_be_visible()
    assert_accessible(page)

    list_page = enter(administrator, "/transcriptions/", width=320)
    assert_accessible(list_page)
    for box in list_page.locator('input[name="line"]').all():
        box.check()
    list_page.get_by_role("button", name="Verify 2 lines").click()
    expect(list_page.get_by_text("2 lines verified.").first).to_be_visible()
    page.goto(page.url.split("/records/")[0] + f"/records/{apprenticeship.pk}/skills/{skill.pk}/")
    expect(page.get_by_text("Signed on paper by R. Alvarez, Lead technician").first).to_be_visible()
    assert_accessible(page)
