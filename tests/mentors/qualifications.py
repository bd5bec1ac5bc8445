"""Entering what mentors are qualified for, as a sponsor has it in the tests."""

from datetime import date

from accounts.models import Qualification, Sponsor, User
from tests.cast import LONG_AGO


def qualified(
    sponsor: Sponsor,
    person: User,
    name: str = "CPhT",
    *,
    tracks: tuple[str, ...] = (),
    since: date = LONG_AGO,
    valid_until: date | None = None,
    ended_on: date | None = None,
) -> Qualification:
    return Qualification.objects.create(
        sponsor=sponsor,
        person=person,
        name=name,
        role_tracks=list(tracks),
        since=since,
        valid_until=valid_until,
        ended_on=ended_on,
    )
