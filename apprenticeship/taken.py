"""A test as somebody reports that it was taken, and what can be wrong with the report."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.viewer import Viewer
from acts.sealing import can_be_kept
from apprenticeship.models import Apprenticeship, TestKind
from apprenticeship.models.testing import LONGEST

MOST_POINTS = Decimal("99999.99")


@dataclass(frozen=True)
class TestTaken:
    """One test of one skill: of which kind, when, with what result, by which instrument and examiner.

    `score` and `pass_mark` are points, both or neither; where they are given, `passed` must agree with them.
    `examiner` is the account of the examiner, where they have one.
    """

    kind: str
    taken_on: date
    passed: bool
    instrument: str
    examiner_name: str
    examiner_organization: str
    score: Decimal | None = None
    pass_mark: Decimal | None = None
    examiner: User | None = None

    @property
    def examiner_id(self) -> uuid.UUID | None:
        return self.examiner.pk if self.examiner else None

    def as_request(self) -> dict[str, Any]:
        """What the act's request says of it."""
        return {
            "kind": self.kind,
            "taken_on": self.taken_on.isoformat(),
            "passed": self.passed,
            "points": points_in_entry(self.score, self.pass_mark),
            "instrument": self.instrument,
            "examiner": examiner_in_entry(self),
        }


def points_in_entry(score: Decimal | None, pass_mark: Decimal | None) -> dict[str, str] | None:
    """Points as entries carry them: texts without needless zeros; None where the test knows no points."""
    if score is None or pass_mark is None:
        return None
    return {"score": plain_points(score), "pass_mark": plain_points(pass_mark)}


def plain_points(points: Decimal) -> str:
    """Points without needless zeros: "41", "41.5"."""
    return f"{points:.2f}".rstrip("0").rstrip(".") if points else "0"  # or a typed "-0" would stay one


def examiner_in_entry(taken: Any) -> dict[str, str | None]:
    """Who gave the test, as entries carry them; `taken` is a TestTaken or a TestResult."""
    return {
        "id": str(taken.examiner.pk) if taken.examiner else None,
        "name": taken.examiner_name,
        "organization": taken.examiner_organization,
    }


def problems_of_test(viewer: Viewer, book: Apprenticeship, taken: TestTaken) -> list[tuple[str, str]]:
    """What is wrong with the report, as (field, what to do); no query where the examiner's roles are loaded."""
    problems = []
    if taken.kind not in TestKind.values:
        problems.append(("kind", _("Choose which kind of test it was.")))
    if taken.taken_on > viewer.today(book.sponsor):
        problems.append(("taken_on", _("The date is in the future. Enter the day of the test.")))
    problems += _problems_of_points(taken)
    for name in LONGEST:
        problems += _problems_of_text(name, getattr(taken, name))
    if was_given_by(taken, book.apprentice):
        problems.append(("examiner_name", _("Nobody tests themselves. Name the person who gave the test.")))
    return problems


def _problems_of_points(taken: TestTaken) -> list[tuple[str, str]]:
    score, mark = taken.score, taken.pass_mark
    if score is None and mark is None:
        return []
    if score is None:
        return [("score", _("Enter the points reached, or leave the pass mark blank too."))]
    if mark is None:
        return [("pass_mark", _("Enter the points needed to pass, or leave the score blank too."))]
    problems = [
        (name, _("Points are a number from 0 to 99,999, with at most two decimals."))
        for name, points in (("score", score), ("pass_mark", mark))
        if not (points.is_finite() and 0 <= points <= MOST_POINTS and points == round(points, 2))
    ]
    if not problems and taken.passed != (score >= mark):
        return [("passed", _("The points say otherwise. Mend the points or the outcome."))]
    return problems


def _problems_of_text(name: str, text: str) -> list[tuple[str, str]]:
    asked = {
        "instrument": _("Name the test or checklist that was used."),
        "examiner_name": _("Name the person who gave the test."),
        "examiner_organization": _("Name the organization of the examiner."),
    }
    if not text.strip():
        return [(name, asked[name])]
    if len(text) > LONGEST[name] or not can_be_kept(text):
        return [(name, _("Keep it to %(most)s plain characters.") % {"most": LONGEST[name]})]
    return []


def was_given_by(test: Any, person: User) -> bool:
    """Whether `person` is the examiner, by account or by the printed name; `test` is a TestTaken or a TestResult."""
    return test.examiner_id == person.pk or _folded(test.examiner_name) == _folded(person.name)


def _folded(name: str) -> str:
    """A name as it is compared: without accents, capitals and spaces."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return "".join(plain.casefold().split())


Pair = tuple[uuid.UUID, uuid.UUID]
"""A book and a skill, by their ids."""
