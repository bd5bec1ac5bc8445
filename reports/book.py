"""The book itself, entry by entry: what each says in a line, and its exact bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Role
from apprenticeship.models import RecordEntry, Status, TestKind
from apprenticeship.record import EntryIllegible, read, recorded, told
from reports.codes import word_of

KIND_WORDS: dict[str, "str | Promise"] = {
    "sign_off": gettext_lazy("Sign-off"),
    "revocation": gettext_lazy("Sign-off taken back"),
    "counter_signature": gettext_lazy("Word of the apprentice"),
    "disagreement_answer": gettext_lazy("Answer to a disagreement"),
    "test_result": gettext_lazy("Test result"),
    "test_result_void": gettext_lazy("Test result taken back"),
    "purge": gettext_lazy("File removed"),
    "verification": gettext_lazy("Sponsor's verification"),
    "verification_void": gettext_lazy("Verification taken back"),
    "work_hours": gettext_lazy("Hours on the job"),
    "work_month": gettext_lazy("Month of hours on the job signed"),
    "work_hours_void": gettext_lazy("Hours on the job taken back"),
    "class_hours": gettext_lazy("Class hours"),
    "class_hours_void": gettext_lazy("Class hours taken back"),
    "certificate": gettext_lazy("Certificate"),
    "other_hours": gettext_lazy("Hours without a class"),
    "topic_waiver": gettext_lazy("Topic waived"),
    "topic_test": gettext_lazy("Test of a topic"),
    "topic_sign_off": gettext_lazy("Competency in a topic"),
    "instruction_void": gettext_lazy("Entry about instruction taken back"),
    "status_change": gettext_lazy("Change of status"),
    "registration": gettext_lazy("Agreement registered"),
    "assignment": gettext_lazy("Assignment"),
    "requirement_decision": gettext_lazy("Decision on a requirement"),
    "transcription": gettext_lazy("Transcribed from paper"),
    "transcription_void": gettext_lazy("Transcription taken out"),
}


@dataclass(frozen=True)
class BookLine:
    """One entry as the list of the book shows it. `bytes` is its canonical text, over which the hash is made.

    Where the bytes are not `legible`, nothing that they should tell is told. A sign-off `from_paper` verifies what
    somebody else signed on paper.
    """

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
    from_paper: bool = False

    @property
    def kind_words(self) -> str:
        """The kind in words; its code where this version knows none."""
        if self.from_paper:
            return _("Verified from paper")
        return str(KIND_WORDS.get(self.kind, self.kind))

    @property
    def role_label(self) -> str:
        return word_of(self.role, Role)


def line_of(entry: RecordEntry) -> BookLine:
    """The line of one entry. Bytes that are no longer an entry are shown all the same, and said to be illegible."""
    try:
        content = read(entry)
        name, role, about = told(content, "by.name", str), told(content, "by.role", str), _about(content)
        _at, zone = recorded(content)
        legible, from_paper = True, "paper" in told(content, "body", dict)
    except EntryIllegible:
        name, role, about, zone, legible, from_paper = "", "", "", "UTC", False, False
    return BookLine(
        sequence=entry.sequence,
        kind=entry.kind,
        about=about,
        name=name,
        role=role,
        recorded_at=entry.recorded_at,
        zone=zone,
        hash=entry.hash,
        previous_hash=entry.previous_hash,
        bytes=entry.canonical,
        legible=legible,
        from_paper=from_paper,
    )


def _about(content: Mapping[str, Any]) -> str:
    """What the entry is about, in a few words: the skill and its level, or the topic and its hours."""
    body = told(content, "body", dict)
    if "set" in body:
        return _about_verification(body)
    if "skill" in body:
        return _about_skill(body)
    if "worked_on" in body:
        names = {"day": told(body, "worked_on", str), "set": told(body, "skill_set.title", str)}
        return _("%(day)s · %(set)s · %(hours)s\u00a0h") % {**names, "hours": told(body, "hours", str)}
    if "month" in body:
        return _("%(month)s · %(hours)s\u00a0h") % {
            "month": told(body, "month", str),
            "hours": told(body, "hours", str),
        }
    if "file" in body:
        return told(body, "file.sha256", str)[:16]
    if "step" in body:
        return f"{word_of(told(body, 'status', str), Status)} · {told(body, 'on', str)}"
    if "issuer" in body:
        return told(body, "kind.title", str)
    if "topic" in body:
        return _about_topic(body)
    return _("entry %(number)s") % {"number": told(body, "entry", int)} if "entry" in body else ""


def _about_skill(body: Mapping[str, Any]) -> str:
    """The skill, and what is said of it; or the entry about it that is taken back."""
    code = told(body, "skill.code", str)
    if "agrees" in body:
        said = _("agrees") if told(body, "agrees", bool) else _("disagrees")
        return f"{code} · {told(body, 'level.label', str)} · {said}"
    if "level" in body:
        more = [_("Late entry")] if "late_reason" in body else []
        if "evidence" in body:
            files = len(told(body, "evidence", list))
            more.append(ngettext("%(files)s file", "%(files)s files", files) % {"files": files})
        return " · ".join([code, told(body, "level.label", str), *more])
    if "instrument" in body:
        passed = _("passed") if told(body, "passed", bool) else _("not passed")
        return f"{code} · {word_of(told(body, 'kind', str), TestKind)} · {passed}"
    about = next((name for name in ("test_result", "transcription") if name in body), "sign_off")
    return _("%(code)s · entry %(number)s") % {"code": code, "number": told(body, about, int)}


def _about_topic(body: Mapping[str, Any]) -> str:
    """The topic, with its hours where the entry is about hours."""
    title = told(body, "topic.title", str)
    if "hours" not in body:
        return title
    return _("%(topic)s · %(hours)s\u00a0h") % {"topic": title, "hours": told(body, "hours", str)}


def _about_verification(body: Mapping[str, Any]) -> str:
    """Which set, or the whole, and of how many sign-offs; or the entry that is taken back."""
    of = told(body, "set.title", str) if body["set"] else _("the whole standard")
    if "verification" in body:
        return _("%(set)s · entry %(number)s") % {"set": of, "number": told(body, "verification", int)}
    covers = len(told(body, "covers", list))
    return ngettext("%(set)s · %(covers)s sign-off", "%(set)s · %(covers)s sign-offs", covers) % {
        "set": of,
        "covers": covers,
    }
