"""Telling of mentors: the apprentice, who begins, who ends, and the coordinators of apprentices left without any."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Notice, NoticeGroup, Sponsor, User
from accounts.notices import Data, NoticeKind, ToTell, refresh
from apprenticeship.mentoring import left_alone
from apprenticeship.models import Apprenticeship, Mentorship, MentorshipRole

if TYPE_CHECKING:
    from apprenticeship.telling import Event

SHOWN = 8
"""How many names a notice gives before it counts the rest."""


# ------------------------------------------------------------ who
def mentors_changed(event: "Event") -> Iterator[ToTell]:
    """Each person once, with everybody it is about; and bring what was told of people without a mentor up to date."""
    rows = Mentorship.objects.filter(pk__in=event.ids("made") + event.ids("ended")).select_related("mentor")
    found = list(rows.order_by("mentor__name", "pk"))
    made = set(event.ids("made"))
    begun = [row for row in found if row.pk in made]
    ended = [row for row in found if row.pk not in made]
    yield from _to_apprentices(event, found, made)
    yield from _to_mentors(event, begun, "mentoring_begun")
    yield from _to_mentors(event, ended, "mentoring_ended")
    sponsors = {book.sponsor_id: book.sponsor for book in event.books.values()}
    refresh(Notice.objects.filter(kind="no_mentor", about__in=sponsors, over_at=None), at=event.viewer.at)
    for sponsor in sponsors.values():
        yield from _left_alone(event, sponsor, ended)


def _to_apprentices(event: "Event", rows: Iterable[Mentorship], made: Collection[uuid.UUID]) -> Iterator[ToTell]:
    by_book: dict[uuid.UUID, list[list[str]]] = defaultdict(list)
    for row in rows:
        day = row.since if row.pk in made else row.until
        words = "from" if row.pk in made else "until"
        by_book[row.apprenticeship_id].append([row.mentor.name, str(row.role), words, day.isoformat() if day else ""])
    for pk, changes in by_book.items():
        book = event.books[pk]
        yield event.told(book.apprentice, book, pk, [], changes=changes)


def _to_mentors(event: "Event", rows: Iterable[Mentorship], kind: str) -> Iterator[ToTell]:
    by_mentor: dict[tuple[User, Sponsor], list[Mentorship]] = defaultdict(list)
    for row in rows:
        by_mentor[row.mentor, event.books[row.apprenticeship_id].sponsor].append(row)
    for (mentor, sponsor), theirs in by_mentor.items():
        people = sorted({event.books[row.apprenticeship_id].apprentice.name for row in theirs})
        yield ToTell(mentor, sponsor, kind, sponsor.pk, {"people": people, "rows": []})


def _left_alone(event: "Event", sponsor: Sponsor, ended: Iterable[Mentorship]) -> Iterator[ToTell]:
    """The coordinators, of those whom nobody mentors from the day on which these mentorships end."""
    from apprenticeship.telling import coordinators_of  # which imports us

    by_day: dict[date, list[uuid.UUID]] = defaultdict(list)
    for row in ended:
        if row.until and row.role != MentorshipRole.VIEWER:
            by_day[row.until].append(row.apprenticeship_id)
    left: dict[uuid.UUID, Apprenticeship] = {}
    for day, books in by_day.items():
        left |= {book.pk: book for book in left_alone(books, sponsor, on=day)}
    if left:
        people = [book.apprentice.name for book in left.values()]
        data = {"people": people, "rows": [[str(pk), min(by_day).isoformat()] for pk in left]}
        for person in coordinators_of(sponsor, viewer=event.viewer):
            yield ToTell(person, sponsor, "no_mentor", sponsor.pk, data)


# ------------------------------------------------------------ whether it still holds
def _as_told(notice: Notice) -> Data | None:
    told: Data = notice.data
    return told


def _still_alone(notice: Notice) -> Data | None:
    """The notice about those who still have no mentor on that day, or None without any."""
    rows = notice.data["rows"]
    if not rows:
        return None
    day = date.fromisoformat(rows[0][1])
    alone = {str(book.pk): book for book in left_alone([uuid.UUID(row[0]) for row in rows], notice.sponsor, on=day)}
    if not alone:
        return None
    return {"people": [book.apprentice.name for book in alone.values()], "rows": [[pk, rows[0][1]] for pk in alone]}


# ------------------------------------------------------------ words
def _people(data: Data) -> str:
    people = data["people"]
    if len(people) > SHOWN:
        told = {"people": ", ".join(people[:SHOWN]), "more": len(people) - SHOWN}
        return _("%(people)s and %(more)s more") % told
    return ", ".join(people)


def _number(data: Data) -> Mapping[str, int]:
    return {"people": len(data["people"])}


def _title_changed(_data: Data) -> str:
    return _("Your mentors change")


def _changes(data: Data) -> str:
    words = {"from": _("%(name)s, %(role)s, from %(date)s"), "until": _("%(name)s, %(role)s, until %(date)s")}
    return "; ".join(
        words[which] % {"name": name, "role": MentorshipRole(role).label, "date": date_format(date.fromisoformat(day))}
        for name, role, which, day in data["changes"]
    )


def _title_begun(data: Data) -> str:
    words = ngettext("You mentor one more apprentice", "You mentor %(people)s more apprentices", len(data["people"]))
    return words % _number(data)


def _title_ended(data: Data) -> str:
    words = ngettext(
        "Your time as a mentor of an apprentice ends",
        "Your time as a mentor of %(people)s apprentices ends",
        len(data["people"]),
    )
    return words % _number(data)


def _title_alone(data: Data) -> str:
    words = ngettext(
        "An apprentice is left without a mentor",
        "%(people)s apprentices are left without a mentor",
        len(data["people"]),
    )
    return words % _number(data)


def _to_mentors_of(notice: Notice) -> str:
    return reverse("record_mentors", args=[notice.about])


def _to_own(_notice: Notice) -> str:
    return reverse("mentor_home")


def _to_assign(_notice: Notice) -> str:
    return reverse("assign_mentors")


def _title_assigned(_data: Data) -> str:
    return _("You are assigned to a place of work")


def _nothing(_data: Data) -> str:
    return ""


def _to_places(notice: Notice) -> str:
    return reverse("record_places", args=[notice.about])


DONE = gettext_lazy("Done")
KINDS: Collection[NoticeKind] = (
    NoticeKind(
        "mentors_changed", NoticeGroup.ANSWERS, "waiting", _title_changed, _changes, _to_mentors_of, _as_told, DONE
    ),
    NoticeKind("assigned", NoticeGroup.ANSWERS, "waiting", _title_assigned, _nothing, _to_places, _as_told, DONE),
    NoticeKind("mentoring_begun", NoticeGroup.ANSWERS, "waiting", _title_begun, _people, _to_own, _as_told, DONE),
    NoticeKind(
        "mentoring_ended", NoticeGroup.ANSWERS, "no_longer_stands", _title_ended, _people, _to_own, _as_told, DONE
    ),
    NoticeKind("no_mentor", NoticeGroup.WAITING, "waiting", _title_alone, _people, _to_assign, _still_alone, DONE),
)
