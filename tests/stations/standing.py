"""Somebody who stands at a shared device, and the PIN they sign with there."""

import uuid
from datetime import datetime

from accounts.models import SigningPin, User
from accounts.pins import set_pin
from accounts.viewer import Viewer, build_viewer_at
from acts.acting import AtStation
from apprenticeship.models import Station, Worksite
from apprenticeship.stations import Registered, register_station
from tests.cast import NOW, viewer_for

PIN = "274916"


def with_pin(person: User, pin: str = PIN) -> SigningPin:
    """`person` has set `pin`."""
    return set_pin(viewer=viewer_for(person), pin=pin)


def registered(administrator: User, worksite: Worksite, name: str = "Lab tablet") -> Registered:
    """A device that the administrator made a station of `worksite`, with its secret."""
    return register_station(viewer=viewer_for(administrator), key=str(uuid.uuid4()), worksite=worksite, name=name)


def turn_at(station: Station) -> AtStation:
    """A fresh turn at the station, as unlocking makes it."""
    return AtStation(
        id=station.pk,
        name=station.name,
        sponsor_id=station.sponsor_id,
        worksite_id=station.worksite_id,
        turn=uuid.uuid4(),
        began_at=NOW,
    )


def standing_at(station: Station, person: User, *, at: datetime = NOW, turn: AtStation | None = None) -> Viewer:
    """Who `person` is in a turn of theirs at the station."""
    return build_viewer_at(turn or turn_at(station), person, at=at)
