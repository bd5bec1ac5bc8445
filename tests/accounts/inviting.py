"""Inviting people, as the tests of people say it."""

import uuid
from datetime import date, datetime

from accounts.models import Role, Sponsor, User
from accounts.people import Brought, NewPerson, invite
from accounts.roles import NewRole
from tests.cast import NOW, TODAY, viewer_for


def newcomer(
    name: str = "Nora Vance", email: str = "nora@example.org", role: Role = Role.MENTOR, *, since: date = TODAY
) -> NewPerson:
    return NewPerson(name=name, email=email, roles=(NewRole(role, since),), language="en")


def invited(by: User, sponsor: Sponsor, person: NewPerson | None = None, *, at: datetime = NOW) -> Brought:
    """Somebody whom `by` brought in with an act of its own."""
    return invite(viewer=viewer_for(by, at), key=str(uuid.uuid4()), sponsor=sponsor, person=person or newcomer())
