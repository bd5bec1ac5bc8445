"""A photo goes from the apprentice's phone to the mentor's signature; with scripts and without."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.models import Apprenticeship, Evidence, SignOff, SignOffEvidence
from tests.browser.accessibility import assert_accessible
from tests.browser.people import Enter
from tests.evidence.files import HTML, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_photo_is_attached_on_a_phone_seen_by_the_mentor_and_signed(
    enter: Enter,
    apprenticeship: Apprenticeship,
    apprentice: User,
    mentor: User,
    scripts: bool,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    phone = enter(apprentice, "/my-record/?open=all", width=390, scripts=scripts)
    phone.get_by_role("link", name="Ask for a sign-off of 1.1", exact=True).click()
    expect(phone.get_by_text("No patient may be recognized.")).to_be_visible()
    phone.get_by_label("Comment").fill("With the new printer.")
    files = phone.get_by_label("Choose files")
    image = FilePayload(name="IMG_0042.HEIC", mimeType="image/heic", buffer=photo(size=(1200, 900), form="HEIF"))
    files.set_input_files([image, FilePayload(name="fake.jpg", mimeType="image/jpeg", buffer=HTML)])
    phone.get_by_role("button", name="Ask for this sign-off").click()
    expect(phone.get_by_text("fake.jpg: This is neither a photo").first).to_be_visible()
    expect(phone.get_by_role("checkbox", name="IMG_0042.jpg")).to_be_checked()
    expect(phone.get_by_label("Comment")).to_have_value("With the new printer.")
    if scripts:
        assert_accessible(phone)
    phone.get_by_role("button", name="Ask for this sign-off").click()
    expect(phone.get_by_text("It is with Maria Alvarez, Dev Patel.").first).to_be_visible()

    page = enter(mentor, "/mentor/", width=390, scripts=scripts)
    page.get_by_role("region", name="Waiting for you").get_by_role("link", name="Rosa Diaz").click()
    expect(page.get_by_role("img", name="IMG_0042.jpg")).to_be_visible()
    expect(page.get_by_role("checkbox", name="IMG_0042.jpg")).to_be_checked()
    page.get_by_role("radio", name="Proficient").check()
    page.get_by_role("button", name="Sign: I examined the finished work").click()
    expect(page.get_by_text("Signed: 1.1, Proficient.")).to_be_visible()
    assert SignOffEvidence.objects.get().evidence == Evidence.objects.get()
    assert SignOff.objects.get().method == "work_product"
    page.goto(f"{page.url.split('/requests/')[0]}/records/{apprenticeship.pk}/skills/{SignOff.objects.get().skill_id}/")
    expect(page.get_by_role("img", name="IMG_0042.jpg")).to_be_visible()
