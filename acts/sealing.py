"""Texts that the record carries only as a salted digest, so that one may be removed one day.

The salt keeps a short text from being guessed from its digest. Verification passes without the
text and says that it was removed.
"""

import hashlib
import secrets
import uuid
from datetime import datetime

from acts.models import SealedText


def digest_of(salt: str, text: str) -> str:
    """SHA-256 over the salt's bytes followed by the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def seal(text: str, *, sponsor_id: uuid.UUID, at: datetime) -> SealedText:
    """Store `text` under a fresh salt of 32 random bytes; the entry carries only its digest."""
    salt = secrets.token_hex(32)
    return SealedText.objects.create(
        sponsor_id=sponsor_id, salt=salt, text=text, digest=digest_of(salt, text), sealed_at=at
    )


def is_intact(sealed: SealedText) -> bool:
    """Whether a kept text still gives its digest; a removed one has nothing left to compare."""
    return sealed.removed_at is not None or digest_of(sealed.salt, sealed.text) == sealed.digest
