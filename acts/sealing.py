"""Texts that the record carries only as a salted digest, so that one may be removed one day.

The salt keeps a short text from being guessed from its digest. Verification passes without the
text and says that it was removed.
"""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from acts.models import SealedText
from acts.statements import insert


def digest_of(salt: str, text: str) -> str:
    """SHA-256 over the salt's bytes followed by the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def can_be_kept(text: str) -> bool:
    """Whether the database and the record can hold `text`: no NUL, and nothing that UTF-8 cannot say."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def seal(text: str, *, sponsor_id: uuid.UUID, at: datetime) -> SealedText:
    """Store `text` under a fresh salt of 32 random bytes; the entry carries only its digest."""
    return seal_many([(text, sponsor_id)], at=at)[0]


def seal_many(texts: Sequence[tuple[str, uuid.UUID]], *, at: datetime) -> list[SealedText]:
    """Store each text of each sponsor, each under a salt of its own, in one statement; in their order."""
    sealed = [_sealed(text, sponsor_id, at) for text, sponsor_id in texts]
    insert(sealed)
    return sealed


class HasSeal(Protocol):
    """Whatever carries a sealed text: its row, or its columns alone."""

    @property
    def digest(self) -> str: ...
    @property
    def salt(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def removed_at(self) -> Any: ...


def is_intact(sealed: "HasSeal | SealedText") -> bool:
    """Whether a kept text still gives its digest, and a removed one is really gone."""
    if sealed.removed_at is not None:
        return sealed.text == "" and sealed.salt == ""
    try:
        return digest_of(sealed.salt, sealed.text) == sealed.digest
    except ValueError:  # a salt that is no hexadecimal number any more
        return False


def _sealed(text: str, sponsor_id: uuid.UUID, at: datetime) -> SealedText:
    salt = secrets.token_hex(32)
    return SealedText(sponsor_id=sponsor_id, salt=salt, text=text, digest=digest_of(salt, text), sealed_at=at)
