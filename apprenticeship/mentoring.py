"""Giving apprentices their mentors, ending that, and handing apprentices on: one or many in one act.

A mentorship is never rewritten but for its end, so the rows show who was allowed to sign when. These acts are no
entries of the book; each leaves its trace in the audit events.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Membership, Role, Sponsor, User
from accounts.viewer import Viewer
from acts.acting import Begun, begin_act, finish_act
from acts.auditing import note_event
from apprenticeship.announcing import Telling, announce
from apprenticeship.models import Apprenticeship, Mentorship, MentorshipRole
from apprenticeship.record import lock_books

RANK = (MentorshipRole.VIEWER, MentorshipRole.DEPUTY, MentorshipRole.PRIMARY)
"""The roles by what they give: who reads, who signs, who is asked first."""


@dataclass(frozen=True)
class MentorLine:
    """One mentor for one apprentice, since a day and until a day (exclusive; None: until further notice)."""

    apprenticeship: Apprenticeship
    mentor: User
    since: date
    role: MentorshipRole = MentorshipRole.PRIMARY
    until: date | None = None
    qualification: str = ""


class MentoringInvalid(Exception):
    """Wrong input; nothing was changed. `problems` are pairs of a field's name and words. The edge answers 400."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(problems)
        self.problems = problems


class MentoringConflict(MentoringInvalid):
    """What stands forbids it: an overlap, a mentorship that was ended meanwhile. The edge answers 409."""


def assign(*, viewer: Viewer, key: str, lines: Sequence[MentorLine]) -> list[Mentorship]:
    """Make all these mentorships or none; returns them in the order of the lines.

    The same `key` with the same lines gives the first result again. Raises NotPermitted, KeyReused,
    MentoringInvalid, MentoringConflict; after any of them nothing is stored. The number of statements does not
    grow with the lines.
    """
    _fetch_sponsors(line.apprenticeship for line in lines)
    with transaction.atomic():
        request = {"lines": [_as_request(line) for line in lines]}
        begun = _begin(viewer, key, "assign_mentors", request, [line.apprenticeship for line in lines])
        if begun.is_replay:
            return _as_they_are(begun)
        made = add_mentorships(lines, viewer=viewer)
        _tell(viewer, begun, made=made, results=made)
        return made


def add_mentorships(lines: Sequence[MentorLine], *, viewer: Viewer) -> list[Mentorship]:
    """Make all these mentorships or none, within another transition: it has begun its act and judged who may.

    Tells nobody; leaves its trace. Raises MentoringInvalid and MentoringConflict.
    """
    _fetch_sponsors(line.apprenticeship for line in lines)
    _refuse_wrong_lines(lines)
    books = {line.apprenticeship.pk: line.apprenticeship for line in lines}
    lock_books(books)
    made = [
        Mentorship(
            apprenticeship=line.apprenticeship,
            mentor=line.mentor,
            role=line.role,
            qualification=line.qualification.strip(),
            since=line.since,
            until=line.until,
        )
        for line in lines
    ]
    if problems := _overlaps(made, _held_in(books)):
        raise MentoringConflict(problems)
    _take_over_qualifications(made)
    Mentorship.objects.bulk_create(made)
    _note("mentors_assigned", viewer, made)
    return made


def end(*, viewer: Viewer, key: str, mentorships: Sequence[Mentorship], on: date) -> list[Mentorship]:
    """Let all these mentorships hold until `on` and no longer (from that day they sign no more), or none.

    One that has not begun by then is never held. Raises NotPermitted, KeyReused, MentoringInvalid,
    MentoringConflict; after any of them nothing is stored.
    """
    _fetch_sponsors(m.apprenticeship for m in mentorships)
    with transaction.atomic():
        request = {"mentorships": [str(m.pk) for m in mentorships], "on": on.isoformat()}
        begun = _begin(viewer, key, "end_mentorships", request, [m.apprenticeship for m in mentorships])
        if begun.is_replay:
            return _as_they_are(begun)
        ended = _end(mentorships, on, viewer=viewer)
        _note("mentorships_ended", viewer, ended, on=on)
        _tell(viewer, begun, ended=ended, results=ended)
        return ended


