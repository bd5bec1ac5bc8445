"""The tests that a sign-off rests on: one that stands, was passed and still holds, for each that is demanded.

A result holds as long as the skill itself: where a skill is due again after some months, so is its test. A test
that is demanded is given by a third party: one that the signer gave carries nothing of theirs.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from apprenticeship.demands import Demands
from apprenticeship.lines import SignOffLine
from apprenticeship.models import Apprenticeship, Method, TestKind, TestResult
from apprenticeship.standing import add_months
from apprenticeship.taken import Pair, TestTaken, was_given_by
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


def problems_of_tests(line: SignOffLine, standing: Tests, *, signer: User) -> list[tuple[str, str]]:
    """Which demanded tests are lacking for `signer` to sign, as (field, what to do)."""
    problems = [why for kind in line.demands.tests if (why := _why_not(line, standing, kind, signer))]
    if line.method == Method.TEST and not problems and not tests_of(line, standing, signer=signer):
        problems.append(("method", _("No passed test stands for this skill. Record it, or choose how else you know.")))
    return problems


def tests_of(line: SignOffLine, standing: Tests, *, signer: User) -> list[TestResult | TestTaken]:
    """What this line rests on: the newest good result of each demanded kind; by method test at least one."""
    chosen = [good[0] for kind in line.demands.tests if (good := _good(line, standing, kind, signer))]
    if line.method == Method.TEST and not chosen:
        chosen = [test for test in _candidates(line, standing) if test.passed or not line.level.attained][:1]
    return chosen


def _candidates(line: SignOffLine, standing: Tests, kind: str = "") -> list[TestResult | TestTaken]:
    """What was reported on the same sheet, then what stands; the newest first."""
    known: list[TestResult | TestTaken] = [*line.tests, *standing.get((line.apprenticeship.pk, line.skill.pk), [])]
    return [test for test in known if not kind or test.kind == kind]


def _good(line: SignOffLine, standing: Tests, kind: str, signer: User) -> list[TestResult | TestTaken]:
    known = _candidates(line, standing, kind)
    return [test for test in known if holds(test, line.demands, on=line.observed_on, signer=signer)]


def holds(test: TestResult | TestTaken, demands: Demands, *, on: date, signer: User) -> bool:
    """Whether a passed test that is demanded carries a sign-off by `signer` of what was shown on the day `on`."""
    months = demands.due_again_months
    lasts = not months or on < add_months(test.taken_on, months)
    return test.passed and lasts and not was_given_by(test, signer)


def _why_not(line: SignOffLine, standing: Tests, kind: TestKind, signer: User) -> tuple[str, str] | None:
    """Why no test of this kind carries the line, with the field; None where one does."""
    if _good(line, standing, kind, signer):
        return None
    known = _candidates(line, standing, kind)
    if not known:
        lacking = {
            TestKind.PRACTICAL: _("A hands-on test is demanded. Record its result, then sign."),
            TestKind.WRITTEN: _("A written test is demanded. Record its result, then sign."),
        }
        return LACKING[kind], lacking[kind]
    day = {"date": date_format(known[0].taken_on)}
    if not known[0].passed:
        return LACKING[kind], _("The test of %(date)s was not passed. This level needs one that was.") % day
    if not was_given_by(known[0], signer):
        return LACKING[kind], _("The test of %(date)s is too old for this sign-off. It needs a newer one.") % day
    if isinstance(known[0], TestTaken):
        own = _("That is you. Whoever signs cannot have given the test: name who did, or let another mentor sign.")
        return f"{kind.value}-examiner_name", own
    own = _("You gave the test of %(date)s yourself. It needs one that somebody else gave, or another mentor signs.")
    return LACKING[kind], own % day
