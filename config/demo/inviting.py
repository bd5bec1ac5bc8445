"""Two who are still to come: one whose link is open, and one whose link ran out before they opened it."""

import uuid
from datetime import datetime, timedelta

from accounts.models import Role
from accounts.people import NewPerson, invite
from accounts.roles import NewRole
from accounts.viewer import build_viewer
from config.demo.people import DemoWorld

TO_COME = (("Theo Lambert", Role.MENTOR, 2), ("Ines Costa", Role.INSTRUCTOR, 20))
"""Name, role, and how many days ago Ruth invited them."""


def invite_some(world: DemoWorld, *, now: datetime) -> None:
    """Let Ruth invite them."""
    for name, role, days in TO_COME:
        at = now - timedelta(days=days)
        viewer = build_viewer(world.people["ruth"], at=at)
        person = NewPerson(
            name=name,
            email=f"{name.split()[0].lower()}@example.org",
            roles=(NewRole(role, viewer.today(world.sponsor)),),
            language="en",
        )
        invite(viewer=viewer, key=str(uuid.uuid4()), sponsor=world.sponsor, person=person)
