"""A reader who has nothing of a book but the bytes of its entries and comes to what stands, without any haste.

It imports nothing of Journeybook: what it says was reached another way. `families` are the steps of each parent,
which the entries of a book need not all name.
"""

import json
from collections.abc import Iterable, Mapping
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
        "skills": skills,
        "tests": {e["sequence"] for e in _of(book, "test_result")} - gone["test_result"],
        "tests used": {e["sequence"]: set(e["body"].get("tests", [])) for e in _of(book, "sign_off")},
        "hours": {
            e["sequence"]: e["body"]["hours"]
            for e in _of(book, "class_hours")
            if e["sequence"] not in gone["class_hours"]
        },
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