def hand_over(*, viewer: Viewer, key: str, mentorships: Sequence[Mentorship], to: User, on: date) -> list[Mentorship]:
    """Let `to` take the place of the mentors in all these mentorships from `on`; returns those that end.

    Each keeps its role and its end. Whoever is an apprentice's mentor already rises, and never falls: a deputy
    becomes the primary mentor, a primary stays it. Raises as `end` does.
    """
    _fetch_sponsors(m.apprenticeship for m in mentorships)
    with transaction.atomic():
        request = {"mentorships": [str(m.pk) for m in mentorships], "to": str(to.pk), "on": on.isoformat()}
        begun = _begin(viewer, key, "hand_over_mentorships", request, [m.apprenticeship for m in mentorships])
        if begun.is_replay:
            return _as_they_are(begun)
        if any(m.mentor_id == to.pk for m in mentorships):
            raise MentoringInvalid([("to", _("Choose somebody else: they have these apprentices now."))])
        ended = _end(mentorships, on, viewer=viewer)
        held = _held_in([m.apprenticeship_id for m in ended])
        lines, risen = [], []
        for old, until in zip(ended, [m.until for m in mentorships], strict=True):
            since = max(on, old.since)
            theirs = [m for m in held[old.apprenticeship_id] if m.mentor_id == to.pk and _meet(m, since, until)]
            if any(RANK.index(MentorshipRole(m.role)) >= RANK.index(MentorshipRole(old.role)) for m in theirs):
                continue
            risen += theirs
            lines.append(MentorLine(old.apprenticeship, to, since, MentorshipRole(old.role), until))
        replaced = _end(risen, on, viewer=viewer) if risen else []
        made = add_mentorships(lines, viewer=viewer) if lines else []
        _note("mentorships_handed_over", viewer, [*ended, *replaced], on=on, to=to.pk)
        _tell(viewer, begun, made=made, ended=ended, results=ended)
        return ended


# ------------------------------------------------------------ who is left alone
def left_alone(
    books: Iterable[uuid.UUID], sponsor: Sponsor, *, on: date, without: Iterable[uuid.UUID] = ()
) -> list[Apprenticeship]:
    """Those of `books` of `sponsor` in which nobody may sign on the day `on`, with their people; one query.

    `without` names mentorships that are thought away.
    """
    rows = Apprenticeship.objects.filter(pk__in=list(books), sponsor=sponsor).without_mentor(on, without=without)
    return list(rows.select_related("apprentice", "sponsor").order_by("apprentice__name", "pk"))


# ------------------------------------------------------------ the beats
def _begin(viewer: Viewer, key: str, kind: str, request: Mapping[str, Any], books: Sequence[Apprenticeship]) -> Begun:
    for book in books:
        require(viewer, Permission.ASSIGN, on=book)
    begun = begin_act(
        actor_id=viewer.user_id,
        key=key,
        kind=kind,
        request=request,
        at=viewer.at,
        authentication=viewer.authentication,
    )
    if not begun.is_replay and not books:
        raise MentoringInvalid([("ticked", _("Tick at least one apprentice."))])
    return begun


def _as_they_are(begun: Begun) -> list[Mentorship]:
    found = Mentorship.objects.select_related("apprenticeship__apprentice", "mentor").in_bulk(begun.act.result_ids)
    return [found[uuid.UUID(pk)] for pk in begun.act.result_ids]


def _as_request(line: MentorLine) -> dict[str, str | None]:
    return {
        "apprenticeship": str(line.apprenticeship.pk),
        "mentor": str(line.mentor.pk),
        "role": str(line.role),
        "since": line.since.isoformat(),
        "until": line.until.isoformat() if line.until else None,
        "qualification": line.qualification,
    }


def _fetch_sponsors(books: Iterable[Apprenticeship]) -> None:
    """Load what the words and the dates ask of books and their maker did not load."""
    prefetch_related_objects(list(books), "sponsor", "apprentice")


def _refuse_wrong_lines(lines: Sequence[MentorLine]) -> None:
    problems = []
    sponsors = {line.apprenticeship.sponsor_id for line in lines}
    held = _mentors_roles({line.mentor.pk for line in lines}, sponsors)
    for line in lines:
        name = {"mentor": line.mentor.name, "name": line.apprenticeship.apprentice.name}
        if line.until is not None and line.until <= line.since:
            problems.append(("until", _("The end must be after the beginning.")))
        if line.mentor.pk == line.apprenticeship.apprentice_id:
            problems.append(("mentor", _("%(name)s cannot be their own mentor.") % name))
        elif not _holds(held[line.mentor.pk, line.apprenticeship.sponsor_id], line.since):
            words = _(
                "%(mentor)s does not hold the role of a mentor on %(date)s. Give the role first, or choose a day on "
                "which they hold it."
            )
            problems.append(("mentor", words % {**name, "date": date_format(line.since)}))
    if problems:
        raise MentoringInvalid(list(dict.fromkeys(problems)))


def _mentors_roles(
    mentors: Collection[uuid.UUID], sponsors: Collection[uuid.UUID]
) -> Mapping[tuple[uuid.UUID, uuid.UUID], list[Membership]]:
    """When these people hold the mentor's role, by person and sponsor; one query."""
    found: dict[tuple[uuid.UUID, uuid.UUID], list[Membership]] = defaultdict(list)
    rows = Membership.objects.filter(user__in=list(mentors), sponsor__in=list(sponsors), role=Role.MENTOR)
    for membership in rows:
        found[membership.user_id, membership.sponsor_id].append(membership)
    return found


def _holds(held: Iterable[Membership], day: date) -> bool:
    return any(m.since <= day and (m.until is None or day < m.until) for m in held)


def _held_in(books: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[Mentorship]]:
    """All mentorships of these books by book, under their lock; one query."""
    found: dict[uuid.UUID, list[Mentorship]] = defaultdict(list)
    rows = Mentorship.objects.filter(apprenticeship__in=list(books)).select_related("mentor")
    for mentorship in rows.order_by("since", "pk"):
        found[mentorship.apprenticeship_id].append(mentorship)
    return found


