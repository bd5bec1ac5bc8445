"""Reading the bytes of entries, and whether they are the canonical form (RFC 8785) of what they say.

The library that writes entries is plain Python; asking it for every entry took half of a check. Python's own
encoder writes the same text, ten times faster, for everything that entries are made of: texts, whole numbers,
booleans, None, lists and objects with names. Fractions and numbers that not every reader keeps are refused
when the bytes are read; what else it might write otherwise goes to the library.
"""

import json
import re
from typing import Any

import rfc8785

MOST_DIGITS = 15
"""Every reader of JSON keeps whole numbers of so many digits exactly; no number of an entry comes near."""


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

# Signs that need two units in UTF-16 sort differently there; halves of them stand for no sign at all.
_BEYOND = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")


def content_of(text: str) -> Any:
    """What `text` says. ValueError or RecursionError where it is no JSON, or holds a number no entry has."""
    return _decode(text)


def canonical_text(content: dict[str, Any]) -> str:
    """What RFC 8785 makes of `content`, which holds nothing but what entries are made of.

    ValueError where a text holds half a sign.
    """
    text = _encode(content)
    return rfc8785.dumps(content).decode() if _is_beyond(text) else text


def is_canonical(content: dict[str, Any], text: str) -> bool:
    """Whether `text` is what RFC 8785 makes of `content`, which `content_of` read from it."""
    try:
        return (rfc8785.dumps(content).decode() if _is_beyond(text) else _encode(content)) == text
    except (ValueError, RecursionError):
        return False


def _is_beyond(text: str) -> bool:
    return not text.isascii() and _BEYOND.search(text) is not None
