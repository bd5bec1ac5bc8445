"""Tests as pages, papers and the API tell them: from the bytes of their entries, as signatures are."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from apprenticeship.models import Apprenticeship, TestKind, TestResult, TestUse, TestVoid
from apprenticeship.record import EntryIllegible, read, told
from reports.codes import Signed, head_of, word_of


@dataclass(frozen=True)
class Tested(Signed):
    """One result: what, when, with what outcome, by which examiner; and who recorded it.

    `points` are the score and the pass mark as text, or None. `voided` says that it was taken back.
    """

    test_result_id: uuid.UUID
    kind: str
    taken_on: date
    passed: bool
    points: tuple[str, str] | None
    instrument: str
    examiner: str
    organization: str
    qualification: str
    voided: bool

    @property
    def kind_label(self) -> str:
        return word_of(self.kind, TestKind)


@dataclass(frozen=True)
class Voided(Signed):
    """That a result was taken back: who said so, and when. The reason is sealed."""

    of_sequence: int


def tested_of(result: TestResult, *, voided: bool) -> Tested | None:
    """The result as its entry's bytes tell it, or None where they cannot be read; load `entry`."""
    try:
        content = read(result.entry)
        body = told(content, "body", dict)
        points = None
        if body.get("points") is not None:
            points = (told(body, "points.score", str), told(body, "points.pass_mark", str))
        return Tested(
            **head_of(content),
            test_result_id=result.pk,
            kind=told(body, "kind", str),
            taken_on=date.fromisoformat(told(body, "taken_on", str)),
            passed=told(body, "passed", bool),
            points=points,
            instrument=told(body, "instrument", str),
            examiner=told(body, "examiner.name", str),
            organization=told(body, "examiner.organization", str),
            qualification=told(content, "by.qualification", str),
            voided=voided,
        )
    except (EntryIllegible, ValueError):  # the day that was given may be none
        return None


def voided_of(void: TestVoid) -> Voided | None:
    """Who took a result back and when, or None where the bytes cannot be read; load `entry`."""
    try:
        content = read(void.entry)
        return Voided(**head_of(content), of_sequence=told(content, "body.test_result", int))
    except EntryIllegible:
        return None


def tests_behind(apprenticeship: Apprenticeship) -> Mapping[uuid.UUID, tuple[Tested | None, ...]]:
    """By sign-off of this book the results that it rests on, in the order of the book; one query."""
    uses = TestUse.objects.filter(sign_off__apprenticeship=apprenticeship).select_related(
        "test_result__entry", "test_result__void"
    )
    found: dict[uuid.UUID, list[Tested | None]] = {}
    for use in sorted(uses, key=lambda use: use.test_result.entry.sequence):
        result = use.test_result
        found.setdefault(use.sign_off_id, []).append(tested_of(result, voided=hasattr(result, "void")))
    return {sign_off: tuple(tests) for sign_off, tests in found.items()}
