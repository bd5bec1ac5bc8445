"""The trace of what happens outside the training record: logins, tokens, settings."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from acts.models import AuditEvent
from acts.statements import insert


def note_event(
    kind: str,
    *,
    at: datetime,
    actor_id: uuid.UUID | None = None,
    sponsor_id: uuid.UUID | None = None,
    subject: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write down that something happened; ids only, never names, passwords or what was typed.

    `subject` is "kind:id" of what it is about. The row can never be changed afterwards.
    """
    AuditEvent.objects.create(
        kind=kind, at=at, actor_id=actor_id, sponsor_id=sponsor_id, subject=subject, data=dict(data or {})
    )


def note_events(
    kind: str,
    told: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    at: datetime,
    actor_id: uuid.UUID | None,
    sponsor_id: uuid.UUID | None,
) -> None:
    """Write down many events of one kind in one statement, each by its subject and its data."""
    insert(
        [
            AuditEvent(kind=kind, at=at, actor_id=actor_id, sponsor_id=sponsor_id, subject=subject, data=dict(data))
            for subject, data in told
        ]
    )
