"""The one UPDATE that an insert-only table ever takes: a sealed text that is blanked.

The digest stays, so the entry that carries it stays whole; text and salt go for good. That a text may go
is said by a row elsewhere, a purge, and asked by the database itself: each path in settings.BLANKING
gives SQL that is true of OLD where such a row stands.
"""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

BLANKABLE: Mapping[str, Sequence[str]] = {"acts_sealedtext": ("text", "salt", "removed_at")}
"""By table, the columns that a blanking changes; the web role may change these and no others."""

KEPT = ("id", "sponsor_id", "digest", "sealed_at")


def may_be_blanked(table: str) -> str:
    """SQL over OLD and NEW that is true of a blanking that may be; blank for a table that takes none."""
    if table not in BLANKABLE or not settings.BLANKING:
        return ""
    kept = " AND ".join(f"NEW.{column} = OLD.{column}" for column in KEPT)
    said = " OR ".join(f"({import_string(path)()})" for path in settings.BLANKING)
    blanked = "OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL AND NEW.text = '' AND NEW.salt = ''"
    return f"{blanked} AND {kept} AND ({said})"
