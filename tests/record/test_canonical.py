"""The quick way to tell the canonical form agrees with the library that writes it."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from apprenticeship.canonical import content_of, is_canonical

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
    assert is_canonical(content, text)


@settings(max_examples=100, deadline=None)
@given(content=CONTENTS)
def test_what_the_library_would_not_write_is_not(content: dict[str, Any]) -> None:
    for text in (json.dumps(content), json.dumps(content, ensure_ascii=False, indent=1)):
        assert is_canonical(content, text) is (rfc8785.dumps(content).decode() == text)


OTHERWISE = ['{"b":1,"a":2}', '{"a":1,"a":2}', '{"a":-0}', '{"a":"\\/"}', '{"a":"\\u0041"}', '{"a": 1}']


@pytest.mark.parametrize("text", OTHERWISE)
def test_another_writing_of_the_same_is_not_canonical(text: str) -> None:
    assert not is_canonical(content_of(text), text)


@pytest.mark.parametrize("number", ["1.5", "1e3", "NaN", "9007199254740993"])
def test_numbers_that_no_entry_has_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match=number):
        content_of(f'{{"a":{number}}}')
