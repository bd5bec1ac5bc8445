"""The places of each role: what the head of a page offers, at most four so that a phone's bar holds them."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import NotPermitted, Permission, permits
from accounts.models import Membership, Role, Sponsor
from accounts.viewer import Viewer

CURRENT_MEMBERSHIP = "current_membership"  # the session's key


@dataclass(frozen=True)
class Place:
    """One entry of the navigation: a URL name without arguments, its label and the icon on phones."""

    url_name: str
    label: "str | Promise"
    icon: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


COHORTS = Place("coordinator_home", _("Cohorts"), "grid")
PEOPLE = Place("people", _("People"), "people")
WORK = Place("work_waiting", _("On the job"), "pen")
CLASSES = Place("instructor_home", _("Classes"), "clock")
STANDARDS = Place("standard_list", _("Standards"), "book")
SPONSOR = Place("sponsor_setup", _("Sponsor"), "settings")
GLOSSARY = Place("glossary", _("Glossary"), "words")

# The profile is in the account's menu; the standards and the glossary are in the foot of every page.
PLACES: dict[Role, tuple[Place, ...]] = {
    Role.ADMINISTRATOR: (COHORTS, PEOPLE, CLASSES, SPONSOR),
    Role.COORDINATOR: (COHORTS, PEOPLE, CLASSES, WORK),
    Role.MENTOR: (
        Place("mentor_home", _("Apprentices"), "people"),
        Place("review_work", _("On the job"), "pen"),
        STANDARDS,
        GLOSSARY,
    ),
    Role.INSTRUCTOR: (CLASSES, STANDARDS, GLOSSARY),
    Role.APPRENTICE: (
        Place("apprentice_home", _("My record"), "record"),
        Place("my_work", _("On the job"), "pen"),
        STANDARDS,
        GLOSSARY,
    ),
    Role.AUDITOR: (Place("auditor_home", _("Records"), "record"), COHORTS, CLASSES, STANDARDS),
}
NO_ROLE = (STANDARDS, GLOSSARY)

# Where several roles are held and none was chosen, the first of these is taken: who signs comes before who reads.
FIRST = (Role.MENTOR, Role.COORDINATOR, Role.APPRENTICE, Role.INSTRUCTOR, Role.ADMINISTRATOR, Role.AUDITOR)


def current_membership(viewer: Viewer, session: SessionBase) -> Membership | None:
    """The role that `viewer` works in now: the one chosen in this session, else the first one held."""
    held = viewer.memberships
    chosen = next((m for m in held if str(m.pk) == session.get(CURRENT_MEMBERSHIP)), None)
    return chosen or min(held, key=lambda m: FIRST.index(Role(m.role)), default=None)


def sponsor_at_hand(viewer: Viewer, session: SessionBase, permission: Permission) -> Sponsor:
    """The sponsor that somebody works for now, if it gives `permission`, else the first that does.

    Raises NotPermitted where none does.
    """
    current = current_membership(viewer, session)
    for sponsor in ([current.sponsor] if current else []) + list(viewer.sponsors):
        if permits(viewer, permission, on=sponsor):
            return sponsor
    raise NotPermitted(permission)


def choose(viewer: Viewer, session: SessionBase, membership: UUID) -> bool:
    """Work as `membership` from now on in this session; False where `viewer` doesn't hold it."""
    if not any(m.pk == membership for m in viewer.memberships):
        return False
    session[CURRENT_MEMBERSHIP] = str(membership)
    return True


def places(current: Membership | None) -> tuple[Place, ...]:
    """The places to offer to somebody who works as `current`."""
    return PLACES[Role(current.role)] if current else NO_ROLE
