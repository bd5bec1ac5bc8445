"""A standard as a document: typed, frozen, free of Django and of any database.

The document is what is imported, exported, hashed and compared. `docs/standard-format.md`
describes its JSON form, `standard.schema.json` checks it. Numbers are decimals and stand as
strings in JSON; whatever is at its default is left out, so that a field that is added later
changes no hash.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import jsonschema
import rfc8785

FORMAT = 1
SCHEMA_PATH = Path(__file__).with_name("standard.schema.json")

Approach = Literal["", "time", "competency", "hybrid"]
Kind = Literal["performance", "knowledge", "training"]
Recurrence = Literal["", "within_months", "calendar_year"]


class Fault(StrEnum):
    """Why something is no standard at all; `competencies/wording.py` has the sentences."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    NOT_TEXT = "not_text"
    TOO_MANY_LINES = "too_many_lines"
    NO_COUNTS = "no_counts"
    NO_TITLE = "no_title"
    NO_SKILLS = "no_skills"
    LINE_TOO_LONG = "line_too_long"
    NOT_JSON = "not_json"
    NOT_THE_FORM = "not_the_form"
    CONTRADICTION = "contradiction"


class NotAStandard(Exception):
    """The input cannot be read as a standard; `fault` says why, `detail` says where."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


class Question(StrEnum):
    """What a person must settle about a line before the standard can be published."""

    TITLE_OR_SKILL = "title_or_skill"
    COUNTS_DIFFER = "counts_differ"
    NOT_UNDERSTOOD = "not_understood"
    STEP_WITHOUT_PARENT = "step_without_parent"
    STEP_OUT_OF_ORDER = "step_out_of_order"
    AFTER_A_GAP = "after_a_gap"
    APPROACH_MISSING = "approach_missing"


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """One line of the page about which a person must decide.

    `line` counts from 1. A line that found no place in the document is kept here alone, with
    `placed` false, so that nothing of the page is ever lost.
    """

    line: int
    text: str
    question: Question
    placed: bool = True


@dataclass(frozen=True, kw_only=True)
class Addition:
    """What was added to the printed page: a field, and on which parts (none named: on all)."""

    field: str
    targets: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LevelPart:
    code: str
    label: str
    sentence: str
    threshold: bool = False


@dataclass(frozen=True, kw_only=True)
class ScalePart:
    """A rating scale, lowest level first. `kind` names the skills it is the default for."""

    code: str
    title: str
    kind: Literal["", "performance", "knowledge", "training"] = ""
    levels: tuple[LevelPart, ...]


@dataclass(frozen=True, kw_only=True)
class SkillPart:
    """One skill, word for word. `scale` is a scale's code; blank means the default of its kind."""

    code: str
    text: str
    kind: Kind = "performance"
    scale: str = ""
    required: bool = True
    needs_evidence: bool = False
    needs_counter_signature: bool = False
    needs_practical_test: bool = False
    needs_written_test: bool = False
    procedure_number: str = ""
    procedure_version: str = ""
    due_again_months: int | None = None
    steps: tuple["SkillPart", ...] = ()


@dataclass(frozen=True, kw_only=True)
class SkillSetPart:
    title: str
    role_track: str = ""
    hours_min: Decimal | None = None
    hours_max: Decimal | None = None
    skills: tuple[SkillPart, ...]

    def all_skills(self) -> Iterator[SkillPart]:
        """Every skill in the order of the page, a parent before its steps."""
        for skill in self.skills:
            yield skill
            yield from skill.steps


@dataclass(frozen=True, kw_only=True)
class TopicPart:
    title: str
    minimum_hours: Decimal | None = None
    conditional: bool = False
    recurrence: Recurrence = ""
    recurrence_months: int | None = None
    law: str = ""


