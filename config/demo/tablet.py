"""The shared tablet of the demo's laboratory, and the PIN of everybody who may sign on it."""

import uuid
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.models import Role, SigningPin, User
from accounts.viewer import Viewer, build_viewer, build_viewer_at
from acts.acting import AtStation
from apprenticeship.models import Station
from apprenticeship.stations import register_station
from config.demo.people import LABORATORY, DemoWorld

PIN = "274916"
"""Printed on the screen like the password: it opens invented records only."""
SINCE = timedelta(days=60)


def set_up_tablet(world: DemoWorld, *, now: datetime) -> None:
    """Sam registered a tablet in the laboratory two months ago; mentors and apprentices have set their PINs.

    No browser holds that tablet's cookie: who tries the demo registers a device of their own.
    """
    at = now - SINCE
    site = next(book.worksite for book in world.books.values() if book.role_track == LABORATORY)
    if site is None:
        raise LookupError("the laboratory has no worksite")
    viewer = build_viewer(world.people["sam"], at=at)
    world.tablet = register_station(viewer=viewer, key="demo-tablet", worksite=site, name="Laboratory tablet").station
    hashed = make_password(PIN)  # one for all: hashing takes a quarter of a second on purpose
    signers = User.objects.filter(memberships__role__in=(Role.MENTOR, Role.APPRENTICE)).distinct()
    SigningPin.objects.bulk_create([SigningPin(user=person, hash=hashed, set_at=at) for person in signers])


def at_tablet(tablet: Station, person: User, *, at: datetime) -> Viewer:
    """`person`, who has just entered their PIN on the tablet; good for one act."""
    turn = AtStation(
        id=tablet.pk,
        name=tablet.name,
        sponsor_id=tablet.sponsor_id,
        worksite_id=tablet.worksite_id,
        turn=uuid.uuid4(),
        began_at=at,
    )
    return build_viewer_at(turn, person, at=at)
