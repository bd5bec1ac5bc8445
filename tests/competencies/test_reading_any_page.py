"""Whatever is done to the page, no line is lost and none is invented."""

import json
import string
import time
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from competencies.document import NotAStandard, as_json, from_json
from competencies.reading import read_page
from competencies.titles import Shape, settle, shape_of
from tests.competencies.pages_by_hand import own_lines, page, printed_lines, printed_page

LINES = printed_page().split("\n")
WORDS = st.sampled_from(
    ["Sort the stock", "Sort the Stock", "Sort it.", "Step 1: do", "Step 2: do", "Do this:", "Cleaning", "Cleaning."]
)


@st.composite
def mutated_pages(draw: st.DrawFn) -> str:
    """The printed page with lines moved, dropped, doubled, cut, swapped in case or without their stop."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines.pop(at)
        change = draw(st.sampled_from(["drop", "move", "double", "cut", "title", "unstop", "new"]))
        if change == "move":
            lines.insert(draw(st.integers(0, len(lines))), line)
        elif change != "drop":
            changed = {
                "double": [line, line],
                "cut": [line[: len(line) // 2], line[len(line) // 2 :]],
                "title": [line.title()],
                "unstop": [line.rstrip(".")],
                "new": [line, draw(st.text(string.printable[:95], max_size=30))],
            }[change]
            lines[at:at] = changed
    return "\n".join(lines)


def assert_nothing_lost(text: str) -> None:
    try:
        document = read_page(text)
    except NotAStandard:
        return
    assert printed_lines(document) == own_lines(text)
    assert from_json(json.dumps(as_json(document))) == document


@given(mutated_pages())
@settings(max_examples=150, deadline=None)
def test_a_changed_page_keeps_every_line(text: str) -> None:
    assert_nothing_lost(text)


@given(st.permutations(LINES))
@settings(max_examples=60, deadline=None)
def test_a_shuffled_page_keeps_every_line(lines: list[str]) -> None:
    assert_nothing_lost("\n".join(lines))


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_document_or_a_clear_refusal(text: str) -> None:
    assert_nothing_lost(text)
    assert_nothing_lost(page(text, "Do this.", sets=1, skills=1))


def readings_of(shapes: Sequence[Shape], sets: int) -> list[list[bool]]:
    """Every reading that the shapes allow, listed the plain and slow way."""
    every = ([bool(number >> i & 1) for i in range(len(shapes))] for number in range(2 ** len(shapes)))
    return [
        roles
        for roles in every
        if sum(roles) == sets
        and (roles[0], roles[-1]) == (True, False)
        and not any(a and b for a, b in pairwise(roles))
        and all(s is Shape.OPEN or role == (s is Shape.TITLE) for role, s in zip(roles, shapes, strict=True))
    ]


@given(st.lists(WORDS, min_size=2, max_size=9), st.integers(0, 4))
@settings(max_examples=300, deadline=None)
def test_a_line_is_doubtful_exactly_when_readings_differ_on_it(lines: list[str], sets: int) -> None:
    settled = settle(lines, sets=sets, skills=len(lines) - sets)
    shapes = [shape_of(line) for line in lines]
    loosened = [Shape.OPEN if shape is Shape.TITLE else shape for shape in shapes]
    readings = readings_of(shapes, sets) or readings_of(loosened, sets)
    assert settled.counts_hold == bool(readings)
    if readings:
        assert list(settled.titles) in readings
        assert settled.doubtful == {i for i in range(len(lines)) if len({roles[i] for roles in readings}) == 2}


def test_thousands_of_open_lines_are_settled_at_once() -> None:
    lines = ["Sort the stock"] * 4_900
    started = time.perf_counter()
    settled = settle(lines, sets=2_000, skills=2_900)
    assert time.perf_counter() - started < 2
    assert (settled.counts_hold, sum(settled.titles)) == (True, 2_000)
