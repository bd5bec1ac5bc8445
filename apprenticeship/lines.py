"""A line to be signed, and what can be wrong with it before anything is looked up."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.viewer import Viewer
from acts.sealing import can_be_kept
from apprenticeship.demands import LONGEST_NUMBER, LONGEST_VERSION, Demands, demands_of
from apprenticeship.limits import late_after_days
from apprenticeship.models import Apprenticeship, Method, Transcription, Worksite
from apprenticeship.taken import TestTaken, problems_of_test
from competencies.models import RatingLevel, Skill

LONGEST_NOTE = 2000
"""How many characters a mentor's note may have, and a reason for signing late."""


@dataclass(frozen=True)
class SignOffLine:
    """One skill of one apprentice to be signed at one level.

    `replaces` is the live sign-off the signer saw (its id), or None where they saw none. `late_reason` says why
    it is signed so long after the day it was shown, and is kept only where that is so; the procedure is the one
    that the signer held the work against; `evidence` names what lies beside it;
    `tests` are reported with it and recorded in the same act. `transcription` is what is verified by it.
    """

    apprenticeship: Apprenticeship
    skill: Skill
    level: RatingLevel
    method: str
    observed_on: date
    replaces: uuid.UUID | None
    worksite: Worksite | None = None
    note: str = ""
    late_reason: str = ""
    procedure_number: str = ""
    procedure_version: str = ""
    evidence: tuple[uuid.UUID, ...] = ()
    tests: tuple[TestTaken, ...] = ()
    transcription: Transcription | None = None

    @property
    def judges_work(self) -> bool:
        """Whether its signer judges work, and does not go by documents or by a paper that others signed."""
        return self.method not in (Method.CREDIT, Method.TRANSCRIBED)

    @property
    def is_credit(self) -> bool:
        """Whether it grants credit for earlier learning instead of judging work."""
        return self.method == Method.CREDIT

    @property
    def demands(self) -> Demands:
        """What is asked of this line: nothing below the threshold, where the skill is still being learned.

        Nor of credit and of what was transcribed: what was learned before can not have been tested by today's terms.
        """
        asked = self.level.attained and self.judges_work
        return demands_of(self.skill, self.apprenticeship.terms) if asked else Demands()

    def is_late(self, viewer: Viewer) -> bool:
        """Whether `viewer`, who judges work, signs it so long after it was shown that the record shall say why."""
        passed = viewer.today(self.apprenticeship.sponsor) - self.observed_on
        return self.judges_work and passed.days > late_after_days(self.apprenticeship.terms)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one line: its place in the list (from 0), the field, and what to do."""

    line: int
    field: str
    message: str


class SignOffInvalid(Exception):
    """Wrong input in one or more lines; nothing was signed. The edge answers 400."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)


def problems_of(viewer: Viewer, line: SignOffLine) -> list[tuple[str, str]]:
    """What is wrong with one line, as (field, what to do); no query beyond what the line has loaded."""
    apprenticeship, problems = line.apprenticeship, []
    if line.skill.skill_set.version_id != apprenticeship.terms.standard_version_id:
        problems.append(("skill", _("This skill is not part of the standard this apprentice follows.")))
    if line.level.scale_id != line.skill.scale_id:
        problems.append(("level", _("This level is not on the scale of this skill.")))
    if line.method not in Method.values:
        problems.append(("method", _("Choose how you came to your judgment.")))
    if (line.method == Method.TRANSCRIBED or line.transcription) and not _says_what_was_transcribed(line):
        problems.append(("method", _("Only what was transcribed from paper is signed this way.")))
    problems += _problems_of_the_day(viewer, line)
    if line.worksite and line.worksite.employer.sponsor_id != apprenticeship.sponsor_id:
        problems.append(("worksite", _("This worksite does not belong to the apprentice's sponsor.")))
    for taken in line.tests:
        found = problems_of_test(viewer, apprenticeship, taken)
        problems += [(f"{taken.kind}-{name}", message) for name, message in found]
    return [*problems, *_problems_of_demands(line), *_problems_of_words(line)]


def _says_what_was_transcribed(line: SignOffLine) -> bool:
    """Whether the line is just what its transcription says."""
    paper = line.transcription
    return (
        paper is not None
        and line.method == Method.TRANSCRIBED
        and (paper.apprenticeship_id, paper.skill_id) == (line.apprenticeship.pk, line.skill.pk)
        and (paper.level_id, paper.signed_on) == (line.level.pk, line.observed_on)
    )


def _problems_of_demands(line: SignOffLine) -> list[tuple[str, str]]:
    """What the demands ask of the line itself; whether the tests are there is asked once the book is locked."""
    demands, problems = line.demands, []
    if demands.evidence and not line.evidence:
        problems.append(("evidence", _("Evidence of the work is demanded. Add a photo or a file of it.")))
    if demands.procedure_number and line.procedure_number != demands.procedure_number:
        held = _("Confirm that you held the work against procedure %(procedure)s.")
        problems.append(("procedure_version", held % {"procedure": demands.procedure_number}))
    elif line.procedure_number and not line.procedure_version.strip():
        problems.append(("procedure_version", _("Say which version of the procedure you held the work against.")))
    elif line.procedure_version and not line.procedure_number:
        problems.append(("procedure_number", _("Name the procedure of which this is a version.")))
    return problems


def _problems_of_the_day(viewer: Viewer, line: SignOffLine) -> list[tuple[str, str]]:
    """What is wrong with the day it was shown: one thing at most."""
    book = line.apprenticeship
    if line.observed_on > viewer.today(book.sponsor):
        return [("observed_on", _("The date is in the future. Enter the day it was shown to you."))]
    if line.observed_on < book.starts_on and not line.is_credit:
        return [("observed_on", _("The date is before the apprenticeship began. Enter a later day."))]
    if line.is_late(viewer) and not line.late_reason.strip():
        return [("late_reason", late_without_reason(late_after_days(book.terms)))]
    return []


def late_without_reason(days: int) -> str:
    """What is asked of somebody who signs more than `days` days after it was shown."""
    asked = ngettext(
        "It was shown more than %(days)s day ago. Say why it is signed only now.",
        "It was shown more than %(days)s days ago. Say why it is signed only now.",
        days,
    )
    return asked % {"days": days}


def _problems_of_words(line: SignOffLine) -> list[tuple[str, str]]:
    """What was typed and is too long, or cannot be kept."""
    problems = []
    if len(line.note) > LONGEST_NOTE:
        too_long = _("The note is too long. Keep it to %(most)s characters.") % {"most": LONGEST_NOTE}
        problems.append(("note", too_long))
    if not can_be_kept(line.note):
        problems.append(("note", _("The note contains signs that cannot be kept. Type it again.")))
    if len(line.late_reason) > LONGEST_NOTE:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_NOTE}
        problems.append(("late_reason", too_long))
    if not can_be_kept(line.late_reason):
        problems.append(("late_reason", _("The reason contains signs that cannot be kept. Type it again.")))
    for field, text, most in (
        ("procedure_number", line.procedure_number, LONGEST_NUMBER),
        ("procedure_version", line.procedure_version, LONGEST_VERSION),
    ):
        if len(text) > most or not can_be_kept(text):
            problems.append((field, _("Keep it to %(most)s plain characters.") % {"most": most}))
    return problems
