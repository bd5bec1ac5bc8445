"""The tests that a sign-off rests on: one that stands, was passed and still holds, for each that is demanded.

A result holds as long as the skill itself: where a skill is due again after some months, so is its test.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apprenticeship.demands import Demands
from apprenticeship.lines import SignOffLine
from apprenticeship.models import Apprenticeship, Method, TestKind, TestResult
from apprenticeship.standing import add_months
from apprenticeship.taken import Pair, TestTaken
from competencies.models import Skill

Tests = Mapping[Pair, Sequence[TestResult]]
"""The results that stand, by book and skill, the newest first."""

LACKING = {TestKind.PRACTICAL: "practical_test", TestKind.WRITTEN: "written_test"}
"""The field of a line that is wrong when a test of this kind is lacking."""


def standing_results(lines: Sequence[SignOffLine]) -> Tests:
    """The results that stand for the skills of those lines that ask for one; no query where none does."""
    asking = [line for line in lines if line.demands.tests or line.method == Method.TEST]
    found: dict[Pair, list[TestResult]] = defaultdict(list)
    if asking:
        wanted = Q(apprenticeship__in={line.apprenticeship.pk for line in asking})
        wanted &= Q(skill__in={line.skill.pk for line in asking})
        results = TestResult.objects.standing().filter(wanted).select_related("entry")
        for result in results.order_by("-taken_on", "-entry__sequence"):
            found[result.apprenticeship_id, result.skill_id].append(result)
    return found


def shown_results(apprenticeship: Apprenticeship, skill: Skill) -> list[TestResult]:
    """The results that stand for one skill, the newest first, for the sheet on which it is signed; one query."""
    results = TestResult.objects.standing().filter(apprenticeship=apprenticeship, skill=skill)
    return list(results.select_related("entry").order_by("-taken_on", "-entry__sequence"))


def problems_of_tests(line: SignOffLine, standing: Tests) -> list[tuple[str, str]]:
    """Which demanded tests are lacking, as (field, what to do)."""
    problems = [(LACKING[kind], _why_not(line, standing, kind)) for kind in line.demands.tests]
    problems = [(field, why) for field, why in problems if why]
    if line.method == Method.TEST and not problems and not tests_of(line, standing):
        problems.append(("method", _("No passed test stands for this skill. Record it, or choose how else you know.")))
    return problems


def tests_of(line: SignOffLine, standing: Tests) -> list[TestResult | TestTaken]:
    """What this line rests on: the newest good result of each demanded kind; by method test at least one."""
    chosen = [good[0] for kind in line.demands.tests if (good := _good(line, standing, kind))]
    if line.method == Method.TEST and not chosen:
        chosen = [test for test in _candidates(line, standing) if test.passed or not line.level.attained][:1]
    return chosen


def _candidates(line: SignOffLine, standing: Tests, kind: str = "") -> list[TestResult | TestTaken]:
    """What was reported on the same sheet, then what stands; the newest first."""
    known: list[TestResult | TestTaken] = [*line.tests, *standing.get((line.apprenticeship.pk, line.skill.pk), [])]
    return [test for test in known if not kind or test.kind == kind]


def _good(line: SignOffLine, standing: Tests, kind: str) -> list[TestResult | TestTaken]:
    return [test for test in _candidates(line, standing, kind) if _holds(line, test)]


def _holds(line: SignOffLine, test: TestResult | TestTaken) -> bool:
    return holds(test, line.demands, on=line.observed_on)


def holds(test: TestResult | TestTaken, demands: Demands, *, on: date) -> bool:
    """Whether a passed test carries a sign-off of what was shown on the day `on`."""
    months = demands.due_again_months
    return test.passed and (not months or on < add_months(test.taken_on, months))


def _why_not(line: SignOffLine, standing: Tests, kind: TestKind) -> str:
    """Why no test of this kind carries the line; blank where one does."""
    if _good(line, standing, kind):
        return ""
    known = _candidates(line, standing, kind)
    if not known:
        return {
            TestKind.PRACTICAL: _("A hands-on test is demanded. Record its result, then sign."),
            TestKind.WRITTEN: _("A written test is demanded. Record its result, then sign."),
        }[kind]
    day = {"date": date_format(known[0].taken_on)}
    if not known[0].passed:
        return _("The test of %(date)s was not passed. This level needs one that was.") % day
    return _("The test of %(date)s is too old for this sign-off. It needs a newer one.") % day
