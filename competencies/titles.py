"""Which lines of a page are titles of skill sets: nothing marks them, the page's counts settle it.

Each line has a shape: surely a title, surely a skill, or open. A *reading* gives every line one
role so that exactly the counted sets and skills come out, each set with at least one skill. When
the shapes leave one reading it is taken; when they leave several, the lines on which the readings
differ are doubtful; when they leave none, the page is read by shape alone and its counts are.

Readings are never listed, for there may be more than atoms: two passes over the lines carry, as
bits of an integer, the set of title counts that are possible up to each line and still possible
after it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

STEP = re.compile(r"^Step (\d{1,3}):")
LONGEST_TITLE = 200
_MINOR = frozenset(
    ("a", "an", "and", "as", "at", "but", "by", "for", "from", "in",
     "nor", "of", "on", "or", "per", "the", "to", "via", "vs", "with")
)  # fmt: skip
_CLOSING = "\"')]”’»"  # what may stand after the stop that ends a sentence
_STOPS = (".", "!", "?", ";", ":", ",")


class Shape(Enum):
    TITLE = "title"
    SKILL = "skill"
    OPEN = "open"


@dataclass(frozen=True)
class Settled:
    """The role of each line, the positions of the doubtful ones, and whether the counts came out."""

    titles: tuple[bool, ...]
    doubtful: frozenset[int]
    counts_hold: bool


def settle(lines: Sequence[str], *, sets: int, skills: int) -> Settled:
    """The roles of `lines`, of which the page says that they are `sets` titles and `skills` skills."""
    shapes = [shape_of(line) for line in lines]
    if len(lines) == sets + skills:
        loosened = [Shape.OPEN if shape is Shape.TITLE else shape for shape in shapes]
        for allowed in (shapes, loosened):
            settled = _read(allowed, shapes, sets)
            if settled is not None:
                return settled
    return _by_shape(shapes)


def shape_of(line: str) -> Shape:
    """What the line looks like by itself.

    Two marks are asked: a sentence ends with a stop, and a title has capitals. Where they
    contradict each other the line is open, and so is a single word.
    """
    if STEP.match(line) or len(line) > LONGEST_TITLE:
        return Shape.SKILL
    stopped = line.rstrip(_CLOSING).endswith(_STOPS)
    capitals = _has_title_capitals(line)
    if stopped and not capitals:
        return Shape.SKILL
    if capitals and not stopped and len(line.split()) > 1:
        return Shape.TITLE
    return Shape.OPEN


def _has_title_capitals(line: str) -> bool:
    words = [word.strip("\"'()[]“”‘’.,;!?&") for word in re.split(r"[\s/:–-]+", line)]
    lettered = [word for word in words if word[:1].isalpha()]
    telling = [word for word in lettered if word.lower() not in _MINOR]
    return bool(telling) and not lettered[0][0].islower() and all(not word[0].islower() for word in telling)


def _read(allowed: Sequence[Shape], shapes: Sequence[Shape], sets: int) -> Settled | None:
    """The one reading, or a likely one with its doubtful lines; None when there is none."""
    last = len(allowed) - 1
    if last < 1 or not 1 <= sets <= len(allowed) // 2:
        return None
    before = _counts_before(allowed, sets)
    after = _counts_after(allowed, sets)
    possible = [
        (b_skill & a_skill, b_title & a_title)
        for (b_skill, b_title), (a_skill, a_title) in zip(before, after, strict=True)
    ]
    if not any(possible[0]):
        return None
    doubtful = frozenset(i for i, (as_skill, as_title) in enumerate(possible) if as_skill and as_title)
    return Settled(titles=_likely(shapes, possible, after), doubtful=doubtful, counts_hold=True)


def _counts_before(allowed: Sequence[Shape], sets: int) -> list[tuple[int, int]]:
    """Per line the title counts reachable with it, as a skill and as a title, as bits."""
    every = (1 << (sets + 1)) - 1
    result = [(0, 0 if allowed[0] is Shape.SKILL else 0b10)]  # the first line can only be a title
    for shape in allowed[1:]:
        skill, title = result[-1]
        result.append(
            (
                0 if shape is Shape.TITLE else skill | title,
                0 if shape is Shape.SKILL else (skill << 1) & every,  # no title follows a title
            )
        )
    return result


def _counts_after(allowed: Sequence[Shape], sets: int) -> list[tuple[int, int]]:
    """Per line the title counts up to it from which the rest of the page comes out, as bits."""
    result = [(0 if allowed[-1] is Shape.TITLE else 1 << sets, 0)]  # the last line can only be a skill
    for position in range(len(allowed) - 2, -1, -1):
        skill, title = result[-1]
        shape = allowed[position]
        result.append(
            (
                0 if shape is Shape.TITLE else skill | (title >> 1),
                0 if shape is Shape.SKILL else skill,
            )
        )
    return result[::-1]


def _likely(
    shapes: Sequence[Shape], possible: Sequence[tuple[int, int]], after: Sequence[tuple[int, int]]
) -> tuple[bool, ...]:
    """One of the possible readings, preferring at each line the role that its shape suggests."""
    count = 0
    roles: list[bool] = []
    for position, shape in enumerate(shapes):
        follows_title = bool(roles) and roles[-1]
        can_be_title = not follows_title and after[position][1] >> (count + 1) & 1 and possible[position][1]
        can_be_skill = after[position][0] >> count & 1 and possible[position][0]
        is_title = bool(can_be_title) and (shape is Shape.TITLE or not can_be_skill)
        count += is_title
        roles.append(is_title)
    return tuple(roles)


def _by_shape(shapes: Sequence[Shape]) -> Settled:
    """Every sure title is one, unless its set would be empty; the first line always is one."""
    roles: list[bool] = []
    doubtful = set()
    for position, shape in enumerate(shapes):
        fits = position + 1 < len(shapes) and not (roles and roles[-1])
        is_title = position == 0 or (shape is Shape.TITLE and fits)
        if shape is Shape.OPEN or is_title != (shape is Shape.TITLE):
            doubtful.add(position)
        roles.append(is_title)
    return Settled(titles=tuple(roles), doubtful=frozenset(doubtful), counts_hold=False)
