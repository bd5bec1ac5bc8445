"""The transcript as paper: everything an apprentice earned of related instruction, line by line, with its sums."""

from dataclasses import dataclass

from reports.month_papers import EarnedLine
from reports.papers import CoursePart, Paper, Signed, TestLine

TRANSCRIPT_TEMPLATE = 1
"""Raised whenever the printed transcript would look or read otherwise for the same facts."""


@dataclass(frozen=True)
class TopicTested:
    """The result of one test of a topic."""

    topic: str
    test: TestLine


@dataclass(frozen=True)
class TopicSigned:
    """What somebody signed about a topic: an instructor its competency, a coordinator that it is waived. No reasons."""

    topic: str
    signed: Signed


@dataclass(frozen=True)
class YearLine:
    """One year of the program. Measured only once it is over: `met` is None for a year that runs or has no number."""

    number: int
    first: str
    last: str
    hours: str
    required: str
    is_over: bool
    met: bool | None


@dataclass(frozen=True)
class Transcript(Paper):
    """One apprentice's related instruction as it stands; what was taken back is not on it.

    `earlier` are hours from before the apprenticeship began; they belong to no year. A blank number stays blank.
    """

    lines: tuple[EarnedLine, ...]
    hours: str
    required: str
    courses: tuple[CoursePart, ...]
    per_year: str
    earlier: str
    years: tuple[YearLine, ...]
    tests: tuple[TopicTested, ...]
    signed: tuple[TopicSigned, ...]
    waived: tuple[TopicSigned, ...]
