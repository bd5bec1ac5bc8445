"""Reading the bytes of entries, and whether they are the canonical form (RFC 8785) of what they say.

Two ways give the same answers. The quick one, by orjson, only ever says yes, and only where it cannot differ from
the careful one: all numbers are whole ones that every reader keeps, no name is sorted in another way by RFC 8785,
and orjson writes the very same bytes again. Whatever else there is goes the careful way: Python's reader and the
rfc8785 library. Entries are written by Python's encoder, which takes nothing but what JSON has, or by that library.
"""

import json
from typing import Any

import orjson
import rfc8785

MOST_DIGITS = 15
"""Every reader of JSON keeps whole numbers of so many digits exactly; no number of an entry comes near."""

BEYOND = 10**MOST_DIGITS


def _refuse(number: str) -> Any:
    raise ValueError(number)


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise ValueError(digits)
    return int(digits)


_decode = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse, parse_int=_whole).decode
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def content_of(text: str) -> Any:
    """What `text` says. ValueError or RecursionError where it is no JSON, or holds a number no entry has."""
    content = _read_quickly(text)
    return _decode(text) if content is None else content


def canonical_text(content: dict[str, Any]) -> str:
    """What RFC 8785 makes of `content`, which holds nothing but what entries are made of.

    ValueError where a text holds half a sign.
    """
    text = _encode(content)
    return text if _is_sorted_by_code_point(text) else rfc8785.dumps(content).decode()


def judged(text: str) -> tuple[Any, bool]:
    """What `text` says, as `content_of` tells it, and whether it is what RFC 8785 makes of that."""
    content = _read_quickly(text)
    if content is not None:
        return content, True
    content = _decode(text)
    try:
        return content, rfc8785.dumps(content).decode() == text
    except (ValueError, RecursionError):
        return content, False


def _read_quickly(text: str) -> dict[str, Any] | None:
    """The object that `text` is the canonical form of; None is no answer yet."""
    try:
        content = orjson.loads(text)
        if type(content) is dict and _is_sorted_by_code_point(text) and _all_numbers_are_kept(content):
            return content if orjson.dumps(content, option=orjson.OPT_SORT_KEYS) == text.encode() else None
    except (TypeError, ValueError, RecursionError):  # no JSON, half a surrogate pair, too deep: others will say so
        pass
    return None


def _is_sorted_by_code_point(text: str) -> bool:
    """Whether names in `text` sort alike by code point and, as RFC 8785 asks, by UTF-16: none goes beyond 16 bits."""
    return text.isascii() or len(text.encode("utf-16-le")) == 2 * len(text)


def _all_numbers_are_kept(content: dict[str, Any]) -> bool:
    """Whether every number in `content`, however deep, is one that entries may have."""
    parts: list[Any] = [content]
    for part in parts:  # grows while it is walked
        for value in part.values() if type(part) is dict else part:
            kind = type(value)
            if kind is str:
                continue  # most are: ask no further
            if kind is dict or kind is list:
                parts.append(value)
            elif kind is float or (kind is int and not -BEYOND < value < BEYOND):
                return False
    return True


def are_alike(told: Any, expected: Any) -> bool:
    """Whether two contents would be written alike, however deep they differ: true is no 1."""
    try:
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS) == orjson.dumps(expected, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # half a surrogate pair, or too deep: nothing that a row holds
        return False
