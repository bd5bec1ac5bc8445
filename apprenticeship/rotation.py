"""Rotation: where each apprentice learns the work, from when until when. Each stay is an entry of the book.

The stays of a book follow one another: a new one begins after the last one did, and an open one ends where the next
begins. Employer, worksite and role track of the Apprenticeship are what holds on the day `places_as_of`, to which an
act or the timed `settle` brings them.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.models import Sponsor
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from apprenticeship.announcing import Telling, announce
from apprenticeship.meaning import meaning_of_assignment
from apprenticeship.models import Apprenticeship, Assignment, RecordHead, Worksite
from apprenticeship.qualifying import tracks_of
from apprenticeship.record import MOST_ENTRIES_IN_ONE_ACT, Draft, TooManyEntries, append_many, lock_books
from apprenticeship.statuses import ENDED


class AssignmentInvalid(Exception):
    """Wrong input; nothing was assigned. `problems` are pairs of a field's name and words. The edge answers 400."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


class AssignmentConflict(AssignmentInvalid):
    """What stands forbids it: the stays would overlap. The edge answers 409."""


@dataclass(frozen=True)
class Stay:
    """What everybody in one act is assigned to: a worksite with its employer loaded, a role track, and the days."""

    worksite: Worksite
    role_track: str
    since: date
    until: date | None = None


def assign_place(
    *, viewer: Viewer, key: str, apprenticeships: Sequence[Apprenticeship], stay: Stay
) -> list[Assignment]:
    """Assign all these apprentices to one stay, or none; returns the rows in the order of the apprenticeships.

    A stay that has not begun is replaced by one from the same day. One that goes on is ended or prolonged by entering
    it again from the day on which it began. The same `key` with the same request gives the first result again. Raises
    NotPermitted, KeyReused, NotYetAccepted, ProofNeeded, AssignmentInvalid, AssignmentConflict, TooManyEntries; after
    any of them nothing is stored. The number of statements does not grow with the apprentices.
    """
    if len(apprenticeships) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    prefetch_related_objects(list(apprenticeships), "sponsor", "apprentice", "mentorships")
    with transaction.atomic():
        for book in apprenticeships:
            require(viewer, Permission.ASSIGN, on=book)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="assign_place",
            request={
                "apprenticeships": [str(book.pk) for book in apprenticeships],
                "worksite": str(stay.worksite.pk),
                "role_track": stay.role_track,
                "since": stay.since.isoformat(),
                "until": stay.until.isoformat() if stay.until else None,
            },
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            found = Assignment.objects.select_related("apprenticeship").in_bulk(begun.act.result_ids)
            return [found[uuid.UUID(pk)] for pk in begun.act.result_ids]
        require_proof(viewer, {book.sponsor for book in apprenticeships})
        _refuse_wrong_input(apprenticeships, stay)
        heads = lock_books(book.pk for book in apprenticeships)
        _refuse_ended(apprenticeships, heads)
        earlier = stays_of(heads)
        rows = _rows(viewer, apprenticeships, stay, earlier)
        drafts = [_draft(viewer, row) for row in rows]
        entries = append_many(drafts, viewer=viewer, act=begun.act, heads=heads)
        for row, entry in zip(rows, entries, strict=True):
            row.entry = entry
            earlier[row.apprenticeship_id].append(row)
        Assignment.objects.bulk_create(rows)
        bring_to({book: viewer.today(book.sponsor) for book in apprenticeships}, earlier)
        announce(Telling.ASSIGNED, act=begun.act, viewer=viewer, books=heads)
        finish_act(begun.act, [row.pk for row in rows])
        return rows


def _refuse_wrong_input(books: Sequence[Apprenticeship], stay: Stay) -> None:
    problems = [] if books else [("ticked", _("Tick at least one apprentice."))]
    if stay.until is not None and stay.until <= stay.since:
        problems.append(("until", _("The end must be after the beginning.")))
    if stay.worksite.archived_at or stay.worksite.employer.archived_at:
        problems.append(("worksite", _("This worksite is archived. Choose another one.")))
    sponsors = {book.sponsor_id: book.sponsor for book in books}
    if any(pk != stay.worksite.employer.sponsor_id for pk in sponsors):
        problems.append(("worksite", _("This worksite belongs to another sponsor.")))
    known = {track for sponsor in sponsors.values() for track in tracks_of(sponsor)} if stay.role_track else {""}
    if books and stay.role_track not in known:
        words = _("No standard here has the role “%(track)s”.") % {"track": stay.role_track}
        problems.append(("role_track", words))
    for book in books:
        if stay.since < book.starts_on:
            told = {"name": book.apprentice.name, "date": date_format(book.starts_on)}
            problems.append(("since", _("The apprenticeship of %(name)s began on %(date)s. Enter a later day.") % told))
    if problems:
        raise AssignmentInvalid(problems)


def _refuse_ended(books: Sequence[Apprenticeship], heads: Mapping[uuid.UUID, RecordHead]) -> None:
    """Nobody learns anywhere after the end; one that is suspended may have a place to come back to."""
    ended = [book for book in books if heads[book.pk].apprenticeship.status in ENDED]
    if ended:
        words = _("The apprenticeship of %(name)s has ended. Untick it.")
        raise AssignmentConflict([("ticked", words % {"name": book.apprentice.name}) for book in ended])


