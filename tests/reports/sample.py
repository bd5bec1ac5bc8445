"""A progress record made by hand, without a database: the built-in standard, half of it signed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from accounts.states import State
from reports.papers import (
    FORMAT,
    LETTER,
    TEMPLATE_VERSION,
    Against,
    CoursePart,
    Fallen,
    LevelLine,
    ProgressRecord,
    Signed,
    SkillLine,
    SkillSetPart,
    TopicLine,
    Who,
)

STANDARD = Path(__file__).parents[2] / "fixtures" / "standards" / "outsourcing-compounding-pharmacy-technician.json"
HASH = "9f3ac2d1e4b07a5516d0c8a7b2f94e13a06cdd5e7781fb20394ac1e5d2b86f47"
OBSERVED = "I watched the apprentice do this on the date given and judge that the level stated was shown."
LEARNING = "I watched the apprentice do this on the date given; the skill is still being learned, at the level stated."


def signed(number: int, *, name: str = "Maria Alvarez", meaning: str = OBSERVED) -> Signed:
    return Signed(
        name=name,
        role="mentor",
        qualification="Certified pharmacy technician, CPhT",
        at=f"2026-02-{number % 27 + 1:02d}T{14 + number % 8:02d}:05:09.120000Z",
        zone="America/New_York",
        meaning=meaning,
        authentication="session",
        sequence=number,
    )


def skill_line(skill: dict[str, Any], scales: dict[str, Any], number: int, depth: int = 0) -> SkillLine:
    """A skill that is signed, in training, fallen or open, by its number on the page."""
    levels = scales[skill.get("kind", "performance")]["levels"]
    attained = number <= 31 and number not in (9, 17)
    learning = number in (9, 33, 34)
    level = levels[-1] if attained or number == 17 else levels[0]
    state = State.SIGNED_OFF if attained else State.IN_TRAINING if learning else State.NOT_STARTED
    if number == 17:
        state = State.NO_LONGER_STANDS
    if number == 2:
        state = State.DUE_AGAIN
    has_signature = attained or learning or number == 17
    return SkillLine(
        code=skill["code"],
        text=skill["text"],
        depth=depth,
        state=str(state),
        attained=attained,
        required=True,
        level=level["label"] if has_signature else "",
        level_sentence=level["sentence"] if has_signature else "",
        observed_on="2026-02-20" if has_signature else "",
        method="observed" if has_signature else "",
        worksite="Albany laboratory" if has_signature else "",
        due_on="2026-02-27" if number == 2 else "",
        signed=signed(number, meaning=LEARNING if learning else OBSERVED) if has_signature else None,
        fallen=Fallen("Carol Jones", "coordinator", "2026-02-28T15:12:00Z", "America/New_York", 40)
        if number == 17
        else None,
    )


def skill_sets(standard: dict[str, Any]) -> tuple[SkillSetPart, ...]:
    scales = {scale["kind"]: scale for scale in standard["scales"]}
    parts, number = [], 0
    for order, members in enumerate(standard["skill_sets"], start=1):
        lines = []
        for skill in members["skills"]:
            for depth, each in [(0, skill), *((1, step) for step in skill.get("steps", []))]:
                number += 1
                lines.append(skill_line(each, scales, number, depth))
        parts.append(
            SkillSetPart(
                order=order,
                title=members["title"],
                role_track=members.get("role_track", ""),
                attained=sum(line.attained for line in lines),
                total=len(lines),
                skills=tuple(lines),
            )
        )
    return tuple(parts)


def courses(standard: dict[str, Any]) -> tuple[CoursePart, ...]:
    hours = ["8", "6.5", "4", "3", "0", "5", "2", "0"]
    course = standard["courses"][0]
    topics = tuple(
        TopicLine(
            title=topic["title"],
            hours=recorded,
            minimum=topic.get("minimum_hours") or "",
            conditional=topic.get("conditional", False),
            law=topic.get("law", ""),
            met=None if topic.get("conditional") and recorded == "0" else recorded != "0",
        )
        for topic, recorded in zip(course["topics"], hours, strict=True)
    )
    return (CoursePart(title=course["title"], hours="28.5", required="44", topics=topics),)


def sample(**changes: Any) -> ProgressRecord:
    """The record of Rosa Diaz: 29 of 49 skills, 28.5 of 44 hours; `changes` replace its fields."""
    standard = json.loads(STANDARD.read_text())
    sets = skill_sets(standard)
    record = ProgressRecord(
        format=FORMAT,
        kind="progress_record",
        template=TEMPLATE_VERSION,
        language="en",
        paper=LETTER,
        apprenticeship="0b1f3a52-6a6e-4b8c-9a2f-0b6f5a1d2c3e",
        as_of="2026-02-28T15:12:00.000000Z",
        zone="America/New_York",
        head_sequence=40,
        head_hash=HASH,
        who=Who(
            apprentice="Rosa Diaz",
            registration_number="NY-2025-004417",
            started_on="2025-01-06",
            cohort="Winter 2025",
            role_track="",
            employer="Empire Compounding of Albany, Inc.",
            worksite="Albany laboratory",
            sponsor="Empire Compounding",
            complaint_contact="Carol Jones, program coordinator, 518 555 0100, carol@example.org",
            program="Compounding pharmacy technicians",
            program_number="2021-NY-0815",
            agency="New York State Department of Labor",
        ),
        against=Against(
            title=standard["title"],
            version=1,
            source=f"{standard['source_label']}: {standard['source']}",
            approach=standard["approach"],
            onet_code="",
            rapids_code="",
            job_hours="",
            terms=1,
            adopted_on="2024-12-02",
            content_hash="c" * 64,
        ),
        attained=sum(part.attained for part in sets),
        total=sum(part.total for part in sets),
        sets=sets,
        courses=courses(standard),
        levels=tuple(
            LevelLine(scale["title"], level["label"], level["sentence"], level.get("threshold", False))
            for scale in standard["scales"]
            for level in scale["levels"]
        ),
    )
    return replace(record, **changes)
