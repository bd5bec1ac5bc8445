"""The head of a standard's page: everything before its skills.

The page prints labels and values as separate lines, and a label without a value is a blank that
stays blank. A value is taken only where its form or its place leaves no choice; every other line
is kept as one that was not understood.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from competencies.document import Approach, Doubt, Question


@dataclass(frozen=True)
class Line:
    """One line of a page that is not blank; `number` counts from 1, `after_gap` says a blank line precedes."""

    number: int
    text: str
    after_gap: bool = False

    def doubt(self, question: Question, *, placed: bool = True) -> Doubt:
        return Doubt(line=self.number, text=self.text, question=question, placed=placed)


COUNTS = re.compile(r"^(0|[1-9]\d{0,3}) skill sets? \| (0|[1-9]\d{0,3}) total skills?$")
CHROME: Final = frozenset(
    {
        "« Back to All Apprenticeships",
        "Save as PDF",
        "You can save this PDF (and any PDF) directly from the Print dialog in your browser."
        ' Click "Open Print Dialog", then switch the Printer to "Save as PDF".',
        "Open Print Dialog",
    }
)
INSTRUCTION_HEADING: Final = "Technical Instruction"
HEADINGS: Final = frozenset(
    {"Competency-Based Skills", "Time-Based Skills", "Hybrid Skills", "Skills", INSTRUCTION_HEADING}
)
SOURCE_LABEL: Final = "Sponsoring Company"
ONET_LABEL: Final = "O*Net Code"
RAPIDS_LABEL: Final = "Rapids Code"
HOURS_LABEL: Final = "Req. Hours"
LABELS: Final = {
    f"{SOURCE_LABEL}:": SOURCE_LABEL,
    ONET_LABEL: ONET_LABEL,
    RAPIDS_LABEL: RAPIDS_LABEL,
    HOURS_LABEL: HOURS_LABEL,
}
BOILERPLATE: Final = CHROME | HEADINGS | frozenset(LABELS)

_APPROACHES: Final[dict[str, Approach]] = {
    "Competency-Based Apprenticeship": "competency",
    "Time-Based Apprenticeship": "time",
    "Hybrid Apprenticeship": "hybrid",
}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ONET = re.compile(r"^\d{2}-\d{4}(\.\d{2})?$")
_RAPIDS_PLAIN = re.compile(r"^\d{4}(-?[A-Z]{1,3})?( V\d)?$")
_RAPIDS_LETTERED = re.compile(r"^\d{4}-?[A-Z]{1,3}( V\d)?$")
_HOURS = re.compile(r"^(\d{1,3}(?:,\d{3})|\d{1,6})(?: ?[-–] ?(\d{1,3}(?:,\d{3})|\d{1,6}))?$")
_LONGEST = 200


@dataclass
class Head:
    """What the head of the page says, as it is gathered line by line."""

    title: Line | None = None
    approach: Approach = ""
    source_label: str = ""
    source: str = ""
    onet_code: str = ""
    rapids_code: str = ""
    dates: list[str] = field(default_factory=list)
    hours_min: Decimal | None = None
    hours_max: Decimal | None = None
    doubts: list[Doubt] = field(default_factory=list)
    label: str = ""  # the label last seen
    beside_label: bool = False  # whether that label is the line just before

    def take(self, line: Line) -> None:
        """Find the place of one line."""
        if line.text in LABELS:
            self.label, self.beside_label = LABELS[line.text], True
            return
        if line.text in BOILERPLATE:
            return
        takers: Sequence[Callable[[str], bool]] = (
            self._approach, self._date, self._onet, self._rapids, self._hours, self._source,
        )  # fmt: skip
        taken = any(taker(line.text) for taker in takers)
        self.beside_label = False
        if taken:
            return
        if self.title is None:
            self.title = line
        else:
            self.doubts.append(line.doubt(Question.NOT_UNDERSTOOD, placed=False))

    def _approach(self, text: str) -> bool:
        if self.approach or text not in _APPROACHES:
            return False
        self.approach = _APPROACHES[text]
        return True

    def _date(self, text: str) -> bool:
        day = printed_date(text)
        if day is None or len(self.dates) >= 10:
            return False
        self.dates.append(day)
        return True

    def _onet(self, text: str) -> bool:
        if self.onet_code or not _ONET.match(text):
            return False
        self.onet_code = text
        return True

    def _rapids(self, text: str) -> bool:
        """Four digits alone could be hours as well: they count only right below the code's label."""
        form = _RAPIDS_PLAIN if self.beside_label and self.label == RAPIDS_LABEL else _RAPIDS_LETTERED
        if self.rapids_code or not form.match(text):
            return False
        self.rapids_code = text
        return True

    def _hours(self, text: str) -> bool:
        """A number is the hours right below their label, or later when the code's place is taken."""
        match = _HOURS.match(text)
        sure = self.label == HOURS_LABEL and (self.beside_label or bool(self.rapids_code))
        if match is None or not sure or self.hours_min is not None:
            return False
        low, high = (Decimal(part.replace(",", "")) if part else None for part in match.groups())
        if low is None or (high is not None and high < low):
            return False
        self.hours_min, self.hours_max = low, high
        return True

    def _source(self, text: str) -> bool:
        if self.source or not self.beside_label or self.label != SOURCE_LABEL or len(text) > _LONGEST:
            return False
        self.source, self.source_label = text, self.label
        return True


def printed_date(text: str) -> str | None:
    """The ISO form of a date printed as "Jul 16, 2021"; None for anything else."""
    if not re.match(r"^[A-Z][a-z]{2} \d{1,2}, \d{4}$", text):
        return None
    month = _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS else 0
    try:
        day, year = text[4:].split(", ")
        return datetime(int(year), month, int(day)).date().isoformat()  # noqa: DTZ001  # a printed date has no zone
    except ValueError:
        return None
