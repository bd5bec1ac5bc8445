"""Why somebody who knows an apprentice may not sign for them now, who may, and whom to ask.

To a stranger the record does not exist (404) and nothing is explained.
"""

import uuid
from collections.abc import Iterable

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, permits
from accounts.models import Membership, Role
from accounts.viewer import Viewer
from apprenticeship.getters import get_apprenticeship, mentored_book
from apprenticeship.models import Apprenticeship, Mentorship
from apprenticeship.qualified import why_not_qualified


class CannotSign(NotPermitted):
    """Visible, but not theirs to sign now. `why` says it in words, `ask` names who can change it."""

    def __init__(self, why: str, ask: Iterable[str] = ()) -> None:
        super().__init__(Permission.SIGN_OFF)
        self.why = why
        self.ask = tuple(ask)


def get_to_sign(viewer: Viewer, pk: uuid.UUID) -> Apprenticeship:
    """The apprenticeship, for a page that signs: who may not is told why, before anything is typed.

    Raises CannotSign for people of the sponsor who can see the book or were its mentors, Http404 for all others.
    """
    try:
        book = get_apprenticeship(viewer, pk)
    except Http404:
        refuse_former_mentor(viewer, pk)
        raise
    if viewer.station is None and not _may(viewer, book):
        raise CannotSign(_why_not(viewer, book), coordinators_of(viewer, book))
    return book


def get_one_to_sign(viewer: Viewer, pk: uuid.UUID) -> Apprenticeship:
    """As `get_to_sign`, for the page that signs one skill: a mentor's own books are read in one small query."""
    book = mentored_book(viewer, pk)
    return book if book and _may(viewer, book) else get_to_sign(viewer, pk)


def refuse_wrong_track(viewer: Viewer, book: Apprenticeship, role_track: str) -> None:
    """Raise CannotSign where `viewer` signs for this apprentice, but not skills of `role_track`."""
    if book.qualification_of(viewer, covering=role_track):
        return
    if book.mentorship_of(viewer, covering=role_track) is not None:
        unqualified = f"{why_not_qualified(viewer, book, role_track)} {_who_signs(viewer, book, role_track)}"
        raise CannotSign(unqualified.strip(), coordinators_of(viewer, book))
    why = _("You sign for %(name)s, but not skills of the role “%(track)s”.") % {
        "name": book.apprentice.name,
        "track": role_track,
    }
    raise CannotSign(f"{why} {_who_signs(viewer, book, role_track)}".strip(), coordinators_of(viewer, book))


def refuse_former_mentor(viewer: Viewer, pk: uuid.UUID) -> None:
    """Raise CannotSign where `viewer`, still with the sponsor, was or will be a mentor of that book."""
    mentored = Mentorship.objects.filter(
        apprenticeship=pk, mentor=viewer.user_id, apprenticeship__sponsor__in=viewer.sponsor_ids
    ).select_related("apprenticeship__sponsor", "apprenticeship__apprentice")
    held = list(mentored.order_by("-since"))
    if held and viewer.station is None and not viewer.is_anonymous:
        book = held[0].apprenticeship
        raise CannotSign(_of_mentorship(viewer, book, held[0]), coordinators_of(viewer, book))


def coordinators_of(viewer: Viewer, book: Apprenticeship) -> list[str]:
    """Who runs the program of this book today, by name, without `viewer`."""
    held = Membership.objects.filter(sponsor=book.sponsor_id, role=Role.COORDINATOR, user__is_active=True)
    rows = held.in_force(viewer.today(book.sponsor)).accepted().exclude(user=viewer.user_id).select_related("user")
    return sorted({membership.user.name for membership in rows})


def _may(viewer: Viewer, book: Apprenticeship) -> bool:
    if not permits(viewer, Permission.SIGN_OFF, on=book):
        return False
    return bool(book.qualification_of(viewer))


def _why_not(viewer: Viewer, book: Apprenticeship) -> str:
    if book.apprentice_id == viewer.user_id:
        return f"{_('This is your own record. Nobody signs for themselves.')} {_who_signs(viewer, book)}".strip()
    mine = [m for m in book.mentorships.all() if m.mentor_id == viewer.user_id]
    if not mine:
        return f"{_('Signing is for mentors.')} {_who_signs(viewer, book)}".strip()
    return _of_mentorship(viewer, book, max(mine, key=lambda m: (m.in_force(viewer.today(book.sponsor)), m.since)))


def _of_mentorship(viewer: Viewer, book: Apprenticeship, mentorship: Mentorship) -> str:
    today, name = viewer.today(book.sponsor), {"name": book.apprentice.name}
    if mentorship.since > today:
        day = date_format(mentorship.since)
        return _("You sign for %(name)s from %(date)s on, not before.") % {**name, "date": day}
    if mentorship.until and mentorship.until <= today:
        day = date_format(mentorship.until)
        return _("You were a mentor of %(name)s until %(date)s. From that day you sign no more.") % {
            **name,
            "date": day,
        }
    if not mentorship.signs:
        return _("You may read the record of %(name)s, but not sign in it.") % name
    if Role.MENTOR in viewer.roles_with(book.sponsor_id) and not book.qualification_of(viewer):
        return why_not_qualified(viewer, book)
    return _("You no longer hold the role of a mentor with %(sponsor)s.") % {"sponsor": book.sponsor.name}


def _who_signs(viewer: Viewer, book: Apprenticeship, role_track: str = "") -> str:
    today = viewer.today(book.sponsor)
    held = book.mentorships.select_related("mentor").order_by("mentor__name")
    mine = (m for m in held if m.in_force(today) and m.covers(role_track) and m.mentor_id != viewer.user_id)
    names = list(dict.fromkeys(m.mentor.name for m in mine))
    return (
        _("For %(name)s these do: %(names)s.") % {"name": book.apprentice.name, "names": ", ".join(names)}
        if names
        else ""
    )
