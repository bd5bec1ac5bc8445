"""Whatever was put in the place of an entry's bytes, the pages say that it cannot be read, and stay up."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import rfc8785
from django.test import Client

from accounts.models import User
from apprenticeship.models import Apprenticeship, RecordEntry, RevocationKind, SignOff
from apprenticeship.takingback import take_back
from tests.cast import signed, viewer_for
from tests.record.forging import forge

At = Callable[[User], Client]
WORDS = "This entry cannot be read"


def true_but(**changed: Any) -> str:
    """The bytes of a true-looking entry of which single values were changed to what no entry holds."""
    content = json.loads(RecordEntry.objects.get(sequence=1).canonical)
    return rfc8785.dumps(content | changed).decode()


FORGERIES: list[Callable[[], str]] = [
    lambda: "no JSON",
    lambda: "[]",
    lambda: "[" * 100_000,
    lambda: true_but(by="Maria"),
    lambda: true_but(by={"name": ["Maria"], "role": {}, "qualification": 7}),
    lambda: true_but(by={"name": "?", "role": "mentor", "qualification": ""}).replace("?", "\\ud800"),
    lambda: true_but(body=["a list"]),
    lambda: true_but(body={"skill": "1.1", "level": "Competent"}),
    lambda: true_but(zone="../../nowhere"),
    lambda: true_but(zone="x" * 5000),
    lambda: true_but(recorded_at="yesterday"),
    lambda: true_but(recorded_at="0001-01-01T00:00:00.000000Z"),
]


@pytest.fixture
def sign_off(apprenticeship: Apprenticeship, mentor: User) -> SignOff:
    return signed(apprenticeship, mentor)


def pages_of(browser: Client, made: SignOff) -> list[str]:
    """Every page that tells of this entry; each must open."""
    record = f"/records/{made.apprenticeship_id}"
    answers = [
        browser.get(address) for address in (f"{record}/entries/", f"{record}/", f"{record}/skills/{made.skill_id}/")
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    return [answer.content.decode() for answer in answers]


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_forged_signature_is_said_to_be_unreadable(
    sign_off: SignOff, auditor: User, at: At, forged: Callable[[], str]
) -> None:
    forge(RecordEntry.objects.all(), canonical=forged())
    assert all(WORDS in page for page in pages_of(at(auditor), sign_off))


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_forged_taking_back_is_said_to_be_unreadable(
    sign_off: SignOff, mentor: User, auditor: User, at: At, forged: Callable[[], str]
) -> None:
    take_back(
        viewer=viewer_for(mentor), key="k", sign_off=sign_off, kind=RevocationKind.NO_LONGER_STANDS, reason="spilled"
    )
    bytes_ = forged()
    forge(RecordEntry.objects.filter(sequence=2), canonical=bytes_)
    pages = pages_of(at(auditor), sign_off)
    assert all(WORDS in page for page in pages)
    assert all("No longer stands" in page for page in pages[1:])


def test_a_true_record_has_nothing_that_cannot_be_read(sign_off: SignOff, auditor: User, at: At) -> None:
    assert not any(WORDS in page for page in pages_of(at(auditor), sign_off))


def test_what_cannot_be_read_is_not_printed(sign_off: SignOff, mentor: User, at: At) -> None:
    forge(RecordEntry.objects.all(), canonical="{}")
    answer = at(mentor).post(f"/records/{sign_off.apprenticeship_id}/documents/", {"key": str(sign_off.pk)})
    assert answer.status_code == 409
    assert "cannot be printed" in answer.content.decode()


def test_the_figures_stand_as_they_were_signed(sign_off: SignOff, auditor: User, at: At) -> None:
    forge(RecordEntry.objects.all(), canonical="{}")
    answer = at(auditor).get(f"/api/v1/apprenticeships/{sign_off.apprenticeship_id}/progress/").json()
    skill = next(s for part in answer["sets"] for s in part["skills"] if s["id"] == str(sign_off.skill_id))
    assert (answer["attained"], skill["state"], skill["signature"], skill["illegible"]) == (1, "signed_off", None, True)
