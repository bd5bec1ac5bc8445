"""The wage steps of Terms: what one step says, and what is wrong with a list of them (29 CFR 29.5(b)(5)).

A step is `{"label": "Second year", "percent": "60", "due": {"months": 12}}`, or with `"amount": "21.50"` (dollars
an hour) instead of the percentage of the journeyworker's wage. `due` names one measure and how much of it: months
since the start, hours on the job, or skills attained. Percentages and amounts are texts, so that they stay exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from acts.sealing import can_be_kept

MOST_STEPS = 40
LONGEST_LABEL = 80
MOST_DUE = {"months": 120, "hours": 20_000, "skills": 1_000}
"""The measures by which a step can be due, each with the most that makes sense."""
MOST_PERCENT, MOST_AMOUNT = Decimal(100), Decimal(1_000)
PLACES = -2
"""Two digits after the point at most: of a percentage, and of dollars an hour."""


@dataclass(frozen=True)
class WageProblem:
    """What is wrong with one step: its place in the list (from 0), the field, and what to do.

    The field is "label", "wage", "due", or "" where it is the step, or the list, as a whole.
    """

    step: int
    field: str
    message: str


class WageStepsInvalid(ValueError):
    """The wage steps of Terms are none; `problems` says everything that is wrong with them."""

    def __init__(self, problems: list[WageProblem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


def check_wage_steps(steps: Any) -> None:
    """Raise WageStepsInvalid unless `steps` is a list of wage steps, in order, that rise; [] is one too."""
    if not isinstance(steps, list):
        raise WageStepsInvalid([WageProblem(0, "", _("Wage steps are a list."))])
    if len(steps) > MOST_STEPS:
        too_many = _("Keep it to %(most)s wage steps.") % {"most": MOST_STEPS}
        raise WageStepsInvalid([WageProblem(MOST_STEPS, "", too_many)])
    problems = [problem for place, step in enumerate(steps) for problem in _problems_of_step(place, step)]
    if not problems:  # what is no step cannot be compared with its neighbors
        problems = _problems_of_order(steps)
    if problems:
        raise WageStepsInvalid(problems)


def wage_of(step: Mapping[str, Any]) -> tuple[str, Decimal]:
    """Whether a checked step is paid by "percent" or by "amount", and how much."""
    kind = "percent" if "percent" in step else "amount"
    return kind, Decimal(step[kind])


def due_of(step: Mapping[str, Any]) -> tuple[str, int]:
    """By which measure a checked step is due ("months", "hours" or "skills"), and from how much of it."""
    ((measure, needed),) = step["due"].items()
    return measure, needed


def _problems_of_step(place: int, step: Any) -> list[WageProblem]:
    if not isinstance(step, dict) or not step.keys() <= {"label", "percent", "amount", "due"}:
        return [WageProblem(place, "", _("A wage step has a name, a percentage or an amount, and when it is due."))]
    problems = []
    label = step.get("label")
    if not isinstance(label, str) or not label.strip():
        problems.append(WageProblem(place, "label", _("Name the step, for example “Second year”.")))
    elif len(label) > LONGEST_LABEL or not can_be_kept(label):
        too_long = _("Keep the name to %(most)s plain characters.") % {"most": LONGEST_LABEL}
        problems.append(WageProblem(place, "label", too_long))
    return [*problems, *_problems_of_wage(place, step), *_problems_of_due(place, step.get("due"))]


def _problems_of_wage(place: int, step: Mapping[str, Any]) -> list[WageProblem]:
    kinds = [kind for kind in ("percent", "amount") if kind in step]
    if len(kinds) != 1:
        return [WageProblem(place, "wage", _("Enter either a percentage or an amount."))]
    number = _number(step[kinds[0]])
    if kinds[0] == "percent" and (number is None or not 0 < number <= MOST_PERCENT):
        told = _("Enter a percentage above 0 and up to 100, with at most two digits after the point.")
        return [WageProblem(place, "wage", told)]
    if kinds[0] == "amount" and (number is None or not 0 < number <= MOST_AMOUNT):
        told = _("Enter dollars an hour, above 0 and up to %(most)s, with at most two digits after the point.")
        return [WageProblem(place, "wage", told % {"most": MOST_AMOUNT})]
    return []


def _number(text: Any) -> Decimal | None:
    """The number that a text like "60" or "21.50" gives; None where it is no such text."""
    if not isinstance(text, str) or not text.isascii() or not set(text) <= set("0123456789."):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    return number if isinstance(exponent, int) and exponent >= PLACES else None


def _problems_of_due(place: int, due: Any) -> list[WageProblem]:
    if not isinstance(due, dict) or len(due) != 1 or not due.keys() <= MOST_DUE.keys():
        return [WageProblem(place, "due", _("Say when it is due: after months, after hours or after skills."))]
    ((measure, needed),) = due.items()
    if type(needed) is not int or not 0 <= needed <= MOST_DUE[measure]:
        told = _("Enter a whole number from 0 to %(most)s.") % {"most": MOST_DUE[measure]}
        return [WageProblem(place, "due", told)]
    return []


def _problems_of_order(steps: list[dict[str, Any]]) -> list[WageProblem]:
    """Where a step does not rise above those before it: in its wage, and within its measure in when it is due."""
    problems, labels, reached = [], set(), dict[str, int]()
    for place, step in enumerate(steps):
        if step["label"].strip() in labels:
            problems.append(WageProblem(place, "label", _("Another step has this name already.")))
        labels.add(step["label"].strip())
        if place:
            (was, less), (kind, more) = wage_of(steps[place - 1]), wage_of(step)
            if was != kind:
                told = _("Enter all steps as percentages, or all as amounts.")
                problems.append(WageProblem(place, "wage", told))
            elif more <= less:
                problems.append(WageProblem(place, "wage", _("Each step pays more than the one before it.")))
        measure, needed = due_of(step)
        if measure in reached and needed <= reached[measure]:
            problems.append(WageProblem(place, "due", _("Each step is due later than the one before it.")))
        reached[measure] = needed
    return problems
