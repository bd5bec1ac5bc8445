"""What stands now can always be made again from what was signed."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from acts.guards import lifted
from apprenticeship.models import Apprenticeship, SkillStanding
from apprenticeship.standing import add_months
from competencies.models import Skill
from tests.cast import signed


def rows() -> list[tuple[Any, ...]]:
    """Every row of the projection without its own number, which a rebuild gives anew."""
    stands = ("sign_off_id", "revocation_id", "counter_signature_id", "attained", "due_on")
    columns = ("apprenticeship_id", "skill__code", *stands)
    return sorted(SkillStanding.objects.values_list(*columns), key=str)


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
