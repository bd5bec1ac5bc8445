"""What stands now can always be made again from what was signed, whatever happened before."""

import uuid
from contextlib import suppress
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from acts.guards import lifted
from apprenticeship.agreeing import AlreadySaid
from apprenticeship.models import Apprenticeship, SkillStanding
from apprenticeship.signoff import sign_off
from apprenticeship.standing import add_months
from apprenticeship.takingback import take_back
from apprenticeship.verifying import verify_record
from competencies.models import Skill
from tests.agreements import agreed, demands_ok, disagreed
from tests.cast import line, signed, viewer_for

# A skill for itself, a parent and two of its seven steps, one skill of another scale.
CODES = ("1.1", "4.1", "4.2", "4.3", "1.5")
LEVELS = {"1.5": ("introduced", "can-explain-and-apply")}
ACTS = ["low", "high", "mistake", "no_longer_stands", "agree", "disagree"]
STEPS = st.tuples(st.sampled_from(CODES), st.sampled_from(ACTS))


@pytest.fixture
def demanding(apprenticeship: Apprenticeship) -> Apprenticeship:
    """Rosa's book, in which a skill for itself and a step count only with her OK."""
    return demands_ok(apprenticeship, "1.1", "4.2")


def rows() -> list[tuple[Any, ...]]:
    """Every row of the projection without its own number, which a rebuild gives anew."""
    stands = ("sign_off_id", "revocation_id", "counter_signature_id", "attained", "due_on")
    columns = ("apprenticeship_id", "skill__code", *stands)
    return sorted(SkillStanding.objects.values_list(*columns), key=str)


def act(book: Apprenticeship, mentor: User, code: str, what: str) -> None:
    """Do the next thing to a skill: sign it, or take back what stands or say something of it, where something does."""
    now = SkillStanding.objects.filter(apprenticeship=book, skill__code=code).select_related("sign_off").first()
    live = now.sign_off if now else None
    viewer, key = viewer_for(mentor), str(uuid.uuid4())
    if what in ("low", "high"):
        low, high = LEVELS.get(code, ("in-training", "proficient"))
        sign_off(viewer=viewer, key=key, line=line(book, code, level={"low": low, "high": high}[what], replaces=live))
    elif live and what in ("agree", "disagree"):
        with suppress(AlreadySaid):
            agreed(live) if what == "agree" else disagreed(live)
    elif live:
        take_back(viewer=viewer, key=key, sign_off=live, kind=what, reason="Seen otherwise.")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(STEPS, min_size=1, max_size=14))
def test_rebuilding_gives_the_same_rows_after_any_history(
    history: list[tuple[str, str]], demanding: Apprenticeship, mentor: User
) -> None:
    with transaction.atomic():
        for code, what in history:
            act(demanding, mentor, code, what)
        before = rows()
        call_command("rebuild_projections", stdout=StringIO())
        assert rows() == before
        assert verify_record(demanding).is_intact
        transaction.set_rollback(True)


def test_a_projection_that_was_lost_or_forged_is_made_again(apprenticeship: Apprenticeship, mentor: User) -> None:
    for code in ("1.1", "4.2", "4.1"):
        signed(apprenticeship, mentor, code)
    before = rows()
    SkillStanding.objects.filter(skill__code="4.1").update(attained=True, due_on=date(2030, 1, 1))
    SkillStanding.objects.filter(skill__code="1.1").delete()
    out = StringIO()
    call_command("rebuild_projections", stdout=out)
    assert rows() == before
    assert out.getvalue() == "1 books rebuilt.\n"


def test_a_skill_with_an_end_is_due_again_from_the_day_it_was_shown(
    apprenticeship: Apprenticeship, mentor: User
) -> None:
    with lifted(connection):
        Skill.objects.filter(code="1.1").update(due_again_months=6)
    low = signed(apprenticeship, mentor, "1.1", level="in-training", observed_on=date(2026, 2, 27))
    assert SkillStanding.objects.get().due_on is None
    signed(apprenticeship, mentor, "1.1", observed_on=date(2026, 2, 28), replaces=low)
    assert SkillStanding.objects.get().due_on == date(2026, 8, 28)
    before = rows()
    call_command("rebuild_projections", stdout=StringIO())
    assert rows() == before


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_a_month_that_is_too_short_ends_on_its_last_day(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later
