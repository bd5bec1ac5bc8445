"""The sponsor's logo: written anew, shown to its people, printed from the file that the paper names."""

import io
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.access import NotPermitted
from accounts.logo import WITHIN, logo_bytes, set_logo
from accounts.models import Sponsor, User
from acts.models import AuditEvent
from acts.refusing import FileRefused
from apprenticeship.models import Apprenticeship
from reports.gathering import gather
from reports.rendering import AssetRefused, render_paper
from tests.cast import NOW, viewer_for
from tests.reports.sample import sample


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(color: str = "teal", *, form: str = "JPEG") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (1800, 300), color).save(file, form)
    return file


def kept(by: User, sponsor: Sponsor, file: Any) -> Sponsor:
    return set_logo(viewer=viewer_for(by), key=str(uuid.uuid4()), sponsor=sponsor, file=file)


def test_it_is_written_anew_within_bounds_and_can_go(administrator: User, sponsor: Sponsor) -> None:
    shown = kept(administrator, sponsor, picture())
    assert shown.logo
    sha256 = shown.logo.sha256
    image = Image.open(io.BytesIO(logo_bytes(sponsor.pk, sha256)))
    assert (image.format, image.size) == ("PNG", (WITHIN[0], 100))
    assert kept(administrator, sponsor, None).logo is None
    assert logo_bytes(sponsor.pk, sha256)  # what was printed keeps it
    traces = AuditEvent.objects.filter(kind="sponsor_logo_set").values_list("data__sha256", flat=True)
    assert sorted(traces) == ["", sha256]


@pytest.mark.parametrize("data", [b"", b"<svg onload='x()'/>", b"%PDF-1.7 %%EOF", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_refused(administrator: User, sponsor: Sponsor, data: bytes) -> None:
    with pytest.raises(FileRefused):
        kept(administrator, sponsor, io.BytesIO(data))
    assert Sponsor.objects.get(pk=sponsor.pk).logo is None


@pytest.mark.parametrize("role", ["coordinator", "mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_only_an_administrator_sets_it(role: str, sponsor: Sponsor, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        kept(request.getfixturevalue(role), sponsor, picture())


def test_it_stands_in_the_head_of_pages_of_its_people_alone(
    client: Client, administrator: User, outsider: User, sponsor: Sponsor
) -> None:
    client.force_login(administrator)
    address = reverse("change_logo", args=[sponsor.pk])
    wrong = client.post(address, {"key": str(uuid.uuid4())})
    assert "Choose a picture." in wrong.content.decode()
    file = picture(form="PNG")
    file.name = "logo.png"
    file.seek(0)
    page = client.post(address, {"key": str(uuid.uuid4()), "file": file}, follow=True).content.decode()
    image = reverse("sponsor_logo", args=[sponsor.pk])
    assert f'src="{image}?v=' in page
    assert client.get(image).headers["Content-Type"] == "image/png"
    client.force_login(outsider)
    assert client.get(image).status_code == 404


def test_a_paper_names_the_logo_and_is_made_with_that_file_alone(
    administrator: User, sponsor: Sponsor, apprenticeship: Apprenticeship
) -> None:
    shown = kept(administrator, sponsor, picture())
    assert shown.logo
    record = gather(apprenticeship.pk, at=NOW, language="en", paper="letter")
    assert record.who.logo == shown.logo.sha256
    logo = logo_bytes(sponsor.pk, record.who.logo)
    paper = replace(sample(), who=replace(sample().who, logo=record.who.logo))
    pdf = render_paper(paper, logo=logo)
    assert pdf == render_paper(paper, logo=logo)
    assert b"/Subtype /Image" in pdf
    with pytest.raises(AssetRefused):
        render_paper(paper, logo=logo + b"\x00")