def _meet(held: Mentorship, since: date, until: date | None) -> bool:
    """Whether the mentorship and the time from `since` until `until` share a day; one never held shares none."""
    if held.until == held.since:
        return False
    return (held.until is None or since < held.until) and (until is None or held.since < until)


def _overlaps(made: Sequence[Mentorship], held: Mapping[uuid.UUID, list[Mentorship]]) -> list[tuple[str, str]]:
    """What the new ones share with what stands and with each other, in words."""
    found, standing = [], defaultdict(list, {book: list(rows) for book, rows in held.items()})
    for new in made:
        for other in standing[new.apprenticeship_id]:
            same = other.mentor_id == new.mentor_id
            both_primary = new.role == other.role == MentorshipRole.PRIMARY
            if (same or both_primary) and _meet(other, new.since, new.until):
                found.append(("mentor", _overlap_in_words(new, other, same=same)))
        standing[new.apprenticeship_id].append(new)
    return found


def _overlap_in_words(new: Mentorship, other: Mentorship, *, same: bool) -> str:
    told = {"name": new.apprenticeship.apprentice.name, "mentor": other.mentor.name, "date": date_format(other.since)}
    if same:
        return _("%(mentor)s is a mentor of %(name)s in that time already, since %(date)s.") % told
    return (
        _("%(name)s has a primary mentor in that time, %(mentor)s, since %(date)s. Hand over, or end that first.")
        % told
    )


def _take_over_qualifications(made: Sequence[Mentorship]) -> None:
    """Give those that came without a qualification the one that the mentor's newest mentorship prints; one query."""
    bare = [m for m in made if not m.qualification and m.role != MentorshipRole.VIEWER]
    if not bare:
        return
    sponsors = {m.apprenticeship.sponsor_id for m in bare}
    rows = Mentorship.objects.filter(mentor__in={m.mentor_id for m in bare}, apprenticeship__sponsor__in=sponsors)
    known = {
        (mentor, sponsor): words
        for mentor, sponsor, words in rows.exclude(qualification="")
        .order_by("since", "pk")
        .values_list("mentor", "apprenticeship__sponsor", "qualification")
    }
    for mentorship in bare:
        mentorship.qualification = known.get((mentorship.mentor_id, mentorship.apprenticeship.sponsor_id), "")


def _end(mentorships: Sequence[Mentorship], on: date, *, viewer: Viewer) -> list[Mentorship]:
    """Set the end of all of them under the lock of their books; returns them as they then stand, in order."""
    lock_books(m.apprenticeship_id for m in mentorships)
    known = {m.pk: m.apprenticeship for m in mentorships}
    now = Mentorship.objects.select_related("mentor").in_bulk(known)
    rows = [now[m.pk] for m in mentorships]
    for row in rows:
        row.apprenticeship = known[row.pk]
    if any(on < viewer.today(row.apprenticeship.sponsor) for row in rows):
        raise MentoringInvalid([("on", _("The day is over, and they could sign on it. Choose today or a later day."))])
    gone = [row for row in rows if row.until is not None and row.until <= on]
    if gone:
        raise MentoringConflict([("ticked", _ended_in_words(row)) for row in gone])
    for row in rows:
        row.until = max(on, row.since)
    Mentorship.objects.bulk_update(rows, ["until"])
    return rows


def _ended_in_words(row: Mentorship) -> str:
    words = _("%(mentor)s is a mentor of %(name)s until %(date)s anyway.")
    told = {"mentor": row.mentor.name, "name": row.apprenticeship.apprentice.name}
    return words % {**told, "date": date_format(row.until) if row.until else ""}


def _note(kind: str, viewer: Viewer, rows: Sequence[Mentorship], **more: date | uuid.UUID) -> None:
    """One trace for each sponsor, with the ids of what was made or ended."""
    by_sponsor: dict[uuid.UUID, list[str]] = defaultdict(list)
    for row in rows:
        by_sponsor[row.apprenticeship.sponsor_id].append(str(row.pk))
    for sponsor, ids in by_sponsor.items():
        data = {"mentorships": ids, **{name: str(value) for name, value in more.items()}}
        subject = f"sponsor:{sponsor}"
        note_event(kind, at=viewer.at, actor_id=viewer.user_id, sponsor_id=sponsor, subject=subject, data=data)


def _tell(
    viewer: Viewer,
    begun: Begun,
    *,
    made: Sequence[Mentorship] = (),
    ended: Sequence[Mentorship] = (),
    results: Sequence[Mentorship],
) -> None:
    """Announce it, and note in the act what a replay answers."""
    books = [m.apprenticeship_id for m in (*made, *ended)]
    new, over = [m.pk for m in made], [m.pk for m in ended]
    announce(Telling.MENTORS_CHANGED, act=begun.act, viewer=viewer, books=books, made=new, ended=over)
    finish_act(begun.act, [m.pk for m in results])
