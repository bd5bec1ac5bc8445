"""Tests as pages, papers and the API tell them: from the bytes of their entries, as signatures are."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from apprenticeship.models import Apprenticeship, TestKind, TestResult, TestUse, TestVoid
from apprenticeship.record import EntryIllegible, read, recorded, told
from reports.codes import Signed, word_of


@dataclass(frozen=True)
class Tested(Signed):
    """One result: what, when, with what outcome, by which examiner; and who recorded it.

    `points` are the score and the pass mark as text, or None. `voided` says that it was taken back.
    """

    test_result_id: uuid.UUID
    sequence: int
    kind: str
    taken_on: date
    passed: bool
    points: tuple[str, str] | None
    instrument: str
    examiner: str
    organization: str
    name: str
    role: str
    qualification: str
    at: datetime
    zone: str
    meaning: str
    meaning_language: str
    authentication: str
    voided: bool

    @property
    def kind_label(self) -> str:
        return word_of(self.kind, TestKind)


@dataclass(frozen=True)
class Voided(Signed):
    """That a result was taken back: who said so, and when. The reason is sealed."""

    sequence: int
    of_sequence: int
    name: str
    role: str
    at: datetime
    zone: str
    meaning: str
    meaning_language: str
    authentication: str


def tested_of(result: TestResult, *, voided: bool) -> Tested | None:
    """The result as its entry's bytes tell it, or None where they cannot be read; load `entry`."""
    try:
        content = read(result.entry)
        at, zone = recorded(content)
        body = told(content, "body", dict)
        points = None
        if body.get("points") is not None:
            points = (told(body, "points.score", str), told(body, "points.pass_mark", str))
        return Tested(
            test_result_id=result.pk,
            sequence=told(content, "sequence", int),
            kind=told(body, "kind", str),
            taken_on=date.fromisoformat(told(body, "taken_on", str)),
            passed=told(body, "passed", bool),
            points=points,
            instrument=told(body, "instrument", str),
            examiner=told(body, "examiner.name", str),
            organization=told(body, "examiner.organization", str),
            name=told(content, "by.name", str),
            role=told(content, "by.role", str),
            qualification=told(content, "by.qualification", str),
            at=at,
            zone=zone,
            meaning=told(body, "meaning.text", str),
            meaning_language=told(body, "meaning.language", str),
            authentication=told(content, "act.authentication", str),
            voided=voided,
        )
    except (EntryIllegible, ValueError):  # the day that was given may be none
        return None


def voided_of(void: TestVoid) -> Voided | None:
    """Who took a result back and when, or None where the bytes cannot be read; load `entry`."""
    try:
        content = read(void.entry)
        at, zone = recorded(content)
        return Voided(
            sequence=told(content, "sequence", int),
            of_sequence=told(content, "body.test_result", int),
            name=told(content, "by.name", str),
            role=told(content, "by.role", str),
            at=at,
            zone=zone,
            meaning=told(content, "body.meaning.text", str),
            meaning_language=told(content, "body.meaning.language", str),
            authentication=told(content, "act.authentication", str),
        )
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
