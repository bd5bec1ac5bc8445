"""Reading a standard's published page, as plain text, into a document.

Every line of the page that is not the page's own furniture ends up in the document exactly once,
word for word: as a fact of the head, a title, a skill, a step, a course or a topic, or else as a
doubt that a person must settle. Nothing is joined, split, mended or guessed silently.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from competencies.document import (
    CoursePart,
    Doubt,
    Fault,
    NotAStandard,
    PrintedCounts,
    Question,
    SkillPart,
    SkillSetPart,
    StandardDocument,
    TopicPart,
    from_json,
)
from competencies.page_head import BOILERPLATE, COUNTS, INSTRUCTION_HEADING, Head, Line
from competencies.titles import STEP, settle

LARGEST_FILE = 2_000_000  # bytes; the built-in page has under 6,000
MOST_LINES = 5_000
LONGEST_LINE = 4_000
_LONGEST_TITLE = 200
_LONGEST_TRACK = 120

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_COURSE = re.compile(r"^(\S.*?) - ((?:0|[1-9]\d{0,5})(?:\.\d{1,2})?) req\. hrs$")
_MINIMUM = re.compile(r"\(minimum ((?:0|[1-9]\d{0,5})(?:\.\d{1,2})?) (?:hrs?|hours?)\.?\)")
_CONDITIONAL = re.compile(r"\(where appropriate\)", re.IGNORECASE)
_LAW = re.compile(r"must comply with (\S.*?)\.?$")


def read_file(path: Path) -> tuple[StandardDocument, bool]:
    """The document in the file, and whether the file was a printed page (not our JSON form).

    Refuses what is too large before reading it; raises NotAStandard.
    """
    try:
        with path.open("rb") as file:
            if path.stat().st_size > LARGEST_FILE:
                raise NotAStandard(Fault.TOO_LARGE, str(LARGEST_FILE))
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise NotAStandard(Fault.UNREADABLE, error.strerror or "") from error
    if len(content) > LARGEST_FILE:
        raise NotAStandard(Fault.TOO_LARGE, str(LARGEST_FILE))
    text = _text_of(content)
    return (from_json(text), False) if text.lstrip().startswith("{") else (read_page(text), True)


def read_page(text: str) -> StandardDocument:
    """The document that a page's plain text holds, with its doubts; raises NotAStandard."""
    lines = _lines_of(text)
    counted = next((i for i, line in enumerate(lines) if COUNTS.match(line.text)), None)
    if counted is None:
        raise NotAStandard(Fault.NO_COUNTS)
    rest = lines[counted + 1 :]
    instruction = next((i for i, line in enumerate(rest) if line.text == INSTRUCTION_HEADING), len(rest))
    head = Head()
    for line in lines[:counted]:
        head.take(line)
    if head.title is None:
        raise NotAStandard(Fault.NO_TITLE)
    if len(head.title.text) > _LONGEST_TITLE:
        raise NotAStandard(Fault.LINE_TOO_LONG, str(head.title.number))
    if not head.approach:
        head.doubts.append(head.title.doubt(Question.APPROACH_MISSING))
    doubts = [*head.doubts]
    counts = _counts_of(lines[counted])
    skill_sets = _skill_sets([*_furnished(rest[:instruction], doubts)], lines[counted], counts, doubts)
    courses = _courses(_furnished(rest[instruction:], doubts), doubts)
    return StandardDocument(
        slug=slug_of(head.title.text),
        title=head.title.text,
        source_label=head.source_label,
        source=head.source,
        onet_code=head.onet_code,
        rapids_code=head.rapids_code,
        dates_printed=tuple(head.dates),
        approach=head.approach,
        job_hours_min=head.hours_min,
        job_hours_max=head.hours_max,
        counts_printed=counts,
        skill_sets=skill_sets,
        courses=courses,
        doubts=tuple(sorted(doubts, key=lambda doubt: (doubt.line, doubt.question))),
    )


