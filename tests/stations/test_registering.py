"""An administrator registers, renames and revokes the devices of a worksite; what is kept opens nothing."""

import uuid

import pytest

from accounts.access import NotPermitted
from accounts.models import User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.models import Employer, Station, Worksite
from apprenticeship.stations import (
    StationInvalid,
    StationRevoked,
    digest_of,
    register_station,
    rename_station,
    revoke_station,
    station_of,
)
from tests.cast import NOW, viewer_for
from tests.stations.standing import registered


def test_the_device_is_found_by_its_secret_and_the_secret_is_not_kept(administrator: User, worksite: Worksite) -> None:
    made = registered(administrator, worksite)
    assert station_of(made.secret) == made.station
    assert (station_of(""), station_of("x")) == (None, None)
    row = Station.objects.values().get()
    assert made.secret not in str(row)
    assert (row["token_digest"], row["registered_by_id"], row["registered_at"]) == (
        digest_of(made.secret),
        administrator.pk,
        NOW,
    )
    event = AuditEvent.objects.get(kind="station_registered")
    assert (event.actor_id, event.subject) == (administrator.pk, f"station:{made.station.pk}")


@pytest.mark.parametrize("role", ["mentor", "coordinator", "apprentice", "auditor", "instructor", "outsider"])
def test_nobody_else_registers_or_revokes(
    request: pytest.FixtureRequest, role: str, station: Station, worksite: Worksite
) -> None:
    viewer = viewer_for(request.getfixturevalue(role))
    with pytest.raises(NotPermitted):
        register_station(viewer=viewer, key="k", worksite=worksite, name="Mine")
    with pytest.raises(NotPermitted):
        rename_station(viewer=viewer, key="k", station=station, name="Mine")
    with pytest.raises(NotPermitted):
        revoke_station(viewer=viewer, key="k", station=station)
    assert Station.objects.filter(name="Lab tablet", revoked_at=None).count() == Station.objects.count() == 1


def test_the_same_press_registers_once_and_tells_the_secret_once(administrator: User, worksite: Worksite) -> None:
    viewer = viewer_for(administrator)
    first = register_station(viewer=viewer, key="k", worksite=worksite, name="Lab tablet")
    again = register_station(viewer=viewer, key="k", worksite=worksite, name=" Lab tablet ")
    assert (again.station, again.secret) == (first.station, "")
    with pytest.raises(KeyReused):
        register_station(viewer=viewer, key="k", worksite=worksite, name="Another")


@pytest.mark.parametrize("name", ["", "   ", "n" * 61, "a\x00b", "Lab tablet"])
def test_a_name_that_says_nothing_or_is_taken_is_refused(
    administrator: User, worksite: Worksite, station: Station, name: str
) -> None:
    viewer = viewer_for(administrator)
    other = registered(administrator, worksite, "Door tablet").station
    with pytest.raises(StationInvalid, match=r"\w"):
        register_station(viewer=viewer, key="k", worksite=worksite, name=name)
    with pytest.raises(StationInvalid, match=r"\w"):
        rename_station(viewer=viewer, key="k", station=other, name=name)
    assert set(Station.objects.values_list("name", flat=True)) == {"Lab tablet", "Door tablet"}


def test_a_name_is_free_again_at_another_worksite_and_after_a_revocation(
    administrator: User, worksite: Worksite, employer: Employer, station: Station
) -> None:
    elsewhere = Worksite.objects.create(employer=employer, name="Loading dock")
    assert registered(administrator, elsewhere).station.name == station.name
    revoke_station(viewer=viewer_for(administrator), key="k", station=station)
    assert registered(administrator, worksite).station.name == station.name


def test_what_is_revoked_stays_so(administrator: User, station: Station) -> None:
    viewer = viewer_for(administrator)
    revoked = revoke_station(viewer=viewer, key="k", station=station)
    assert (revoked.revoked_at, revoked.revoked_by) == (NOW, administrator)
    assert revoke_station(viewer=viewer, key="k", station=station) == revoked
    with pytest.raises(StationRevoked):
        revoke_station(viewer=viewer, key=str(uuid.uuid4()), station=station)
    with pytest.raises(StationRevoked):
        rename_station(viewer=viewer, key=str(uuid.uuid4()), station=station, name="Back again")
    assert AuditEvent.objects.filter(kind="station_revoked").count() == 1
