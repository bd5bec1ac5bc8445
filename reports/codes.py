"""The words of the codes that entries carry."""

from django.db import models


def word_of(code: str, known: type[models.TextChoices]) -> str:
    """The word for a code of an entry; one that this version doesn't know, of a later one perhaps, stays as it is."""
    return str(known(code).label) if code in known.values else code
