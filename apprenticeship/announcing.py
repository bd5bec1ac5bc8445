"""Saying that something happened: the last beat of a transition, written in its own transaction.

A transition announces its act once, whatever the number of lines. Who is told, in which words and by
which way is decided when the message is delivered (`telling`), because mentors change and a signature
must not wait for anything of it.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from accounts.viewer import Viewer
from acts.models import Act, OutboxMessage
from acts.outbox import enqueue
from acts.statements import Writes
from apprenticeship.models import Method

HANDLER = "tell"
"""Our name in settings.OUTBOX_HANDLERS."""


class Telling(StrEnum):
    """What can be told. Stored in messages and notices: never rename one."""

    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    SENT_BACK = "sent_back"
    SIGNED = "signed"
    TAKEN_BACK = "taken_back"
    OK_WANTED = "ok_wanted"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    DISAGREEMENT_ANSWERED = "disagreement_answered"
    TAKE_BACK_WANTED = "take_back_wanted"
    TAKE_BACK_DECLINED = "take_back_declined"
    CREDIT_ASKED = "credit_asked"
    CREDIT_GRANTED = "credit_granted"
    PAPER_VERIFIED = "paper_verified"
    VERIFIED = "verified"
    STATUS_CHANGED = "status_changed"
    ASSIGNED = "assigned"
    MENTORS_CHANGED = "mentors_changed"
    NOBODY_MAY_ANSWER = "nobody_may_answer"
    NUDGED = "nudged"
    ESCALATED = "escalated"
    WAITS_FOR_YOU = "waits_for_you"
    DUE_AGAIN = "due_again"
    WORK_REVIEWED = "work_reviewed"
    WORK_VOIDED = "work_voided"
    MONTH_SIGNED = "month_signed"
    MONTH_DUE = "month_due"
    MONTH_LATE = "month_late"


BY_METHOD: Mapping[str, Telling] = {
    Method.CREDIT: Telling.CREDIT_GRANTED,
    Method.TRANSCRIBED: Telling.PAPER_VERIFIED,
}
"""What is told apart from other signatures."""


def announce(
    telling: Telling,
    *,
    act: Act | None,
    viewer: Viewer,
    books: Iterable[uuid.UUID] | None = None,
    wait: timedelta = timedelta(0),
    writes: Writes | None = None,
    **payload: uuid.UUID | Sequence[uuid.UUID] | int,
) -> OutboxMessage:
    """Write one message about what `act` did to `books`, in the caller's transaction; None: those it wrote to.

    `payload` carries ids and numbers only, never a name, a note or a reason: the message outlives what
    it is about. What the act made is found by the act. `wait` holds back the mail, not the notice in
    the app. Timed work has no act. With `writes` the message waits there to be sent with other rows.
    """
    body: dict[str, object] = {"telling": telling.value}
    if books is not None:
        body["books"] = _ids(dict.fromkeys(books))
    if wait:
        body["wait"] = int(wait.total_seconds())
    for name, value in payload.items():
        body[name] = value if isinstance(value, int) else str(value) if isinstance(value, uuid.UUID) else _ids(value)
    return enqueue(HANDLER, body, act=act, at=viewer.at, writes=writes)


def _ids(values: Iterable[uuid.UUID]) -> list[str]:
    return [str(value) for value in values]
