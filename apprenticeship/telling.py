"""Delivering what a transition announced: the handler behind `announcing`."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from apprenticeship.announcing import Telling

log = structlog.get_logger(__name__)


def tell(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:
    """Carry out one message of the outbox; safe to run twice. Raises ValueError for what nobody can tell."""
    telling = Telling(payload["telling"])
    log.info("told", telling=telling.value, message=str(message_id), books=len(payload["books"]), at=at.isoformat())
