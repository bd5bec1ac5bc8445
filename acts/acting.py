"""An act happens once: the beat "replay" of every transition.

A transition calls `begin_act` inside its transaction, right after the permission. The first time it
gets a fresh act; the same key with the same request gives the first act back; the same key with
another request is refused. A transition that fails rolls its act back with everything else.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from acts.models import Act, Authentication
from acts.statements import insert, update

LONGEST_KEY = 200


class KeyReused(Exception):
    """The same key came with another request: the edge answers 422 and nothing is done."""


class KeyUnusable(Exception):
    """No key, or none that can be kept: over 200 characters or not printable. The edge answers 400."""


class TurnSpent(Exception):
    """Whoever unlocked the shared device has done their one act on it: the edge answers 409, nothing is done."""


@dataclass(frozen=True)
class AtStation:
    """One person's turn at a shared device: unlocked by their own PIN, good for one act.

    `name` is the device's as it is called now; `worksite_id` and `sponsor_id` say whose records it reaches.
    """

    id: uuid.UUID
    name: str
    sponsor_id: uuid.UUID
    worksite_id: uuid.UUID
    turn: uuid.UUID
    began_at: datetime


@dataclass(frozen=True)
class Begun:
    """An act, and whether it is the replay of one that was done before."""

    act: Act
    is_replay: bool


def new_key() -> str:
    """A key for one act. A form gets it when it is shown, so that pressing twice acts once."""
    return str(uuid.uuid4())


def request_hash(kind: str, request: Mapping[str, Any]) -> str:
    """SHA-256 over one form of what was asked, whatever the order of its names.

    Takes any text, also one that the record would refuse: wrong input is told after the replay.
    """
    form = json.dumps({"kind": kind, "request": dict(request)}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(form.encode("ascii")).hexdigest()


def begin_act(
    *,
    actor_id: uuid.UUID | None,
    key: str,
    kind: str,
    request: Mapping[str, Any],
    at: datetime,
    authentication: Authentication,
    station: AtStation | None = None,
) -> Begun:
    """Claim `key` for `actor_id`, inside the caller's transaction; `finish_act` notes what it made.

    Two claims at the same instant meet in the unique constraint: the second
    waits for the first to commit and then reads it as its replay. So do two acts of one turn at a
    `station`, and the second is refused. Raises KeyReused when the request differs, KeyUnusable and
    TurnSpent.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise KeyUnusable
    act = Act(
        actor_id=actor_id,
        key=key,
        kind=kind,
        request_hash=request_hash(kind, request),
        at=at,
        authentication=authentication,
        station_id=station.id if station else None,
        station_turn=station.turn if station else None,
    )
    if insert([act], unless_there=True):
        return Begun(act=act, is_replay=False)
    existing = Act.objects.filter(actor_id=actor_id, key=key).first()
    if existing is None:
        raise TurnSpent
    if existing.request_hash != act.request_hash:
        raise KeyReused
    return Begun(act=existing, is_replay=True)


def finish_act(act: Act, results: Sequence[uuid.UUID]) -> None:
    """Note what the act made, in order, so that a replay can give the same answer."""
    act.result_ids = [str(result) for result in results]
    update(act, "result_ids")


def act_of_turn(turn: uuid.UUID) -> Act | None:
    """The one act that was done in a turn at a shared device; None while it is not yet done."""
    return Act.objects.filter(station_turn=turn).first()


def was_done(actor_id: uuid.UUID | None, key: str) -> bool:
    """Whether an act with this key stands: what it then answers is a replay. Another request may still come first."""
    return Act.objects.filter(actor_id=actor_id, key=key).exists()
