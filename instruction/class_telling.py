"""Telling people of planned classes: that one is planned for them, was moved, or is cancelled.

As everywhere: a message is written in the transaction of what happened, and the notices are its trace, so that a
worker that dies in between tells nothing twice. A series is one message, and so one notice for each person.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Notice, User
from accounts.notices import ToTell, give, refresh
from accounts.viewer import Viewer
from acts.models import Act, OutboxMessage
from acts.outbox import enqueue
from apprenticeship.models import Apprenticeship
from instruction.models import Expected, PlannedClass

HANDLER = "tell_of_classes"
"""Our name in settings.OUTBOX_HANDLERS."""


@dataclass(frozen=True)
class Stood:
    """What people were told of a class: when and where it is, who teaches and who is expected."""

    where: tuple[object, ...]
    instructor: uuid.UUID | None
    books: frozenset[uuid.UUID]


def stood(planned: PlannedClass) -> Stood:
    """How a class stands now; to be asked before it is changed, and after."""
    where = (planned.starts_at, planned.ends_at, planned.mode, planned.place)
    books = frozenset(planned.expected.values_list("apprenticeship", flat=True))
    return Stood(where, planned.instructor_id, books)


def announce_planned(classes: Sequence[PlannedClass], *, act: Act, viewer: Viewer) -> None:
    """One message for all classes of a series that are still to come, in the caller's transaction."""
    ahead = [str(planned.pk) for planned in classes if planned.ends_at > viewer.at]
    if ahead:
        enqueue(HANDLER, {"telling": "planned", "classes": ahead}, act=act, at=viewer.at)


def announce_edited(planned: PlannedClass, before: Stood, *, act: Act, viewer: Viewer) -> None:
    """One message of what changed for whom, in the caller's transaction; none where nobody needs to know."""
    now = stood(planned)
    if now == before or planned.ends_at <= viewer.at:
        return
    payload = {
        "telling": "edited",
        "classes": [str(planned.pk)],
        "moved": now.where != before.where,
        "added": sorted(str(pk) for pk in now.books - before.books),
        "dropped": sorted(str(pk) for pk in before.books - now.books),
        "taught_by": [str(before.instructor or ""), str(now.instructor or "")],
    }
    enqueue(HANDLER, payload, act=act, at=viewer.at)


def announce_cancelled(planned: PlannedClass, *, act: Act, viewer: Viewer) -> None:
    """One message that a class that was still to come is off, in the caller's transaction."""
    if planned.ends_at > viewer.at:
        enqueue(HANDLER, {"telling": "cancelled", "classes": [str(planned.pk)]}, act=act, at=viewer.at)


def tell(payload: Mapping[str, Any], *, message_id: uuid.UUID, at: datetime) -> None:
    """Carry out one message of the outbox; safe to run twice."""
    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=message_id)
        message = OutboxMessage.objects.select_related("act").get(pk=message_id)
        rows = PlannedClass.objects.filter(pk__in=payload["classes"]).with_topics().order_by("starts_at", "pk")
        told = _TELLERS[payload["telling"]](list(rows), payload)
        actor = message.act.actor_id if message.act else None
        give([one for one in told if one.person.pk != actor], message=message)
        series = PlannedClass.objects.filter(series__in=[row.series for row in rows])
        refresh(Notice.objects.filter(about__in=series.values("pk"), over_at=None), at=at)


def data_of(rows: Sequence[PlannedClass]) -> dict[str, Any]:
    """What a notice says of classes; times are the sponsor's, and name no zone."""
    first, last = rows[0], rows[-1]
    zone = first.sponsor.zone
    return {
        "title": ", ".join(topic.topic.title for topic in first.topics.all()),
        "starts": first.starts_at.astimezone(zone).replace(tzinfo=None).isoformat(),
        "ends": first.ends_at.astimezone(zone).replace(tzinfo=None).isoformat(),
        "place": first.place,
        "mode": first.mode,
        "instructor": first.instructor_name,
        "classes": [str(row.pk) for row in rows],
        "last": last.starts_at.astimezone(zone).date().isoformat(),
        "reason": first.cancel_reason,
    }


def _planned(rows: list[PlannedClass], _payload: Any) -> Iterator[ToTell]:
    for person in _expected(rows):
        yield _told(person, "class_planned", rows)
    if rows[0].instructor:
        yield _told(rows[0].instructor, "class_to_teach", rows)


def _edited(rows: list[PlannedClass], payload: Any) -> Iterator[ToTell]:
    """Each person hears one thing: that they are new in the class, are out of it, or where it is now."""
    added, dropped = _people(payload["added"]), _people(payload["dropped"])
    taught_before, teaches = (User.objects.filter(pk=pk).first() if pk else None for pk in payload["taught_by"])
    if teaches and teaches != taught_before:
        yield _told(teaches, "class_to_teach", rows)
    if taught_before and teaches != taught_before:
        dropped = [*dropped, taught_before]
    for person in added:
        yield _told(person, "class_planned", rows)
    for person in dropped:
        yield _told(person, "class_left", rows)
    if payload["moved"]:
        stayed = {person.pk: person for person in _expected(rows)}
        if teaches and teaches == taught_before:
            stayed[teaches.pk] = teaches
        for pk in {person.pk for person in added}:
            stayed.pop(pk, None)
        for person in stayed.values():
            yield _told(person, "class_moved", rows)


def _cancelled(rows: list[PlannedClass], _payload: Any) -> Iterator[ToTell]:
    for person in [*_expected(rows), *([rows[0].instructor] if rows[0].instructor else [])]:
        yield _told(person, "class_cancelled", rows)


def _told(person: User, kind: str, rows: Sequence[PlannedClass]) -> ToTell:
    return ToTell(person, rows[0].sponsor, kind, rows[0].pk, data_of(rows))


def _expected(rows: Sequence[PlannedClass]) -> list[User]:
    books = Expected.objects.filter(planned__in=rows).values_list("apprenticeship", flat=True)
    return _people(books)


def _people(books: Collection[Any]) -> list[User]:
    found = Apprenticeship.objects.filter(pk__in=list(books)).select_related("apprentice")
    return list({book.apprentice_id: book.apprentice for book in found.order_by("apprentice__name", "pk")}.values())


_TELLERS = {"planned": _planned, "edited": _edited, "cancelled": _cancelled}
