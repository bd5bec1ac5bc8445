"""A sealed text as a page tells it: its words, or why they are not shown."""

from dataclasses import dataclass

from acts.models import SealedText


@dataclass(frozen=True)
class Sealed:
    """A note or reason: its text, or why it isn't shown (`hidden`: not for this role; `removed`: purged)."""

    text: str = ""
    hidden: bool = False
    removed: bool = False


def sealed_of(text: SealedText | None, *, may_read: bool) -> Sealed | None:
    """What a page tells of `text`; None where there is none."""
    if text is None:
        return None
    if not may_read:
        return Sealed(hidden=True)
    return Sealed(removed=True) if text.removed_at else Sealed(text=text.text)
