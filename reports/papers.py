"""The progress record as paper: frozen dataclasses that hold every word and figure printed on it.

A paper carries only what it is for: no wages, no reasons, notes, requests or slips that were undone.
Everything is text, whole numbers, booleans or None, because its canonical JSON (RFC 8785) is what a
document is: the same paper is the same bytes, and so the same document. Instants are UTC, dates and
hours are text.
"""

import json
from dataclasses import dataclass

from reports.freezing import built
from reports.freezing import frozen as frozen

FORMAT = 1
"""The form of the frozen JSON; a change of fields gets a new number, but for one with a default (see `frozen`)."""

TEMPLATE_VERSION = 3
"""Raised whenever the printed page would look or read otherwise for the same facts."""

LETTER, A4 = "letter", "a4"
PAPERS = (LETTER, A4)


@dataclass(frozen=True)
class OnPaper:
    """Who signed on paper and as what, as written there, and who transcribed it; `sequence` is that entry's number."""

    signer: str
    role: str
    transcriber: str
    sequence: int


@dataclass(frozen=True)
class Signed:
    """Who signed, when and in what words; `at` is UTC, `zone` the zone in which it is printed.

    `files` are the hashes of the evidence that was signed with it; what a file shows is never printed.
    `on_paper`: it verifies what somebody else signed on paper before.
    """

    name: str
    role: str
    qualification: str
    at: str
    zone: str
    meaning: str
    authentication: str
    sequence: int
    late: bool = False
    files: tuple[str, ...] = ()
    station: str = ""
    on_paper: OnPaper | None = None


@dataclass(frozen=True)
class Fallen:
    """That a signature no longer stands: who said so and when. The reason is never printed."""

    name: str
    role: str
    at: str
    zone: str
    sequence: int


@dataclass(frozen=True)
class Said:
    """What the apprentice last said of a signature; of a disagreement that was answered, `outcome`. No reasons."""

    agrees: bool
    name: str
    role: str
    at: str
    zone: str
    meaning: str
    authentication: str
    sequence: int
    outcome: str = ""
    station: str = ""


@dataclass(frozen=True)
class TestLine:
    """A test that a signature rests on: what was found by whom. Points are text, or blank where there are none."""

    kind: str
    taken_on: str
    passed: bool
    score: str
    pass_mark: str
    instrument: str
    examiner: str
    organization: str
    sequence: int
    voided: bool = False


@dataclass(frozen=True)
class SkillLine:
    """One skill as printed; a step has `depth` 1 and stands below its parent."""

    code: str
    text: str
    depth: int
    state: str
    attained: bool
    required: bool
    level: str
    level_sentence: str
    observed_on: str
    method: str
    worksite: str
    due_on: str
    signed: Signed | None
    fallen: Fallen | None
    procedure: str = ""
    tests: tuple[TestLine, ...] = ()
    said: Said | None = None
    missing_steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verified:
    """The sponsor's verification of a set or of the whole: who, when, in what words, of how many sign-offs.

    `lost` says in words what it covered and counts no more.
    """

    name: str
    role: str
    at: str
    zone: str
    meaning: str
    authentication: str
    sequence: int
    covers: int
    lost: tuple[str, ...]


@dataclass(frozen=True)
class SkillSetPart:
    """One skill set: how many of its required skills are attained, and every skill in order."""

    order: int
    title: str
    role_track: str
    attained: int
    total: int
    skills: tuple[SkillLine, ...]
    verified: Verified | None = None


@dataclass(frozen=True)
class TopicLine:
    """One topic: hours taught and recorded, its own minimum where it has one. Hours are text: "6.5".

    `met` is None where nothing is decided: a topic "where appropriate" with neither hours nor a waiver. `credit` says
    that credit or a test-out was accepted, `signed` that an instructor signed its competency.
    """

    title: str
    hours: str
    minimum: str
    conditional: bool
    law: str
    met: bool | None
    waived: bool = False
    credit: bool = False
    signed: bool = False


@dataclass(frozen=True)
class CoursePart:
    """One course of related instruction: hours recorded, hours required, and its topics."""

    title: str
    hours: str
    required: str
    topics: tuple[TopicLine, ...]


@dataclass(frozen=True)
class MonthSigned:
    """The newest supervisor's signature on the month: over how many hours; whether it covers all that now stand."""

    signed: Signed
    hours: str
    stands: bool


@dataclass(frozen=True)
class WorkSet:
    """The approved hours on the job of one skill set, and those that the standard wants of it, or blank."""

    order: int
    title: str
    hours: str
    required: str


@dataclass(frozen=True)
class WorkMonth:
    """The approved hours on the job of one month ("2026-02"), and the newest signature on it."""

    month: str
    hours: str
    signed: MonthSigned | None

    @property
    def first(self) -> str:
        """The first day of the month."""
        return f"{self.month}-01"


@dataclass(frozen=True)
class WorkPart:
    """The hours on the job that stand, by skill set and by month; never mixed with hours of classes.

    `waiting` are hours that were logged and are not approved: they are not counted. Blank where there are none.
    """

    hours: str
    required: str
    waiting: str
    sets: tuple[WorkSet, ...]
    months: tuple[WorkMonth, ...]


@dataclass(frozen=True)
class LevelLine:
    """One level of a rating scale with its sentence, for the key on the last page."""

    scale: str
    label: str
    sentence: str
    attained: bool


@dataclass(frozen=True)
class Who:
    """Whose record it is, under which program and with which employer. A blank stays blank."""

    apprentice: str
    registration_number: str
    started_on: str
    cohort: str
    role_track: str
    employer: str
    worksite: str
    sponsor: str
    complaint_contact: str
    program: str
    program_number: str
    agency: str
    logo: str = ""
    """SHA-256 of the sponsor's logo: the file itself stands beside the JSON."""


@dataclass(frozen=True)
class Against:
    """The standard that is learned, as the terms adopted it. A blank code stays blank."""

    title: str
    version: int
    source: str
    approach: str
    onet_code: str
    rapids_code: str
    job_hours: str
    terms: int
    adopted_on: str
    content_hash: str


@dataclass(frozen=True)
class Paper:
    """What all papers of one apprentice have: whose they are, and of which state of their book.

    `head_sequence` and `head_hash` are the record code: the last entry that was counted in.
    `as_of` is the instant since which everything stood as printed, never the time of asking.
    """

    format: int
    kind: str
    template: int
    language: str
    paper: str
    apprenticeship: str
    as_of: str
    zone: str
    head_sequence: int
    head_hash: str
    who: Who
    against: Against

    @property
    def record_code(self) -> str:
        """The short form of the record code, for the foot of each page: "132-9F3A-C2D1-E4B0-7A55"."""
        return record_code(self.head_sequence, self.head_hash)


@dataclass(frozen=True)
class ProgressRecord(Paper):
    """The whole progress record of one apprentice, as of one state of their book."""

    attained: int
    total: int
    sets: tuple[SkillSetPart, ...]
    courses: tuple[CoursePart, ...]
    levels: tuple[LevelLine, ...]
    verified: Verified | None = None
    work: WorkPart | None = None


def record_code(sequence: int, head_hash: str) -> str:
    """Sequence and first 16 hexadecimal digits of the head of a book, in groups that can be read aloud."""
    digits = head_hash[:16].upper()
    return "-".join([str(sequence), *(digits[i : i + 4] for i in range(0, len(digits), 4))])


def thaw(text: str) -> ProgressRecord:
    """The record that was frozen as `text`. Raises TypeError or KeyError on another form."""
    return built(ProgressRecord, json.loads(text))
