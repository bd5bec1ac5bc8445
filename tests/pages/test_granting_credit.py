"""The coordinator's sheet for credit: from a request, or from a transcript on the desk."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, AskKind, RequestedSkill, SignOff
from tests.cast import asked, level_of, signed, skill_of
from tests.requests.test_request_pages import At

pytestmark = pytest.mark.django_db
DATED = "2024-05-01"


def filled(book: Apprenticeship, *codes: str, **changed: Any) -> dict[str, Any]:
    skills = [skill_of(book, code) for code in codes]
    return {
        "key": str(uuid.uuid4()),
        "line": [f"{skill.pk}:" for skill in skills],
        **{f"level-{skill.pk}": str(level_of(skill).pk) for skill in skills},
        "dated": DATED,
        "note": "Certificate 4711 of the county college.",
        **changed,
    }


def address(book: Apprenticeship, row: RequestedSkill | None = None) -> str:
    return reverse("grant_credit", args=[book.pk]) + (f"?request={row.request_id}" if row else "")


def test_what_was_asked_for_is_granted_and_shows_as_credit(
    apprenticeship: Apprenticeship, coordinator: User, apprentice: User, at: At
) -> None:
    (row,) = asked(apprenticeship, kind=AskKind.CREDIT, comment="My certificate of 2024.")
    browser, where = at(coordinator), address(apprenticeship, row)
    assert where in browser.get(reverse("sign_off_request", args=[row.request_id])).content.decode()
    sheet = browser.get(where).content.decode()
    assert "My certificate of 2024." in sheet
    assert sheet.count(':" checked>') == 1
    wanted = filled(apprenticeship, "1.1")
    page = browser.post(where, wanted, follow=True).content.decode()
    assert "Credit granted for 1 skill." in page
    assert browser.post(where, wanted).status_code == 302  # the same press, told the same
    assert SignOff.objects.get().method == "credit"
    record = at(apprentice).get(f"/records/{apprenticeship.pk}/skills/{row.skill_id}/").content.decode()
    assert "#s-credit" in record
    assert "Carol Jones" in record


def test_a_transcript_on_the_desk_is_credited_without_a_request(
    apprenticeship: Apprenticeship, coordinator: User, at: At
) -> None:
    own = {f"day-{skill_of(apprenticeship, '2.1').pk}": "2023-01-15"}
    at(coordinator).post(address(apprenticeship), filled(apprenticeship, "1.1", "2.1", **own))
    dates = {row.skill.code: str(row.observed_on) for row in SignOff.objects.all()}
    assert dates == {"1.1": DATED, "2.1": "2023-01-15"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"line": []}, "Tick at least one skill."),
        ({"line": ["nonsense:"]}, "is not on this sheet"),
        ({"dated": ""}, "Enter the date of the documents."),
        ({"dated": "2031-01-01"}, "The date is in the future."),
        ({"note": " "}, "Say which documents you examined."),
        ({"note": "Steady hands." * 200}, "The note is too long."),
        ({"level": ""}, "Choose the level that the documents show."),
        ({"level": "00000000-0000-0000-0000-000000000000"}, "Choose the level that the documents show."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    apprenticeship: Apprenticeship, coordinator: User, at: At, changed: dict[str, Any], words: str
) -> None:
    if "level" in changed:
        changed = {f"level-{skill_of(apprenticeship, '1.1').pk}": changed["level"]}
    wrong = filled(apprenticeship, "1.1", **changed)
    answer = at(coordinator).post(address(apprenticeship), wrong)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert str(wrong["note"]).strip() in page
    assert not SignOff.objects.exists()


def test_a_stale_sheet_and_a_used_key_grant_nothing(
    apprenticeship: Apprenticeship, coordinator: User, mentor: User, at: At
) -> None:
    browser, wanted = at(coordinator), filled(apprenticeship, "1.1")
    signed(apprenticeship, mentor, level="in-training")
    stale = browser.post(address(apprenticeship), wanted)
    assert (stale.status_code, "Somebody signed one of these" in stale.content.decode()) == (409, True)
    other = filled(apprenticeship, "1.2")
    browser.post(address(apprenticeship), other)
    reused = browser.post(address(apprenticeship), {**filled(apprenticeship, "1.3"), "key": other["key"]})
    assert (reused.status_code, "4711" in reused.content.decode()) == (422, True)
    assert SignOff.objects.filter(method="credit").count() == 1


def test_a_request_of_another_book_leads_nowhere(apprenticeship: Apprenticeship, coordinator: User, at: At) -> None:
    for named in ("nonsense", str(uuid.uuid4())):
        assert at(coordinator).get(f"{address(apprenticeship)}?request={named}").status_code == 404
