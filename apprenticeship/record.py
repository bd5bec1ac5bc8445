"""The book of an apprenticeship: how a fact enters it, for good.

The form of an entry's bytes is described in `docs/record-format.md`. Changing it changes every
hash, so a new form gets a new number and the old one stays readable.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.viewer import Viewer
from acts.models import Act, origin
from acts.sealing import can_be_kept
from acts.statements import Ready, Writes, insert
from apprenticeship.canonical import canonical_text, content_of
from apprenticeship.models import Apprenticeship, RecordEntry, RecordHead
from apprenticeship.stations import require_live
from competencies.models import RatingLevel, Skill

T = TypeVar("T")
FORMAT = 1
MOST_ENTRIES_IN_ONE_ACT = 500
HEAD = Ready(lambda book: _locked().filter(pk=book), "book")


class TooManyEntries(Exception):
    """More than 500 entries in one act: split it. The edge answers 400."""


class EntryIllegible(Exception):
    """The bytes of an entry are not what its kind writes: they were forged. A page says so and stays up."""


@dataclass(frozen=True)
class Draft:
    """A fact before it stands in the book: its kind, its body, and in which role it is signed.

    `body` holds only text, whole numbers, booleans, None, lists and dicts; hours and dates as text.
    """

    apprenticeship: Apprenticeship
    kind: str
    body: Mapping[str, Any]
    role: str
    qualification: str = ""


def entry_hash(canonical: str) -> str:
    """SHA-256 over a zero byte and the entry's bytes; the zero tells a leaf from a later tree's nodes."""
    return hashlib.sha256(b"\x00" + canonical.encode()).hexdigest()


def first_previous_hash(origin_id: str, apprenticeship_id: uuid.UUID) -> str:
    """What entry 1 names as its predecessor: derived from the installation and the book."""
    return hashlib.sha256(f"journeybook:{origin_id}:{apprenticeship_id}".encode()).hexdigest()


def timestamp(at: datetime) -> str:
    """An instant as entries carry it: UTC with six digits, for example 2026-03-02T15:00:00.000000Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def lock_books(apprenticeship_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, RecordHead]:
    """Lock the heads of these books until the transaction ends, in id order so that two acts never embrace.

    A book that was never written to gets its head here; two first writers meet in the primary key. With each
    head comes the status of its apprenticeship as it stands under the lock.
    """
    ids = sorted(set(apprenticeship_ids))
    if len(ids) == 1:
        return {ids[0]: _lock_book(ids[0])}
    origin_id = origin()
    RecordHead.objects.bulk_create([_first_head(i, origin_id) for i in ids], ignore_conflicts=True)
    heads = _locked().filter(pk__in=ids).order_by("pk")
    return {head.apprenticeship_id: head for head in heads}


def _locked() -> "QuerySet[RecordHead]":
    """Heads to be locked with their apprenticeships: what only stands beside a locked row may be older than it."""
    heads = RecordHead.objects.select_related("apprenticeship").only("sequence", "hash", "apprenticeship__status")
    return heads.select_for_update(of=("self", "apprenticeship"), no_key=True)


def _lock_book(apprenticeship_id: uuid.UUID) -> RecordHead:
    """As `lock_books`, for one book: one statement, and one more where nothing was ever written to it."""
    if locked := HEAD(book=apprenticeship_id):
        return locked[0]
    head = _first_head(apprenticeship_id, origin())
    # A row that this transaction has inserted is locked by it.
    return head if insert([head], unless_there=True) else HEAD(book=apprenticeship_id)[0]


def _first_head(apprenticeship_id: uuid.UUID, origin_id: str) -> RecordHead:
    """The head of a book that was never written to."""
    first = first_previous_hash(origin_id, apprenticeship_id)
    # Its status was never changed either: that would have been an entry.
    return RecordHead(apprenticeship=Apprenticeship(pk=apprenticeship_id), sequence=0, hash=first)


def append_many(
    drafts: Sequence[Draft],
    *,
    viewer: Viewer,
    act: Act,
    heads: Mapping[uuid.UUID, RecordHead] | None = None,
    writes: Writes | None = None,
) -> list[RecordEntry]:
    """Write `drafts` as entries, in their order, and move the heads; one transaction, the caller's.

    `heads` are those that the caller got from `lock_books`; without them the books are locked here. With
    `writes` they only wait there, for the caller to send them with its typed rows. Raises TooManyEntries
    over 500, and StationRevoked. Returns the entries in the order of the drafts.
    """
    if len(drafts) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    _require_told(act, viewer)
    if heads is None:
        heads = lock_books(draft.apprenticeship.pk for draft in drafts)
    origin_id = origin()
    entries = []
    for draft in drafts:
        head = heads[draft.apprenticeship.pk]
        entry = entry_of(draft, head=head, origin_id=origin_id, viewer=viewer, act=act)
        head.sequence, head.hash = entry.sequence, entry.hash
        entries.append(entry)
    sent = writes or Writes()
    sent.insert(entries)
    if len(heads) == 1:
        sent.update(next(iter(heads.values())), "sequence", "hash")
    else:
        RecordHead.objects.bulk_update(heads.values(), ["sequence", "hash"])
    if writes is None:
        sent.send()
    return entries