def _rows(
    viewer: Viewer, books: Sequence[Apprenticeship], stay: Stay, earlier: Mapping[uuid.UUID, list[Assignment]]
) -> list[Assignment]:
    """The rows, unsaved; each follows the stays of its book, or replaces the last of them."""
    rows, problems = [], []
    for book in books:
        row = Assignment(
            apprenticeship=book,
            employer=stay.worksite.employer,
            worksite=stay.worksite,
            role_track=stay.role_track,
            since=stay.since,
            until=stay.until,
            by=viewer.person,
        )
        last = _last(earlier[book.pk])
        if last is not None and last.since == row.since and _may_replace(last, row, viewer.today(book.sponsor)):
            row.replaces = last
        elif last is not None and not _follows(last, row):
            problems.append(("since", _overlap_in_words(book, last)))
        rows.append(row)
    if problems:
        raise AssignmentConflict(problems)
    return rows


def _last(rows: Iterable[Assignment]) -> Assignment | None:
    return max(standing(rows), key=lambda row: row.since, default=None)


def _may_replace(last: Assignment, row: Assignment, today: date) -> bool:
    """Whether `row` may set `last` aside: it had not begun, or goes on and only ends on another day to come."""
    if last.since > today:
        return True
    same = row.place == last.place and not last.over_on(today)
    return same and row.until != last.until and (row.until is None or row.until >= today)


def _follows(last: Assignment, row: Assignment) -> bool:
    """Whether `row` begins after `last` did, and not before its fixed end."""
    return last.since < row.since and (last.until is None or last.until <= row.since)


def _overlap_in_words(book: Apprenticeship, last: Assignment) -> str:
    told = {"name": book.apprentice.name, "worksite": last.worksite.name, "since": date_format(last.since)}
    if last.until:
        words = _("%(name)s is assigned to %(worksite)s from %(since)s until %(until)s. Begin on that day or later.")
        return words % {**told, "until": date_format(last.until)}
    return _("%(name)s is assigned to %(worksite)s from %(since)s on. Begin on a later day.") % told


def _draft(viewer: Viewer, row: Assignment) -> Draft:
    return Draft(
        apprenticeship=row.apprenticeship,
        kind="assignment",
        role=acting_role(viewer, Permission.ASSIGN, on=row.apprenticeship),
        body={
            "employer": {"id": str(row.employer.pk), "name": row.employer.name},
            "worksite": {"id": str(row.worksite.pk), "name": row.worksite.name},
            "role_track": row.role_track,
            "since": row.since.isoformat(),
            "until": row.until.isoformat() if row.until else None,
            "replaces": row.replaces.entry.sequence if row.replaces else None,
            "meaning": {"language": get_language() or "en", "text": meaning_of_assignment()},
        },
    )


# ------------------------------------------------------------ what holds
def stays_of(books: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Assignment]]:
    """All stays by book, in the order of the book, those that were replaced included; one query."""
    found: dict[uuid.UUID, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.filter(apprenticeship__in=list(books)).in_order()
    for row in rows.select_related("entry", "employer", "worksite", "by"):
        found[row.apprenticeship_id].append(row)
    return found


def standing(rows: Iterable[Assignment]) -> list[Assignment]:
    """Those of one book that nothing replaced, the first day first."""
    everything = list(rows)
    gone = {row.replaces_id for row in everything}
    return sorted((row for row in everything if row.pk not in gone), key=lambda row: row.since)


def holding(rows: Iterable[Assignment], day: date) -> Mapping[str, Any] | None:
    """Employer, worksite and role track on `day`; None before the first stay, when what was registered holds.

    After a stay has ended and before the next one the employer stays, without a worksite and a track.
    """
    begun = [row for row in standing(rows) if row.since <= day]
    if not begun:
        return None
    last = begun[-1]
    over = last.over_on(day)
    return {
        "employer_id": last.employer_id,
        "worksite_id": None if over else last.worksite_id,
        "role_track": "" if over else last.role_track,
    }


def bring_to(days: Mapping[Apprenticeship, date], stays: Mapping[uuid.UUID, Sequence[Assignment]]) -> None:
    """Let the columns of these books say what holds on their days; one statement for each different answer."""
    groups: dict[tuple[tuple[str, Any], ...], list[uuid.UUID]] = defaultdict(list)
    for book, day in days.items():
        now = holding(stays.get(book.pk, ()), day) or {}
        groups[(*now.items(), ("places_as_of", day))].append(book.pk)
    for columns, ids in groups.items():
        Apprenticeship.objects.filter(pk__in=ids).update(**dict(columns))


def rebuild(apprenticeship: Apprenticeship) -> None:
    """Set employer, worksite and role track again to what the stays come to on the day to which they were brought."""
    if apprenticeship.places_as_of is not None:
        bring_to({apprenticeship: apprenticeship.places_as_of}, stays_of([apprenticeship.pk]))


def settle(*, at: datetime) -> int:
    """Let stays that begin or end take effect on their day; returns in how many books. Safe to run twice."""
    return sum(_settle(sponsor, sponsor.local_date(at)) for sponsor in Sponsor.objects.all())


def _settle(sponsor: Sponsor, today: date) -> int:
    begins = Q(assignments__since__gt=F("places_as_of"), assignments__since__lte=today)
    ends = Q(assignments__until__gt=F("places_as_of"), assignments__until__lte=today)
    due = Apprenticeship.objects.filter(begins | ends, sponsor=sponsor).distinct()
    ids = list(due.order_by("pk").values_list("pk", flat=True)[:MOST_ENTRIES_IN_ONE_ACT])
    if not ids:
        return 0
    with transaction.atomic():
        lock_books(ids)
        bring_to(dict.fromkeys(Apprenticeship.objects.filter(pk__in=ids), today), stays_of(ids))
    return len(ids)
