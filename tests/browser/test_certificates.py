"""A CPR card goes from the apprentice's phone to the coordinator, and then shows when the next one is due."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.models import Apprenticeship
from tests.browser.accessibility import assert_accessible, sideways
from tests.browser.people import Enter
from tests.evidence.files import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_card_is_photographed_confirmed_and_shows_when_it_is_next_due(
    enter: Enter,
    apprenticeship: Apprenticeship,
    apprentice: User,
    coordinator: User,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    phone = enter(apprentice, "/my-record/", width=320)
    phone.get_by_role("link", name="Certificates", exact=True).click()
    phone.get_by_role("link", name="Add a certificate").click()
    phone.get_by_label("Kind").select_option("CPR card")
    image = FilePayload(name="card.heic", mimeType="image/heic", buffer=photo(size=(1200, 900), form="HEIF"))
    phone.get_by_label("Choose files").set_input_files([image])
    phone.get_by_label("Issued on").fill("2026-02-02")
    phone.get_by_label("Expires on").fill("2099-02-02")
    phone.get_by_role("button", name="Add the certificate").click()
    expect(phone.get_by_text("Say who issued the certificate.").first).to_be_visible()
    expect(phone.get_by_role("checkbox", name="card.jpg")).to_be_checked()
    assert sideways(phone) == 0
    assert_accessible(phone)
    phone.get_by_label("Issued by").fill("American Red Cross")
    phone.get_by_role("button", name="Add the certificate").click()
    expect(phone.get_by_text("Waits to be confirmed")).to_be_visible()
    assert_accessible(phone)

    desk = enter(coordinator, "/cohorts/")
    desk.get_by_role("link", name="1 certificate waits to be confirmed").click()
    assert_accessible(desk)
    desk.get_by_role("link", name="Rosa Diaz: CPR card").click()
    expect(desk.get_by_role("img", name="card.jpg")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="Confirm the certificate").click()
    expect(desk.get_by_text("Confirmed. It counts from now on.")).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("next due Feb 2, 2099")).to_be_visible()
    phone.get_by_role("link", name="CPR card").click()
    assert sideways(phone) == 0
    assert_accessible(phone)