def _require_told(act: Act, viewer: Viewer) -> None:
    """Refuse an act of a shared device that does not say so, and one of a device revoked in the meantime."""
    if act.station_id != (viewer.station.id if viewer.station else None):
        raise TypeError("The transition did not tell begin_act at which station its viewer stands.")
    if viewer.station:
        require_live(viewer.station)


class HasBytes(Protocol):
    """Whatever carries the bytes of an entry: its row, or its columns alone."""

    @property
    def canonical(self) -> str: ...


def read(entry: "HasBytes | RecordEntry") -> dict[str, Any]:
    """The entry's content, from its bytes alone. Raises EntryIllegible where they are no JSON object."""
    try:
        content = content_of(entry.canonical)
    except (ValueError, RecursionError) as error:
        raise EntryIllegible from error
    if not isinstance(content, dict):
        raise EntryIllegible
    return content


def told(content: Any, path: str, kind: type[T]) -> T:
    """The value at `path` of a content, for example "by.name". Raises EntryIllegible where it is no `kind`.

    A text that no page could be sent with (half a surrogate pair) is none either.
    """
    for name in path.split("."):
        content = content.get(name) if isinstance(content, Mapping) else None
    if type(content) is not kind or (isinstance(content, str) and not can_be_kept(content)):
        raise EntryIllegible(path)
    return content


def recorded(content: Mapping[str, Any]) -> tuple[datetime, str]:
    """When an entry was recorded, and the zone it names. Raises EntryIllegible where no clock shows such a time."""
    at, zone = told(content, "recorded_at", str), told(content, "zone", str)
    try:
        instant = datetime.fromisoformat(at).astimezone(UTC)
        instant.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError, LookupError, OSError) as error:  # of the text, its year, the zone, its file
        raise EntryIllegible from error
    return instant, zone


def _act_in_entry(act: Act, viewer: Viewer) -> dict[str, Any]:
    """The act as entries carry it; `station` stands there only where it was done on a shared device."""
    told: dict[str, Any] = {"id": str(act.pk), "key": act.key, "authentication": act.authentication}
    if viewer.station:
        told["station"] = {"id": str(viewer.station.id), "name": viewer.station.name}
    return told


def entry_of(draft: Draft, *, head: RecordHead, origin_id: str, viewer: Viewer, act: Act) -> RecordEntry:
    """The entry that `draft` becomes after `head`, unsaved. Its form is for good: see FORMAT."""
    sequence = head.sequence + 1
    content: dict[str, Any] = {
        "format": FORMAT,
        "origin": origin_id,
        "apprenticeship": str(draft.apprenticeship.pk),
        "sequence": sequence,
        "previous": head.hash,
        "kind": draft.kind,
        "recorded_at": timestamp(viewer.at),
        "zone": draft.apprenticeship.sponsor.time_zone,
        "act": _act_in_entry(act, viewer),
        "by": {
            "id": str(viewer.person.pk),
            "name": viewer.person.name,
            "role": draft.role,
            "qualification": draft.qualification,
        },
        "body": dict(draft.body),
    }
    canonical = canonical_text(content)
    return RecordEntry(
        apprenticeship=draft.apprenticeship,
        sequence=sequence,
        kind=draft.kind,
        recorded_at=viewer.at,
        act=act,
        canonical=canonical,
        previous_hash=head.hash,
        hash=entry_hash(canonical),
    )


def skill_in_entry(skill: Skill) -> dict[str, Any]:
    """A skill as entries carry it: its words, so that the entry can be read without the standard."""
    return {
        "id": str(skill.pk),
        "code": skill.code,
        "text": skill.text,
        "set": skill.skill_set.title,
        "parent": skill.parent.code if skill.parent else None,
    }


def level_in_entry(level: RatingLevel) -> dict[str, Any]:
    """A level as entries carry it: its words and whether it attains the skill."""
    return {"code": level.code, "label": level.label, "sentence": level.sentence, "attained": level.attained}
