"""What is under way in one book, as its pages show it beside the record: waiting, or sent back.

Never part of a printed record: a document is gathered from `progress_of` without it.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.answering import signers_of
from apprenticeship.models import (
    Apprenticeship,
    AskState,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
)


@dataclass(frozen=True)
class Asked:
    """One skill that was asked for and is under way: who has it, or who sent it back with which words.

    `key` is that of the act of withdrawing it, made when the page is.
    """

    id: uuid.UUID
    request_id: uuid.UUID
    skill_id: uuid.UUID
    code: str
    text: str
    is_open: bool
    asked_at: datetime
    done_on: date
    signers: tuple[str, ...]
    sent_back_by: str = ""
    sent_back_at: datetime | None = None
    words: str = ""
    for_credit: bool = False
    key: str = field(default_factory=new_key)


def asks_of(apprenticeship: Apprenticeship, *, viewer: Viewer) -> Mapping[uuid.UUID, Asked]:
    """By skill what is under way in this book, the oldest first; one query when nothing is, else four.

    The caller has asked for the permission to read requests, and loaded the mentorships.
    """
    found = list(
        RequestedSkill.objects.under_way()
        .filter(apprenticeship=apprenticeship)
        .select_related("skill__skill_set")
        .prefetch_related("events__by")
        .order_by("asked_at", "skill__skill_set__order", "skill__order")
    )
    if not found:
        return {}
    signers = signers_of(((apprenticeship, row.skill.skill_set.role_track) for row in found), viewer=viewer)
    return {row.skill_id: _asked(row, signers[apprenticeship.pk, row.skill.skill_set.role_track]) for row in found}


def _asked(row: RequestedSkill, signers: tuple[str, ...]) -> Asked:
    back = _last_sent_back(row) if row.state == AskState.SENT_BACK else None
    return Asked(
        id=row.pk,
        request_id=row.request_id,
        skill_id=row.skill_id,
        code=row.skill.code,
        text=row.skill.text,
        is_open=row.state == AskState.OPEN,
        asked_at=row.asked_at,
        done_on=row.done_on,
        signers=signers,
        sent_back_by=back.by.name if back else "",
        sent_back_at=back.at if back else None,
        words=back.comment if back else "",
        for_credit=row.is_for_credit,
    )


def _last_sent_back(row: RequestedSkill) -> RequestEvent | None:
    turns = (event for event in row.events.all() if event.kind == RequestEventKind.SENT_BACK)
    return max(turns, key=lambda event: event.pk, default=None)
