"""Reminding those who have a request that it waits: the apprentice's, after some days and not every day."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q

from accounts.access import Permission, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from apprenticeship.announcing import Telling, announce
from apprenticeship.conversation import NotUnderWay, as_they_are, turn
from apprenticeship.limits import days_of
from apprenticeship.models import (
    AskState,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
    SignOffRequest,
    Terms,
)
from apprenticeship.record import lock_books


class TooEarly(Exception):
    """What waits has not waited long enough, or was nudged lately; from `may_from` on it may be. 409."""

    def __init__(self, may_from: datetime) -> None:
        super().__init__(f"may be nudged from {may_from}")
        self.may_from = may_from


def nudge(*, viewer: Viewer, key: str, asking: SignOffRequest) -> list[RequestedSkill]:
    """Remind all who may answer of what waits of this request long enough; returns those skills.

    The same `key` gives the first result again. Raises NotPermitted, KeyReused, NotUnderWay where nothing
    waits, and TooEarly; after any of them nothing is stored.
    """
    with transaction.atomic():
        require(viewer, Permission.ASK, on=asking)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="nudge",
            request={"asking": str(asking.pk)},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return as_they_are(uuid.UUID(pk) for pk in begun.act.result_ids)
        lock_books([asking.apprenticeship_id])
        waiting = list(asking.skills.filter(state=AskState.OPEN))
        if not waiting:
            raise NotUnderWay(list(asking.skills.all()))
        may_from = nudge_times(waiting, terms=asking.apprenticeship.terms)
        ready = [row for row in waiting if may_from[row.pk] <= viewer.at]
        if not ready:
            raise TooEarly(min(may_from.values()))
        nudged = RequestEventKind.NUDGED
        RequestEvent.objects.bulk_create([turn(row, nudged, viewer=viewer, act=begun.act) for row in ready])
        books, ids = [asking.apprenticeship_id], [row.pk for row in ready]
        announce(Telling.NUDGED, act=begun.act, viewer=viewer, books=books, asked=ids)
        finish_act(begun.act, ids)
        return ready


def nudge_times(waiting: Iterable[RequestedSkill], *, terms: Terms) -> dict[uuid.UUID, datetime]:
    """For each of `waiting`, from when it may be nudged: some days after it was asked or last nudged. One query."""
    days = timedelta(days=days_of(terms, "nudge_after_days"))
    rows = {row.pk: row for row in waiting}
    nudged = Max("events__at", filter=Q(events__kind=RequestEventKind.NUDGED))
    last = dict(RequestedSkill.objects.filter(pk__in=rows).annotate(nudged=nudged).values_list("pk", "nudged"))
    return {pk: max(row.asked_at, last[pk] or row.asked_at) + days for pk, row in rows.items()}
