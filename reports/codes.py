"""What entries of all kinds tell alike: their head, and the words of the codes that they carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.db import models

from accounts.models import Role
from acts.models import Authentication
from apprenticeship.record import recorded, told


class Head(TypedDict):
    """What the entries of all kinds tell alike: their number, who signed, when, and under which words."""

    sequence: int
    name: str
    role: str
    at: datetime
    zone: str
    meaning: str
    meaning_language: str
    authentication: str
    station: str


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The head of an entry, with its codes in words; a code that this version doesn't know stays as it is.

    `station` is the shared device on which it was signed; blank for one's own.
    """

    sequence: int
    name: str
    role: str
    at: datetime
    zone: str
    meaning: str
    meaning_language: str
    authentication: str
    station: str

    @property
    def role_label(self) -> str:
        return word_of(self.role, Role)

    @property
    def authentication_label(self) -> str:
        """How the signer was known; on a shared device also on which."""
        word = word_of(self.authentication, Authentication)
        return f"{word} ({self.station})" if self.station else word


def head_of(content: Mapping[str, Any]) -> Head:
    """The head of an entry from its content. Raises EntryIllegible where the bytes tell none."""
    at, zone = recorded(content)
    return Head(
        sequence=told(content, "sequence", int),
        name=told(content, "by.name", str),
        role=told(content, "by.role", str),
        at=at,
        zone=zone,
        meaning=told(content, "body.meaning.text", str),
        meaning_language=told(content, "body.meaning.language", str),
        authentication=told(content, "act.authentication", str),
        station=told(content, "act.station.name", str) if "station" in told(content, "act", dict) else "",
    )


def word_of(code: str, known: type[models.TextChoices]) -> str:
    """The word for a code of an entry; one that this version doesn't know, of a later one perhaps, stays as it is."""
    return str(known(code).label) if code in known.values else code
