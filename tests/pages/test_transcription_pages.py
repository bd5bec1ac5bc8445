"""The sheet for what was signed on paper, and the list on which somebody else verifies it."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff, SkillStanding, Transcription
from tests.cast import STARTS_ON, level_of, signed, skill_of
from tests.evidence.files import PDF
from tests.requests.test_request_pages import At
from tests.transcribing import paper_refused, paper_verified, transcribed

pytestmark = pytest.mark.django_db
LIST = reverse("transcriptions")


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def filled(book: Apprenticeship, *codes: str, **changed: Any) -> dict[str, Any]:
    skills = [skill_of(book, code) for code in codes]
    return {
        "key": str(uuid.uuid4()),
        "signer_name": "R. Alvarez",
        "signer_role": "Journeyworker",
        "signed_on": STARTS_ON.isoformat(),
        "line": [str(skill.pk) for skill in skills],
        **{f"level-{skill.pk}": str(level_of(skill).pk) for skill in skills},
        "files": SimpleUploadedFile("sheet.pdf", PDF),
        **changed,
    }


def decided(*rows: Transcription, decision: str = "verify", **changed: Any) -> dict[str, Any]:
    return {"key": str(uuid.uuid4()), "decision": decision, "line": [f"{row.pk}:" for row in rows], **changed}


def test_one_sheet_is_transcribed_verified_and_shows_as_from_paper(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User, at: At
) -> None:
    where = reverse("transcribe", args=[apprenticeship.pk])
    assert where in at(coordinator).get(reverse("record", args=[apprenticeship.pk])).content.decode()
    page = at(coordinator).post(where, filled(apprenticeship, "1.1", "2.1"), follow=True).content.decode()
    assert "2 skills transcribed. They count once somebody else verifies them." in page
    rows = list(Transcription.objects.order_by("pk"))
    waiting = at(administrator).get(LIST).content.decode()
    assert waiting.count('name="line"') == 2
    assert "Verify # lines" in waiting
    page = at(administrator).post(LIST, decided(*rows), follow=True).content.decode()
    assert "2 lines verified. They count." in page
    assert SkillStanding.objects.filter(attained=True).count() == 2
    record = at(coordinator).get(reverse("record_skill", args=[apprenticeship.pk, rows[0].skill_id])).content.decode()
    for words in (
        "#s-transcribed",
        "From paper",
        "Signed on paper by <strong>R. Alvarez</strong>",
        "transcribed by Carol",
    ):
        assert words in record


def test_the_same_press_twice_is_told_the_same(apprenticeship: Apprenticeship, coordinator: User, at: At) -> None:
    where, sheet = reverse("transcribe", args=[apprenticeship.pk]), filled(apprenticeship, "1.1")
    assert at(coordinator).post(where, sheet).status_code == 302
    scan = str(Transcription.objects.get().evidence_uses.get().evidence_id)
    again = {name: value for name, value in sheet.items() if name != "files"} | {"evidence": scan}
    assert at(coordinator).post(where, again).status_code == 302
    other = {**filled(apprenticeship, "2.1"), "key": sheet["key"]}
    assert at(coordinator).post(where, other).status_code == 422
    assert Transcription.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"line": []}, 400, "Tick at least one skill."),
        ({"line": ["nonsense"]}, 400, "is not on this sheet"),
        ({"signer_name": ""}, 400, "Write it as it stands on the paper."),
        ({"signed_on": "2024-01-01"}, 400, "For what was learned before it, grant credit."),
        ({"signed_on": "31.1."}, 400, "Enter a valid date."),
        ({"files": ()}, 400, "Add a scan or a photo of the paper."),
        ({"level": ""}, 400, "Choose the level that the paper shows."),
        ({"day": "soon"}, 400, "Enter the date that the paper names."),
        ({"stands": True}, 409, "The paper adds nothing."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    apprenticeship: Apprenticeship,
    coordinator: User,
    mentor: User,
    at: At,
    changed: dict[str, Any],
    status: int,
    words: str,
) -> None:
    skill = skill_of(apprenticeship, "1.1")
    changed = {f"{name}-{skill.pk}" if name in ("level", "day") else name: value for name, value in changed.items()}
    if changed.pop("stands", False):
        signed(apprenticeship, mentor)
    answer = at(coordinator).post(
        reverse("transcribe", args=[apprenticeship.pk]), filled(apprenticeship, "1.1", **changed)
    )
    page = answer.content.decode()
    assert (answer.status_code, words in page, 'value="Journeyworker"' in page) == (status, True, True)
    assert not Transcription.objects.exists()


def test_lines_are_refused_with_a_reason_and_own_ones_only_withdrawn(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User, at: At
) -> None:
    (row,) = transcribed(apprenticeship, coordinator)
    no_reason = at(administrator).post(LIST, decided(row, decision="void"))
    assert (no_reason.status_code, "Say why; it stays" in no_reason.content.decode()) == (400, True)
    assert "Verify # lines" not in at(coordinator).get(f"{LIST}?show=own").content.decode()
    assert at(coordinator).post(LIST, decided(row)).status_code == 403
    page = at(administrator).post(LIST, decided(row, decision="void", reason="Not readable."), follow=True)
    assert "1 line taken out." in page.content.decode()
    late = at(administrator).post(LIST, decided(row))
    assert (late.status_code, "Something changed meanwhile" in late.content.decode()) == (409, True)
    assert at(administrator).post(LIST, decided()).status_code == 400
    assert not SignOff.objects.exists()


def test_the_list_filters_finds_and_downloads(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User, at: At
) -> None:
    first, second, _third = transcribed(apprenticeship, coordinator, "1.1", "2.1", "3.1", signer="=R. Alvarez")
    paper_verified(administrator, first)
    paper_refused(administrator, second)
    counts = {"": 1, "verified": 1, "void": 1, "all": 3, "own": 0, "nonsense": 1}
    for show, count in counts.items():
        page = at(administrator).get(f"{LIST}?show={show}&q=alvarez").content.decode()
        assert page.count("signed on paper by") == count
    assert "No line holds" in at(administrator).get(f"{LIST}?q=nobody").content.decode()
    table = at(administrator).get(reverse("transcriptions_csv") + "?show=all").content.decode()
    assert (table.count("\n"), "'=R. Alvarez" in table, "Refused" in table) == (4, True, True)


def test_the_list_asks_as_much_for_one_line_as_for_many(
    apprenticeship: Apprenticeship, coordinator: User, administrator: User, at: At
) -> None:
    counts = []
    for codes in (("1.1",), ("2.1", "2.2", "3.1", "3.2")):
        transcribed(apprenticeship, coordinator, *codes)
        browser = at(administrator)
        browser.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
