"""A reader who has nothing of a book but the bytes of its entries and comes to what stands, without any haste.

It imports nothing of Journeybook: what it says was reached another way. `families` are the steps of each parent,
which the entries of a book need not all name.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

Entry = Mapping[str, Any]
Skill = tuple[int | None, int | None, int | None, bool]
"""The numbers of what stands, of what ended it and of the apprentice's word about it; whether it is attained."""


def read_slowly(lines: Iterable[str], families: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """What stands, by what is asked: each time all entries are read from the start."""
    book = [json.loads(line) for line in lines]
    gone = {kind: _pointed_at(book, f"{kind}_void", kind) for kind in ("test_result", "class_hours", "verification")}
    skills = _skills(book, families)
    return {
        "papers waiting": _papers_waiting(book),
        "status": ["registered", *(e["body"]["status"] for e in _of(book, "status_change"))][-1],
        "registered as": [None, *(e["body"]["number"] for e in _of(book, "registration"))][-1],
        "decided": {e["body"]["requirement"]["code"]: e["body"]["grounds"] for e in _of(book, "requirement_decision")},
        "stays": len({e["sequence"] for e in _of(book, "assignment")} - _replaced(book)),
        "skills": skills,
        "tests": {e["sequence"] for e in _of(book, "test_result")} - gone["test_result"],
        "tests used": {e["sequence"]: set(e["body"].get("tests", [])) for e in _of(book, "sign_off")},
        "hours": {
            e["sequence"]: e["body"]["hours"]
            for e in _of(book, "class_hours")
            if e["sequence"] not in gone["class_hours"]
        },
        **_otherwise(book),
        **_on_the_job(book),
        "verified": {
            e["sequence"]: [covered["entry"] for covered in e["body"]["covers"]]
            for e in _of(book, "verification")
            if e["sequence"] not in gone["verification"]
        },
        "open disagreements": _open_disagreements(book, skills),
        "files": {e["sequence"]: [f["sha256"] for f in e["body"].get("evidence", [])] for e in _of(book, "sign_off")},
        "removed files": {e["body"]["file"]["sha256"] for e in _of(book, "purge")},
        "credit": {e["sequence"] for e in _of(book, "sign_off") if e["body"]["method"] == "credit"},
    }


def _papers_waiting(book: list[Entry]) -> set[int]:
    """What was transcribed and neither taken out nor verified, mistakes aside."""
    mistakes = {e["body"]["sign_off"] for e in _of(book, "revocation") if e["body"]["kind"] == "mistake"}
    signed = [e for e in _of(book, "sign_off") if "paper" in e["body"] and e["sequence"] not in mistakes]
    closed = _pointed_at(book, "transcription_void", "transcription") | {e["body"]["paper"]["entry"] for e in signed}
    return {e["sequence"] for e in _of(book, "transcription")} - closed


def _replaced(book: Iterable[Entry]) -> set[int]:
    """The numbers of the assignments that another one sets aside."""
    return {e["body"]["replaces"] for e in _of(book, "assignment") if e["body"]["replaces"] is not None}


def _otherwise(book: list[Entry]) -> dict[str, Any]:
    """What was earned without a class, and the hours of each topic however they were earned."""
    gone = _pointed_at(book, "instruction_void", "entry") | _pointed_at(book, "class_hours_void", "class_hours")
    stands = [entry for entry in book if entry["sequence"] not in gone]
    topics = defaultdict[str, Decimal](Decimal)
    for entry in (*_of(stands, "class_hours"), *_of(stands, "other_hours")):
        topics[entry["body"]["topic"]["id"]] += Decimal(entry["body"]["hours"])
    return {
        "hours of topics": dict(topics),
        "certificates": {(e["sequence"], e["body"]["due_on"]) for e in _of(stands, "certificate")},
        "waived": {e["body"]["topic"]["id"] for e in _of(stands, "topic_waiver")},
        "topics signed": {e["body"]["topic"]["id"] for e in _of(stands, "topic_sign_off")},
        "tests of topics": {(e["sequence"], e["body"]["passed"]) for e in _of(stands, "topic_test")},
    }


def _on_the_job(book: list[Entry]) -> dict[str, Any]:
    """The hours of each skill set, and the months whose last signature covers just what stands in them."""
    gone = _pointed_at(book, "work_hours_void", "work_hours")
    stands = [entry for entry in _of(book, "work_hours") if entry["sequence"] not in gone]
    sets, months = defaultdict[int, Decimal](Decimal), defaultdict[str, list[int]](list)
    for entry in stands:
        sets[entry["body"]["skill_set"]["order"]] += Decimal(entry["body"]["hours"])
        months[entry["body"]["worked_on"][:7]].append(entry["sequence"])
    signed = {e["body"]["month"]: e["body"]["covers"] for e in _of(book, "work_month")}
    return {
        "hours of sets": dict(sets),
        "months to sign": {month for month, covers in months.items() if covers != signed.get(month)},
    }


def _of(book: Iterable[Entry], kind: str) -> list[Entry]:
    return [entry for entry in book if entry["kind"] == kind]


def _pointed_at(book: Iterable[Entry], kind: str, member: str) -> set[int]:
    return {entry["body"][member] for entry in _of(book, kind)}


def _skills(book: list[Entry], families: Mapping[str, Iterable[str]]) -> dict[str, Skill]:
    codes = {entry["body"]["skill"]["code"] for entry in _of(book, "sign_off")}
    found = {code: _alone(book, code) for code in codes}
    for parent in codes & set(families):
        whole = all(found[step][3] if step in found else False for step in families[parent])
        found[parent] = (*found[parent][:3], found[parent][3] and whole)
    return found


def _alone(book: list[Entry], code: str) -> Skill:
    """One skill by itself: what was entered by mistake is passed over, then the last word counts."""
    mistakes = {e["body"]["sign_off"] for e in _of(book, "revocation") if e["body"]["kind"] == "mistake"}
    last: Entry | None = None
    for entry in book:
        of_skill = entry["kind"] in ("sign_off", "revocation") and entry["body"]["skill"]["code"] == code
        about = entry["sequence"] if entry["kind"] == "sign_off" else entry["body"].get("sign_off")
        if of_skill and about not in mistakes:
            last = entry
    if last is None:
        return None, None, None, False
    if last["kind"] == "revocation":
        return None, last["sequence"], None, False
    words = [e for e in _of(book, "counter_signature") if e["body"]["sign_off"] == last["sequence"]]
    agreed = bool(words) and words[-1]["body"]["agrees"]
    counts = last["body"]["level"]["attained"] and (agreed or not last["body"].get("needs_counter_signature", False))
    return last["sequence"], None, words[-1]["sequence"] if words else None, counts


def _open_disagreements(book: list[Entry], skills: Mapping[str, Skill]) -> set[int]:
    last_words = {skill[2] for skill in skills.values()}
    answered = _pointed_at(book, "disagreement_answer", "disagreement")
    said = {e["sequence"] for e in _of(book, "counter_signature") if not e["body"]["agrees"]}
    return said & last_words - answered
