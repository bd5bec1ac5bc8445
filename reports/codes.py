"""The words of the codes that entries carry."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from accounts.models import Role
from acts.models import Authentication
from apprenticeship.record import told


class Signed:
    """How an entry names its signer, in words; a code that this version doesn't know stays as it is."""

    role: str
    authentication: str
    station: str = ""

    @property
    def role_label(self) -> str:
        return word_of(self.role, Role)

    @property
    def authentication_label(self) -> str:
        """How the signer was known; on a shared device also on which."""
        word = word_of(self.authentication, Authentication)
        return f"{word} ({self.station})" if self.station else word


def station_told(content: Mapping[str, Any]) -> str:
    """The shared device on which an entry was signed; blank for one's own. Raises EntryIllegible."""
    return told(content, "act.station.name", str) if "station" in told(content, "act", dict) else ""


def word_of(code: str, known: type[models.TextChoices]) -> str:
    """The word for a code of an entry; one that this version doesn't know, of a later one perhaps, stays as it is."""
    return str(known(code).label) if code in known.values else code
