"""Wage steps of Terms: each has a name, one wage and one measure by which it is due, and they rise."""

import re
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Sponsor
from apprenticeship.wages import WageStepsInvalid, check_wage_steps, due_of, wage_of
from competencies.models import StandardVersion
from tests.cast import make_terms

FIRST: dict[str, Any] = {"label": "Start", "percent": "50", "due": {"months": 0}}
SECOND: dict[str, Any] = {"label": "Second year", "percent": "62.5", "due": {"months": 12}}


def test_steps_that_rise_are_kept(sponsor: Sponsor, standard_version: StandardVersion) -> None:
    terms = make_terms(sponsor, standard_version)
    terms.wage_steps = [FIRST, SECOND, {"label": "All skills", "percent": "80", "due": {"skills": 49}}]
    terms.save()
    terms.refresh_from_db()
    assert (wage_of(terms.wage_steps[1]), due_of(terms.wage_steps[1])) == (("percent", Decimal("62.5")), ("months", 12))


def test_terms_refuse_steps_that_are_none(sponsor: Sponsor, standard_version: StandardVersion) -> None:
    terms = make_terms(sponsor, standard_version)
    terms.wage_steps = [{"label": "Start"}]
    with pytest.raises(WageStepsInvalid, match=re.escape("Enter either a percentage or an amount")):
        terms.save()


@pytest.mark.django_db(databases=[])
@pytest.mark.parametrize(
    ("steps", "problems"),
    [
        ({}, [(0, "")]),
        ([FIRST] * 41, [(40, "")]),
        (["Start"], [(0, "")]),
        ([{**FIRST, "color": "red"}], [(0, "")]),
        ([{**FIRST, "label": " "}], [(0, "label")]),
        ([{**FIRST, "label": "x" * 81}], [(0, "label")]),
        ([{**FIRST, "amount": "20"}], [(0, "wage")]),
        *(
            [[{**FIRST, "percent": wrong}], [(0, "wage")]]
            for wrong in ("0", "101", "1e1", "50.125", "", 50, "NaN", "٣")
        ),
        ([{"label": "Start", "amount": "1000.01", "due": {"months": 0}}], [(0, "wage")]),
        *([[{**FIRST, "due": wrong}], [(0, "due")]] for wrong in ({}, {"days": 3}, {"months": 1, "hours": 1}, None)),
        *([[{**FIRST, "due": {"months": wrong}}], [(0, "due")]] for wrong in (-1, 121, True, "12", 1.5)),
        ([FIRST, {**SECOND, "label": "Start "}], [(1, "label")]),
        ([FIRST, {**SECOND, "percent": "50.00"}], [(1, "wage")]),
        ([FIRST, {"label": "Second", "amount": "20", "due": {"hours": 1}}], [(1, "wage")]),
        ([FIRST, {**SECOND, "due": {"months": 0}}], [(1, "due")]),
        ([{"due": {}}], [(0, "label"), (0, "wage"), (0, "due")]),
    ],
)
def test_what_is_no_list_of_steps_is_refused_by_its_place(steps: Any, problems: list[tuple[int, str]]) -> None:
    with pytest.raises(WageStepsInvalid) as refused:
        check_wage_steps(steps)
    assert [(problem.step, problem.field) for problem in refused.value.problems] == problems
