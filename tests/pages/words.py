"""What a reader sees of an answer."""

import html
import re
from typing import Any


def words_of(answer: Any) -> str:
    """The text of a page, without markup, with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
