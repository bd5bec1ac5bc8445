"""The quick way to tell the canonical form agrees with the library that writes it."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from apprenticeship.canonical import are_alike, content_of, judged

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
CONTENTS = st.dictionaries(TEXTS, VALUES, max_size=4)


@settings(max_examples=150, deadline=None)
@given(content=CONTENTS)
def test_what_the_library_writes_is_canonical(content: dict[str, Any]) -> None:
    text = rfc8785.dumps(content).decode()
    assert content_of(text) == content
    assert judged(text) == (content, True)


@settings(max_examples=100, deadline=None)
@given(content=CONTENTS)
def test_what_the_library_would_not_write_is_not(content: dict[str, Any]) -> None:
    for text in (json.dumps(content), json.dumps(content, ensure_ascii=False, indent=1)):
        assert judged(text)[1] is (rfc8785.dumps(content).decode() == text)


OTHERWISE = ['{"b":1,"a":2}', '{"a":1,"a":2}', '{"a":-0}', '{"a":"\\/"}', '{"a":"\\u0041"}', '{"a": 1}']


@pytest.mark.parametrize("text", OTHERWISE)
def test_another_writing_of_the_same_is_not_canonical(text: str) -> None:
    assert not judged(text)[1]


@pytest.mark.parametrize("number", ["1.5", "1e3", "NaN", "9007199254740993"])
def test_numbers_that_no_entry_has_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match=number):
        content_of(f'{{"a":{number}}}')


# What JSON can be made of where two readers might part ways; names repeat, and blanks stand in between.
NUMBERS = "0 -0 01 7 -7 1.0 1.5 1e3 1E400 NaN Infinity -Infinity 999999999999999 -999999999999999 1000000000000000"
LARGE = "9007199254740993 18446744073709551616 -1000000000000000"
ESCAPES = (
    "A \\u0041 é \\u00e9 / \\/ \n \\n \\u000A \\u001f \\u001F \x7f \uffff 💊 \\ud83d\\udc8a \\ud83d \\udc8a \\u0000"
)
SCALARS = ["null", "true", *NUMBERS.split(), *LARGE.split(), '""', *[f'"{text}"' for text in ESCAPES.split(" ")]]
NAMES = ['"a"', '"b"', '"é"', '"\\u0061"', '"\uffff"', '"💊"', '"\\ud800"', '""']
BLANKS = st.sampled_from(["", "", "", " ", "\n", "\u00a0"])


def _object(members: list[tuple[str, str]], blank: str) -> str:
    return "{" + ",".join(f"{name}{blank}:{value}" for name, value in members) + "}"


WRITTEN = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: (
        st.builds(lambda values, blank: f"[{f',{blank}'.join(values)}]", st.lists(inner, max_size=3), BLANKS)
        | st.builds(_object, st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=3), BLANKS)
    ),
    max_leaves=6,
)


def refused(number: str) -> Any:
    raise ValueError(number)


def judged_carefully(text: str) -> tuple[Any, bool]:
    """What Python's reader makes of `text`, and whether the library writes it so; (None, False) if unread."""
    try:
        content = json.loads(
            text,
            parse_float=refused,
            parse_constant=refused,
            parse_int=lambda digits: int(digits) if len(digits.lstrip("-")) <= 15 else refused(digits),
        )
    except ValueError:
        return None, False
    try:
        return content, rfc8785.dumps(content).decode() == text
    except ValueError:
        return content, False


@settings(max_examples=1500, deadline=None)
@given(text=WRITTEN)
def test_the_quick_way_and_the_careful_way_judge_alike(text: str) -> None:
    try:
        found = judged(text)
        assert repr(content_of(text)) == repr(found[0])
    except ValueError:
        found = None, False
    assert repr(found) == repr(judged_carefully(text))


@pytest.mark.parametrize("depth", [100, 253, 254, 255, 400])
def test_what_is_deep_is_judged_as_by_the_careful_way(depth: int) -> None:
    text = '{"a":' * depth + "1.5" + "}" * depth
    with pytest.raises(ValueError, match=r"1\.5"):
        content_of(text)
    text = text.replace("1.5", "1")
    assert judged(text) == judged_carefully(text)


@pytest.mark.parametrize(("told", "expected"), [(1, True), ([0], [False]), ({"a": {"b": 1}}, {"a": {"b": True}})])
def test_a_number_is_no_truth_however_deep(told: Any, expected: Any) -> None:
    assert told == expected
    assert not are_alike(told, expected)