def slug_of(title: str) -> str:
    """A title as an address: lower case, hyphens, no accents; "standard" where nothing remains."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare)[:120].strip("-") or "standard"


# ---------------------------------------------------------------- lines


def _text_of(content: bytes) -> str:
    if not content.strip():
        raise NotAStandard(Fault.EMPTY)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAStandard(Fault.NOT_TEXT) from error


def _lines_of(text: str) -> list[Line]:
    """The lines that are not blank, with a tab as a space. A form feed (between a PDF's pages) ends a line."""
    lines: list[Line] = []
    gap = False
    for number, raw in enumerate(re.split(r"\r\n|[\n\r\f]", text), start=1):
        line = raw.strip().replace("\t", " ")
        if not line:
            gap = True
            continue
        if _CONTROLS.search(line):
            raise NotAStandard(Fault.NOT_TEXT, str(number))
        if len(line) > LONGEST_LINE:
            raise NotAStandard(Fault.LINE_TOO_LONG, str(number))
        lines.append(Line(number, line, gap))
        gap = False
    if not lines:
        raise NotAStandard(Fault.EMPTY)
    if len(lines) > MOST_LINES:
        raise NotAStandard(Fault.TOO_MANY_LINES, str(MOST_LINES))
    return lines


def _furnished(lines: Sequence[Line], doubts: list[Doubt]) -> Iterator[Line]:
    """The lines that are the standard's own; a second line of counts is a doubt."""
    for line in lines:
        if COUNTS.match(line.text):
            doubts.append(line.doubt(Question.NOT_UNDERSTOOD, placed=False))
        elif line.text not in BOILERPLATE:
            yield line


def _counts_of(line: Line) -> PrintedCounts:
    sets, skills = (int(number) for number in line.text.replace("|", "").split() if number.isdigit())
    return PrintedCounts(skill_sets=sets, skills=skills)


# ---------------------------------------------------------------- skill sets


def _skill_sets(
    lines: Sequence[Line], counts_line: Line, counts: PrintedCounts, doubts: list[Doubt]
) -> tuple[SkillSetPart, ...]:
    if len(lines) < 2:
        raise NotAStandard(Fault.NO_SKILLS)
    settled = settle([line.text for line in lines], sets=counts.skill_sets, skills=counts.skills)
    if not settled.counts_hold:
        doubts.append(counts_line.doubt(Question.COUNTS_DIFFER))
    doubts.extend(lines[position].doubt(Question.TITLE_OR_SKILL) for position in sorted(settled.doubtful))
    drafts: list[_SetDraft] = []
    for line, is_title in zip(lines, settled.titles, strict=True):
        if is_title:
            if len(line.text) > _LONGEST_TITLE:
                raise NotAStandard(Fault.LINE_TOO_LONG, str(line.number))
            drafts.append(_SetDraft(number=len(drafts) + 1, title=line.text))
        else:
            drafts[-1].add(line, doubts)
    return tuple(draft.finished() for draft in drafts)


@dataclass
class _SetDraft:
    """A skill set while its lines come in: `top` holds each skill with its steps."""

    number: int
    title: str
    top: list[tuple[SkillPart, list[SkillPart]]] = field(default_factory=list)
    size: int = 0
    last_step: int = 0

    def add(self, line: Line, doubts: list[Doubt]) -> None:
        """Take the line as the next skill, or as a step of the skill above that announces steps."""
        self.size += 1
        skill = SkillPart(code=f"{self.number}.{self.size}", text=line.text)
        step = STEP.match(line.text)
        if step is None:
            self.top.append((skill, []))
            self.last_step = 0
            return
        if not self.top or not self.top[-1][0].text.endswith(":"):
            doubts.append(line.doubt(Question.STEP_WITHOUT_PARENT))
            self.top.append((skill, []))
            return
        if int(step[1]) != self.last_step + 1:
            doubts.append(line.doubt(Question.STEP_OUT_OF_ORDER))
        self.last_step = int(step[1])
        self.top[-1][1].append(skill)

    def finished(self) -> SkillSetPart:
        title, track = split_title(self.title)
        skills = tuple(SkillPart(code=skill.code, text=skill.text, steps=tuple(steps)) for skill, steps in self.top)
        return SkillSetPart(title=title, role_track=track, skills=skills)


def split_title(printed: str) -> tuple[str, str]:
    """A printed title as title and role track: "Triage: Laboratory Technician" names who may learn it."""
    title, colon, track = printed.rpartition(": ")
    fits = colon and title == title.rstrip() and track == track.lstrip() and len(track) <= _LONGEST_TRACK
    return (title, track) if fits and title and track else (printed, "")


# ---------------------------------------------------------------- instruction


def _courses(lines: Iterator[Line], doubts: list[Doubt]) -> tuple[CoursePart, ...]:
    drafts: list[tuple[str, Decimal, list[TopicPart]]] = []
    for line in lines:
        course = _COURSE.match(line.text)
        if course and len(course[1]) <= _LONGEST_TITLE:
            drafts.append((course[1], Decimal(course[2]), []))
        elif drafts and len(line.text) <= _LONGEST_TITLE:
            topics = drafts[-1][2]
            if line.after_gap and topics:
                doubts.append(line.doubt(Question.AFTER_A_GAP))
            topics.append(topic_of(line.text))
        else:
            doubts.append(line.doubt(Question.NOT_UNDERSTOOD, placed=False))
    return tuple(CoursePart(title=title, required_hours=hours, topics=tuple(topics)) for title, hours, topics in drafts)


def topic_of(printed: str) -> TopicPart:
    """A topic whose title is the whole line, with what the line itself says about it."""
    minimum = _MINIMUM.search(printed)
    law = _LAW.search(printed)
    return TopicPart(
        title=printed,
        minimum_hours=Decimal(minimum[1]) if minimum else None,
        conditional=bool(_CONDITIONAL.search(printed)),
        law=law[1] if law else "",
    )
