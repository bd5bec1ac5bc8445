"""Telling people of certificates: that one waits, what was decided, and what comes due.

As everywhere: a message is written in the transaction of what happened, people are found when it is delivered,
and the notices are its trace, so that a worker that dies in between tells nothing twice.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Membership, Notice, User
from accounts.notices import ToTell, give, refresh
from accounts.viewer import Viewer
from acts.models import Act, OutboxMessage
from acts.outbox import enqueue
from apprenticeship.telling import coordinators_of
from instruction.models import Certificate, Outcome

HANDLER = "tell_of_certificates"
"""Our name in settings.OUTBOX_HANDLERS."""


def announce_waiting(certificate: Certificate, *, act: Act, viewer: Viewer) -> None:
    """One message that a certificate waits to be confirmed, in the caller's transaction."""
    enqueue(HANDLER, {"telling": "waits", "certificates": [str(certificate.pk)]}, act=act, at=viewer.at)


def announce_decided(certificate: Certificate, *, act: Act, viewer: Viewer) -> None:
    """One message that a certificate was confirmed or declined, in the caller's transaction."""
    enqueue(HANDLER, {"telling": "decided", "certificates": [str(certificate.pk)]}, act=act, at=viewer.at)


def announce_due(certificates: Sequence[uuid.UUID], *, days: int, at: datetime) -> None:
    """One message that these are due within `days`, in the caller's transaction."""
    ids = [str(pk) for pk in certificates]
    enqueue(HANDLER, {"telling": "due", "certificates": ids, "days": days}, act=None, at=at)


def tell(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:
    """Carry out one message of the outbox; safe to run twice."""
    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=message_id)
        message = OutboxMessage.objects.select_related("act__actor").get(pk=message_id)
        ids = [uuid.UUID(pk) for pk in payload["certificates"]]
        rows = list(Certificate.objects.filter(pk__in=ids).with_all().order_by("sponsor", "due_on", "pk"))
        actor = message.act.actor_id if message.act else None
        viewer = Viewer(user=None, at=at)
        told = _TELLERS[payload["telling"]](rows, payload, message, viewer)
        give([one for one in told if one.person.pk != actor], message=message)
        about = {*ids, *(row.renews_id for row in rows if row.renews_id)}
        refresh(Notice.objects.filter(about__in=about, over_at=None), at=at)


def _data(row: Certificate, message: OutboxMessage, **more: Any) -> dict[str, Any]:
    actor = message.act.actor if message.act else None
    return {
        "name": row.holder.name,
        "by": actor.name if actor else row.sponsor.name,
        "kind": row.kind.code if row.kind.sponsor_id is None else "",
        "title": row.title or row.kind.title,
        "book": str(row.apprenticeship_id or ""),
        **more,
    }


def _waits(rows: list[Certificate], _payload: Any, message: OutboxMessage, viewer: Viewer) -> Iterator[ToTell]:
    for row in rows:
        for person in _coordinators(row, viewer):
            yield ToTell(person, row.sponsor, "certificate_waits", row.pk, _data(row, message))


def _decided(rows: list[Certificate], _payload: Any, message: OutboxMessage, _viewer: Viewer) -> Iterator[ToTell]:
    for row in rows:
        confirmed = row.decision.outcome == Outcome.CONFIRMED
        kind = "certificate_confirmed" if confirmed else "certificate_declined"
        yield ToTell(row.holder, row.sponsor, kind, row.pk, _data(row, message))


def _due(rows: list[Certificate], payload: Any, message: OutboxMessage, viewer: Viewer) -> Iterator[ToTell]:
    """The holder of each; the coordinators of a sponsor in one notice."""
    days = payload["days"]
    sponsors: dict[uuid.UUID, list[Certificate]] = {}
    for row in _of_those_who_are_there(rows, viewer):
        yield ToTell(row.holder, row.sponsor, "certificate_due", row.pk, _data(row, message, days=days))
        sponsors.setdefault(row.sponsor_id, []).append(row)
    for found in sponsors.values():
        sponsor = found[0].sponsor
        people = sorted({row.holder.name for row in found})
        data = {"days": days, "certificates": len(found), "people": people}
        for person in coordinators_of(sponsor, viewer=viewer):
            yield ToTell(person, sponsor, "certificate_due_sponsor", sponsor.pk, data)


def _of_those_who_are_there(rows: Iterable[Certificate], viewer: Viewer) -> list[Certificate]:
    """Without those of staff whose last role with the sponsor has ended, and of closed accounts."""
    rows = [row for row in rows if row.holder.is_active]
    held = Membership.objects.filter(user__in={row.holder_id for row in rows}).select_related("sponsor")
    there = {
        (m.user_id, m.sponsor_id)
        for m in held
        if m.since <= viewer.today(m.sponsor) and (m.until is None or viewer.today(m.sponsor) < m.until)
    }
    return [row for row in rows if row.apprenticeship_id or (row.holder_id, row.sponsor_id) in there]


def _coordinators(row: Certificate, viewer: Viewer) -> list[User]:
    """Those who may confirm it: never its holder."""
    return [person for person in coordinators_of(row.sponsor, viewer=viewer) if person.pk != row.holder_id]


_TELLERS = {"waits": _waits, "decided": _decided, "due": _due}
