"""The kind of entry of a decision about a requirement, and how its row must agree with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from acts.statements import Ready
from apprenticeship.kinds import RecordKind
from apprenticeship.models import Apprenticeship, RequirementDecision

DECISIONS = Ready(lambda book: RequirementDecision.objects.filter(apprenticeship=book), "book")


def _decisions(apprenticeship: Apprenticeship) -> Iterable[RequirementDecision]:
    return DECISIONS(book=apprenticeship.pk)


def _describe_decision(row: RequirementDecision) -> Mapping[str, Any]:
    return {
        "apprenticeship": str(row.apprenticeship_id),
        "by.id": str(row.by_id),
        "body.requirement.code": row.requirement,
        "body.grounds": row.grounds,
        "body.document": row.document,
        "body.decided_by": row.decided_by,
        "body.decided_on": row.decided_on.isoformat(),
    }


REQUIREMENT_DECISION = RecordKind(code="requirement_decision", rows=_decisions, describe=_describe_decision)
