"""What is signed long after it was shown is a late entry: it says why, and everybody reads that it is late."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from apprenticeship.limits import LimitsInvalid
from apprenticeship.models import Apprenticeship, SignOff, Terms
from apprenticeship.record import read
from apprenticeship.signoff import SignOffInvalid, sign_off
from apprenticeship.verifying import verify_record
from tests.cast import TODAY, line, signed, viewer_for

LONG_PAST = TODAY - timedelta(days=8)
WHY = "The tablet was broken that week."


def problems_of(book: Apprenticeship, mentor: User, **rest: Any) -> list[tuple[str, str]]:
    with pytest.raises(SignOffInvalid) as refusal:
        sign_off(viewer=viewer_for(mentor), key="k", line=line(book, **rest))
    assert not SignOff.objects.exists()
    return [(problem.field, problem.message) for problem in refusal.value.problems]


def limited(terms: Terms, days: Any) -> Terms:
    """The terms, which nobody has pinned yet, with another number of days."""
    terms.signing_limits = {"late_after_days": days}
    terms.save()
    return terms


def test_a_late_signature_without_a_reason_is_refused(apprenticeship: Apprenticeship, mentor: User) -> None:
    asked = "It was shown more than 7 days ago. Say why it is signed only now."
    assert problems_of(apprenticeship, mentor, observed_on=LONG_PAST) == [("late_reason", asked)]
    assert problems_of(apprenticeship, mentor, observed_on=LONG_PAST, late_reason="  ") == [("late_reason", asked)]


def test_the_reason_is_sealed_and_marks_the_entry(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor, observed_on=LONG_PAST, late_reason=WHY)
    assert made.late_reason
    assert made.late_reason.text == WHY
    assert read(made.entry)["body"]["late_reason"] == made.late_reason.digest
    assert "tablet" not in made.entry.canonical
    assert verify_record(apprenticeship).is_intact


def test_on_the_seventh_day_it_is_not_late(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signed(apprenticeship, mentor, observed_on=TODAY - timedelta(days=7), late_reason=WHY)
    assert made.late_reason is None
    assert "late_reason" not in read(made.entry)["body"]


@pytest.mark.parametrize(("why", "words"), [("x" * 2001, "too long"), ("a\x00b", "cannot be kept")])
def test_a_reason_that_cannot_be_kept_is_refused(
    apprenticeship: Apprenticeship, mentor: User, why: str, words: str
) -> None:
    found = problems_of(apprenticeship, mentor, observed_on=LONG_PAST, late_reason=why)
    assert [(field, words in message) for field, message in found] == [("late_reason", True)]


def test_the_terms_say_how_many_days(terms: Terms, request: pytest.FixtureRequest, mentor: User) -> None:
    limited(terms, 0)
    book: Apprenticeship = request.getfixturevalue("apprenticeship")
    yesterday = TODAY - timedelta(days=1)
    assert [field for field, _ in problems_of(book, mentor, observed_on=yesterday)] == ["late_reason"]
    assert signed(book, mentor).late_reason is None


@pytest.mark.parametrize("limits", [{"late_after_days": -1}, {"late_after_days": "7"}, {"late": 7}, [7]])
def test_limits_that_are_none_are_refused(terms: Terms, limits: Any) -> None:
    terms.signing_limits = limits
    with pytest.raises(LimitsInvalid):
        terms.save()


def test_the_day_is_judged_in_the_sponsors_zone(apprenticeship: Apprenticeship, mentor: User) -> None:
    assert viewer_for(mentor).today(apprenticeship.sponsor) == date(2026, 3, 2)
    assert signed(apprenticeship, mentor, observed_on=date(2026, 2, 23)).late_reason is None
