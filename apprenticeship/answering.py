"""Answering what was asked: who may, and sending it back with a comment. Signing is the other answer."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, require
from accounts.models import Membership, Role, User
from accounts.qualification_models import Qualified, qualified_by, the_one
from accounts.qualification_querysets import of_this_membership
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.sealing import can_be_kept
from apprenticeship.announcing import Telling, announce
from apprenticeship.conversation import LONGEST_COMMENT, NotUnderWay, as_they_are, turn
from apprenticeship.models import (
    Apprenticeship,
    AskState,
    Mentorship,
    RequestedSkill,
    RequestEvent,
    RequestEventKind,
)
from apprenticeship.record import lock_books
from apprenticeship.running import NotRunning, rests
from apprenticeship.signoff import OutsideRoleTrack


class SendBackInvalid(Exception):
    """Wrong input: nothing chosen, or no comment. Nothing was sent back. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class SentBackWhileNotRunning(NotRunning, SendBackInvalid):
    """An apprenticeship among them is suspended or cancelled: it could not be asked again. Nothing was sent back."""


def send_back(*, viewer: Viewer, key: str, asked: Sequence[RequestedSkill], comment: str) -> list[RequestedSkill]:
    """Send all of `asked` back with one comment, or none; the apprentice reads it and may ask again.

    The same `key` with the same rows gives the first result again. Raises NotPermitted, KeyReused,
    SendBackInvalid, SentBackWhileNotRunning, NotUnderWay; after any of them nothing is stored.
    """
    comment = comment.strip()
    with transaction.atomic():
        for row in asked:
            require_answering(viewer, row)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="send_back",
            request={"asked": [str(row.pk) for row in asked], "comment": comment},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return as_they_are(uuid.UUID(pk) for pk in begun.act.result_ids)
        _refuse_wrong_input(asked, comment)
        heads = lock_books(row.apprenticeship_id for row in asked)
        if told := rests((row.apprenticeship for row in asked), heads):
            raise SentBackWhileNotRunning("skills", " ".join(told.values()))
        rows = as_they_are(dict.fromkeys(row.pk for row in asked))  # each once, however often it was named
        gone = [row for row in rows if row.state != AskState.OPEN]
        if gone:
            raise NotUnderWay(gone)
        for row in rows:
            row.state = AskState.SENT_BACK
        RequestedSkill.objects.bulk_update(rows, ["state"])
        sent = RequestEventKind.SENT_BACK
        RequestEvent.objects.bulk_create([turn(r, sent, viewer=viewer, act=begun.act, comment=comment) for r in rows])
        books = [row.apprenticeship_id for row in rows]
        announce(Telling.SENT_BACK, act=begun.act, viewer=viewer, books=books, asked=[row.pk for row in rows])
        finish_act(begun.act, [row.pk for row in rows])
        return rows


def require_answering(viewer: Viewer, asked: RequestedSkill) -> None:
    """Return when `viewer` may send `asked` back; raise NotPermitted when not. Its skill's set is loaded.

    Credit is answered by who grants it. Of all else a coordinator may for every track; a mentor for
    those they may sign.
    """
    book, role_track = asked.apprenticeship, asked.skill.skill_set.role_track
    require(viewer, Permission.GRANT_CREDIT if asked.is_for_credit else Permission.SEND_BACK, on=book)
    if not asked.is_for_credit and not _covers(viewer, book, role_track):
        raise OutsideRoleTrack(role_track)


def may_answer(viewer: Viewer, asked: RequestedSkill) -> bool:
    """Whether a page offers `viewer` to send `asked` back."""
    try:
        require_answering(viewer, asked)
    except NotPermitted:
        return False
    return True


def signers_of(
    asked: Iterable[tuple[Apprenticeship, str]], *, viewer: Viewer
) -> Mapping[tuple[uuid.UUID, str], tuple[str, ...]]:
    """By book and role track, the names of those who may sign there today; see `who_may_sign`."""
    found = who_may_sign(asked, viewer=viewer)
    return {pair: tuple(mentor.name for mentor in mentors) for pair, mentors in found.items()}


def who_may_sign(
    asked: Iterable[tuple[Apprenticeship, str]], *, viewer: Viewer
) -> Mapping[tuple[uuid.UUID, str], tuple[User, ...]]:
    """By book and role track, those who may sign there today, primary mentors first.

    One query, if the sponsors and the mentorships with their mentors are loaded. Empty means that
    the request is with nobody but the coordinator.
    """
    pairs = {(book.pk, track): (book, track) for book, track in asked}
    mentors = {m.mentor_id for book, _track in pairs.values() for m in book.mentorships.all()}
    active = _active_mentors({book.sponsor_id: book for book, _track in pairs.values()}.values(), mentors, viewer)
    return {
        pair: tuple(
            dict.fromkeys(  # one person may hold two mentorships
                m.mentor
                for m in sorted(book.mentorships.all(), key=_primary_first)
                if (book.sponsor_id, m.mentor_id) in active
                and m.mentor_id != book.apprentice_id
                and m.signs
                and m.in_force(viewer.today(book.sponsor))
                and m.covers(track)
                and _qualified(active[book.sponsor_id, m.mentor_id], track, viewer.today(book.sponsor))
            )
        )
        for pair, (book, track) in pairs.items()
    }


def _covers(viewer: Viewer, apprenticeship: Apprenticeship, role_track: str) -> bool:
    if Role.COORDINATOR in apprenticeship.roles_of(viewer):
        return True
    return apprenticeship.mentorship_of(viewer, covering=role_track) is not None


def _refuse_wrong_input(asked: Sequence[RequestedSkill], comment: str) -> None:
    if not asked:
        raise SendBackInvalid("skills", _("Choose at least one skill to send back."))
    if not comment:
        raise SendBackInvalid("comment", _("Say what is missing; the apprentice will read it."))
    if len(comment) > LONGEST_COMMENT:
        too_long = _("The comment is too long. Keep it to %(most)s characters.") % {"most": LONGEST_COMMENT}
        raise SendBackInvalid("comment", too_long)
    if not can_be_kept(comment):
        raise SendBackInvalid("comment", _("The comment contains signs that cannot be kept. Type it again."))


def _active_mentors(
    books: Iterable[Apprenticeship], mentors: set[uuid.UUID], viewer: Viewer
) -> Mapping[tuple[uuid.UUID, uuid.UUID], Sequence[Qualified]]:
    """Who of `mentors` holds the mentor's role today, by sponsor and person, with what is entered of their
    qualifications; a closed account holds none. One query.
    """
    condition = Q(pk__in=[])
    for book in books:
        today = viewer.today(book.sponsor)
        condition |= Q(sponsor=book.sponsor_id, since__lte=today) & (Q(until=None) | Q(until__gt=today))
    held = Membership.objects.accepted().filter(condition, role=Role.MENTOR, user__in=mentors, user__is_active=True)
    rows = held.annotate(qualifications=of_this_membership()).values_list("sponsor", "user", "qualifications")
    return {(sponsor, user): qualified_by(listed) for sponsor, user, listed in rows}


def _qualified(held: Sequence[Qualified], role_track: str, today: date) -> bool:
    """Whether one of these holds today for the track, or none was ever entered: then signing itself says so."""
    entered = [one for one in held if one.was_held]
    return not entered or the_one(entered, role_track, today) is not None


def _primary_first(mentorship: Mentorship) -> tuple[bool, str]:
    return mentorship.role != "primary", mentorship.mentor.name
