"""The kinds of entry about tests, and how each typed row must agree with its entry."""

from collections.abc import Iterable, Mapping
from typing import Any

from acts.statements import Ready
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship, TestResult, TestVoid
from apprenticeship.record import skill_in_entry
from apprenticeship.testing import result_in_entry

RESULTS = Ready(
    lambda book: TestResult.objects.filter(apprenticeship=book).select_related(
        "skill__skill_set", "skill__parent", "examiner"
    ),
    "book",
)
VOIDS = Ready(
    lambda book: TestVoid.objects.filter(test_result__apprenticeship=book).select_related(
        "reason", "test_result__entry", "test_result__skill__skill_set", "test_result__skill__parent"
    ),
    "book",
)


def _results(apprenticeship: Apprenticeship) -> Iterable[TestResult]:
    return RESULTS(book=apprenticeship.pk)


def _describe_result(row: TestResult) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.recorded_by_id),
        "body.skill": skill_in_entry(row.skill),
        **{f"body.{name}": value for name, value in result_in_entry(row).items()},
    }


def _voids(apprenticeship: Apprenticeship) -> Iterable[TestVoid]:
    return VOIDS(book=apprenticeship.pk)


def _describe_void(row: TestVoid) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.test_result.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.test_result": row.test_result.entry.sequence,
        "body.skill": skill_in_entry(row.test_result.skill),
        "body.reason": row.reason.digest,
    }


TEST_RESULT = RecordKind(code="test_result", rows=_results, describe=_describe_result)
TEST_RESULT_VOID = RecordKind(code="test_result_void", rows=_voids, describe=_describe_void)
