"""A late entry is asked for its reason on every sheet, and is called one wherever it is read."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship, SignOff
from reports.gathering import gather
from tests.cast import NOW, TODAY, signed, skill_of
from tests.pages import many, sheets

At = Callable[[User], Client]
LONG_PAST = (TODAY - timedelta(days=8)).isoformat()
WHY = "The tablet was broken that week."
ASKED = "It was shown more than 7 days ago. Say why it is signed only now."


def test_the_sheet_asks_why_and_keeps_what_was_typed(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    late = {"day": "other", "observed_on": LONG_PAST, "note": "Steady hands."}
    response = at(mentor).post(sheets.address(apprenticeship), sheets.sheet(apprenticeship, **late))
    page = response.content.decode()
    assert response.status_code == 400
    assert ASKED in page
    assert "Steady hands." in page
    assert "who run the program can read the reason; it is not printed." in page
    at(mentor).post(sheets.address(apprenticeship), sheets.sheet(apprenticeship, **late, late_reason=WHY))
    assert SignOff.objects.get().late_reason


def test_one_reason_serves_all_late_lines(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    address, codes = many.address(apprenticeship, "1.1", "1.2"), ("1.1", "1.2")
    late = {"day": "other", "observed_on": LONG_PAST}
    refused = at(mentor).post(address, many.sheet(apprenticeship, *codes, **late))
    assert refused.content.decode().count(ASKED) == 2  # above the form and beside the field
    at(mentor).post(address, many.sheet(apprenticeship, *codes, **late, late_reason=WHY))
    assert [made.late_reason is not None for made in SignOff.objects.all()] == [True, True]


def test_one_late_line_of_several_is_named(apprenticeship: Apprenticeship, mentor: User, at: At) -> None:
    address, second = many.address(apprenticeship, "1.1", "1.2"), skill_of(apprenticeship, "1.2")
    sent = many.sheet(apprenticeship, "1.1", "1.2", **{f"own-day-{second.pk}": LONG_PAST})
    page = at(mentor).post(address, sent).content.decode()
    assert "Sign the other 1" in page
    assert f'href="#line-{second.pk}"' in page
    at(mentor).post(address, {**sent, "late_reason": WHY})
    assert [made.late_reason is not None for made in SignOff.objects.order_by("entry__sequence")] == [False, True]


def test_everybody_reads_that_it_is_late_and_some_read_why(
    apprenticeship: Apprenticeship, mentor: User, apprentice: User, auditor: User, at: At
) -> None:
    made = signed(apprenticeship, mentor, observed_on=TODAY - timedelta(days=8), late_reason=WHY)
    skill = reverse("record_skill", args=[apprenticeship.pk, made.skill_id])
    pages = [skill, f"/records/{apprenticeship.pk}/", reverse("record_entries", args=[apprenticeship.pk])]
    for address in pages:
        assert "Late entry" in at(auditor).get(address).content.decode()
    assert WHY in at(apprentice).get(skill).content.decode()
    assert WHY not in at(auditor).get(skill).content.decode()


def test_paper_says_late_entry_without_the_reason(apprenticeship: Apprenticeship, mentor: User) -> None:
    signed(apprenticeship, mentor, "1.1", observed_on=TODAY - timedelta(days=8), late_reason=WHY)
    signed(apprenticeship, mentor, "1.2")
    paper = gather(apprenticeship.pk, at=NOW, language="en", paper="letter")
    lines = [line for part in paper.sets for line in part.skills if line.signed]
    assert [line.signed.late for line in lines if line.signed] == [True, False]
    assert "tablet" not in str(paper)
