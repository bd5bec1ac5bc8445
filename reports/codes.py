"""The words of the codes that entries carry."""

from django.db import models

from accounts.models import Role
from acts.models import Authentication


class Signed:
    """How an entry names its signer, in words; a code that this version doesn't know stays as it is."""

    role: str
    authentication: str

    @property
    def role_label(self) -> str:
        return word_of(self.role, Role)

    @property
    def authentication_label(self) -> str:
        return word_of(self.authentication, Authentication)


def word_of(code: str, known: type[models.TextChoices]) -> str:
    """The word for a code of an entry; one that this version doesn't know, of a later one perhaps, stays as it is."""
    return str(known(code).label) if code in known.values else code
