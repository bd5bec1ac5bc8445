"""The book itself, entry by entry: what each says in a line, and its exact bytes."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from apprenticeship.models import RecordEntry

KIND_WORDS: dict[str, "str | Promise"] = {
    "sign_off": gettext_lazy("Sign-off"),
    "revocation": gettext_lazy("Sign-off taken back"),
    "class_hours": gettext_lazy("Class hours"),
    "class_hours_void": gettext_lazy("Class hours taken back"),
}


@dataclass(frozen=True)
class BookLine:
    """One entry as the list of the book shows it. `bytes` is its canonical text, over which the hash is made."""

    sequence: int
    kind: str
    about: str
    name: str
    role: str
    recorded_at: datetime
    zone: str
    hash: str
    previous_hash: str
    bytes: str
    legible: bool

    @property
    def kind_words(self) -> str:
        """The kind in words; its code where this version knows none."""
        return str(KIND_WORDS.get(self.kind, self.kind))

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role in Role.values else self.role


def line_of(entry: RecordEntry) -> BookLine:
    """The line of one entry. Bytes that are no longer an entry are shown all the same, and said to be illegible."""
    content = _content(entry.canonical)
    by = content.get("by") or {}
    return BookLine(
        sequence=entry.sequence,
        kind=entry.kind,
        about=_about(content.get("body") or {}),
        name=str(by.get("name", "")),
        role=str(by.get("role", "")),
        recorded_at=entry.recorded_at,
        zone=str(content.get("zone") or "UTC"),
        hash=entry.hash,
        previous_hash=entry.previous_hash,
        bytes=entry.canonical,
        legible=bool(content),
    )


def _content(canonical: str) -> dict[str, Any]:
    try:
        content = json.loads(canonical)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _about(body: dict[str, Any]) -> str:
    """What the entry is about, in a few words: the skill and its level, or the topic and its hours."""
    skill, topic = body.get("skill"), body.get("topic")
    if skill and body.get("level"):
        return f"{skill['code']} · {body['level']['label']}"
    if skill:
        return _("%(code)s · entry %(number)s") % {"code": skill["code"], "number": body.get("sign_off")}
    if topic:
        return _("%(topic)s · %(hours)s h") % {"topic": topic["title"], "hours": body.get("hours", "")}
    return ""