@dataclass(frozen=True, kw_only=True)
class CoursePart:
    title: str
    required_hours: Decimal | None = None
    topics: tuple[TopicPart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrintedCounts:
    """What the page itself says that it contains."""

    skill_sets: int
    skills: int


@dataclass(frozen=True, kw_only=True)
class StandardDocument:
    """One version of one standard, whole. A blank stays blank."""

    slug: str
    title: str
    other_titles: tuple[str, ...] = ()
    source_label: str = ""
    source: str = ""
    registration_agency: str = ""
    onet_code: str = ""
    rapids_code: str = ""
    dates_printed: tuple[str, ...] = ()
    approach: Approach = ""
    job_hours_min: Decimal | None = None
    job_hours_max: Decimal | None = None
    instruction_hours: Decimal | None = None
    counts_printed: PrintedCounts | None = None
    scales: tuple[ScalePart, ...] = ()
    skill_sets: tuple[SkillSetPart, ...]
    courses: tuple[CoursePart, ...] = ()
    additions: tuple[Addition, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def all_skills(self) -> Iterator[SkillPart]:
        """Every skill in the order of the page."""
        for skill_set in self.skill_sets:
            yield from skill_set.all_skills()

    def scale_of(self, skill: SkillPart) -> str:
        """The code of the scale by which `skill` is rated; blank where there is none."""
        return skill.scale or next((s.code for s in self.scales if s.kind == skill.kind), "")


# ---------------------------------------------------------------- JSON


def as_json(document: StandardDocument) -> dict[str, Any]:
    """The JSON form: the format's number first, then the parts in the order of the page."""
    return {"format": FORMAT, **encode(document)}


def canonical_bytes(document: StandardDocument) -> bytes:
    """The one byte form of a document (RFC 8785)."""
    return rfc8785.dumps(as_json(document))


def content_hash(document: StandardDocument) -> str:
    """SHA-256 of the canonical bytes, in hex: the same words give the same hash."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def from_json(text: str) -> StandardDocument:
    """The document that `text` holds; raises NotAStandard for anything else."""
    try:
        data = json.loads(text, object_pairs_hook=_once)
        # A lone surrogate can be escaped in JSON, but has no UTF-8 form and no place in a database.
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotAStandard(Fault.NOT_JSON, str(error)[:200]) from error
    # Only the first fault is looked for: a hostile file could have a million of them.
    wrong = next(_validator().iter_errors(data), None)
    if wrong is not None:
        where = "/".join(map(str, wrong.path)) or "/"
        raise NotAStandard(Fault.NOT_THE_FORM, f"{where}: {wrong.message[:200]}")
    del data["format"]
    document: StandardDocument = decode(StandardDocument, data)
    contradiction = next(contradictions(document), None)
    if contradiction:
        raise NotAStandard(Fault.CONTRADICTION, contradiction)
    return without_needless_scales(document)


def without_needless_scales(document: StandardDocument) -> StandardDocument:
    """The same document where no skill names the scale that its kind gives it anyway."""
    default = {scale.kind: scale.code for scale in document.scales if scale.kind}

    def lighter(skill: SkillPart) -> SkillPart:
        scale = "" if skill.scale == default.get(skill.kind) else skill.scale
        return replace(skill, scale=scale, steps=tuple(lighter(step) for step in skill.steps))

    sets = tuple(replace(part, skills=tuple(lighter(skill) for skill in part.skills)) for part in document.skill_sets)
    return replace(document, skill_sets=sets)


def contradictions(document: StandardDocument) -> Iterator[str]:
    """What the schema cannot see: codes used twice, a scale that is missing or has no one threshold."""
    yield from _repeated("skill", [skill.code for skill in document.all_skills()])
    yield from _repeated("scale", [scale.code for scale in document.scales])
    yield from _repeated("scale kind", [scale.kind for scale in document.scales if scale.kind])
    known = {scale.code for scale in document.scales}
    for scale in document.scales:
        yield from _repeated(f"level of scale {scale.code}", [level.code for level in scale.levels])
        if sum(level.threshold for level in scale.levels) != 1:
            yield f"scale {scale.code}: exactly one level must be the threshold"
    for skill in document.all_skills():
        if skill.scale and skill.scale not in known:
            yield f"skill {skill.code}: no scale {skill.scale}"
        if document.scales and not document.scale_of(skill):
            yield f"skill {skill.code}: no scale for {skill.kind}"
    for day in document.dates_printed:
        if not _is_date(day):
            yield f"dates_printed: {day}"
    for low, high, what in _ranges(document):
        if low is not None and high is not None and low > high:
            yield f"{what}: {low} > {high}"


def _is_date(day: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def _ranges(document: StandardDocument) -> Iterator[tuple[Decimal | None, Decimal | None, str]]:
    yield document.job_hours_min, document.job_hours_max, "job_hours"
    for skill_set in document.skill_sets:
        yield skill_set.hours_min, skill_set.hours_max, skill_set.title


def _repeated(what: str, codes: list[str]) -> Iterator[str]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield f"{what} {code} is there twice"


def plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros: 44.00 and 44 are the same number."""
    return format(number.normalize(), "f")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is there twice")
    return result


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA_PATH.read_text(encoding="utf-8")))


def encode(value: Any) -> Any:
    """A part of a document, or a tuple of parts, as JSON; fields at their default are left out."""
    if is_dataclass(value):
        pairs = ((field, getattr(value, field.name)) for field in fields(value))
        return {f.name: encode(v) for f, v in pairs if f.default is MISSING or v != f.default}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Decimal):
        return plain(value)
    return str(value) if isinstance(value, StrEnum) else value


def decode(kind: Any, value: Any) -> Any:
    """`value`, which the schema has passed, as the type `kind`."""
    if get_origin(kind) is tuple:
        return tuple(decode(get_args(kind)[0], item) for item in value)
    if get_origin(kind) in {Union, UnionType}:
        return decode(get_args(kind)[0], value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: decode(hints[name], item) for name, item in value.items()})
    if kind in {Decimal, Question, int}:
        return kind(value)
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
