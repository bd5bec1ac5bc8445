"""What somebody does at a shared device: one act for one PIN, in the books of its worksite, and the entry says so."""

import json
import uuid
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import User
from accounts.viewer import Viewer
from acts.acting import TurnSpent
from acts.models import Act
from apprenticeship.asking import AskLine, ask
from apprenticeship.models import Apprenticeship, Employer, RecordEntry, SignOff, Station, Worksite
from apprenticeship.signoff import sign_off
from apprenticeship.stations import StationRevoked, revoke_station
from apprenticeship.verifying import verify_record
from reports.gathering import gather
from reports.papers import frozen, thaw
from reports.progress import signature_of
from tests.at_once import at_once
from tests.cast import NOW, TODAY, fresh, line, skill_of, viewer_for
from tests.record.forging import first_finding, rewrite
from tests.stations.standing import standing_at


def signs(viewer: Viewer, apprenticeship: Apprenticeship, code: str = "1.1") -> SignOff:
    return sign_off(viewer=viewer, key=str(uuid.uuid4()), line=line(apprenticeship, code))


def test_the_entry_says_where_and_how_it_was_signed(
    apprenticeship: Apprenticeship, mentor: User, station: Station
) -> None:
    viewer = standing_at(station, mentor)
    made = signs(viewer, apprenticeship)
    act = json.loads(made.entry.canonical)["act"]
    assert act["authentication"] == "pin"
    assert act["station"] == {"id": str(station.pk), "name": "Lab tablet"}
    assert viewer.station
    assert (made.entry.act.station_id, made.entry.act.station_turn) == (station.pk, viewer.station.turn)
    assert verify_record(apprenticeship).is_intact


def test_an_act_on_ones_own_device_says_nothing_of_stations(apprenticeship: Apprenticeship, mentor: User) -> None:
    made = signs(viewer_for(mentor), apprenticeship)
    assert "station" not in json.loads(made.entry.canonical)["act"]
    assert (made.entry.act.station_id, made.entry.act.station_turn) == (None, None)


@pytest.mark.parametrize("station_id", [None, "5b1c3f0e-7a52-4d0e-9b1c-0d6f3a2e8c47"])
def test_a_forged_station_is_found(
    apprenticeship: Apprenticeship, mentor: User, station: Station, station_id: str | None
) -> None:
    signs(standing_at(station, mentor), apprenticeship)
    rewrite(
        apprenticeship,
        lambda entry: (
            entry["act"].update(station={"id": station_id, "name": "Lab tablet"})
            if station_id
            else entry["act"].pop("station")
        ),
        sequence=1,
    )
    assert first_finding(apprenticeship).what.endswith("about act.station.id.")


def test_one_turn_is_good_for_one_act(apprenticeship: Apprenticeship, mentor: User, station: Station) -> None:
    viewer = standing_at(station, mentor)
    signs(viewer, apprenticeship)
    with pytest.raises(TurnSpent):
        signs(viewer, apprenticeship, "1.2")
    assert SignOff.objects.count() == Act.objects.filter(kind="sign_off").count() == 1


def test_the_same_press_again_is_the_same_act(apprenticeship: Apprenticeship, mentor: User, station: Station) -> None:
    viewer, wanted = standing_at(station, mentor), line(apprenticeship)
    assert sign_off(viewer=viewer, key="k", line=wanted) == sign_off(viewer=viewer, key="k", line=wanted)


@pytest.mark.django_db(transaction=True)
def test_two_acts_at_once_in_one_turn_are_one(apprenticeship: Apprenticeship, mentor: User, station: Station) -> None:
    viewer = standing_at(station, mentor)
    outcomes = at_once([partial(signs, viewer, apprenticeship, code) for code in ("1.1", "1.2")])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["SignOff", "TurnSpent"]
    assert RecordEntry.objects.count() == 1


def test_a_station_that_is_revoked_while_somebody_signs_signs_nothing(
    apprenticeship: Apprenticeship, mentor: User, administrator: User, station: Station
) -> None:
    viewer = standing_at(station, mentor)
    revoke_station(viewer=viewer_for(administrator), key="k", station=station)
    with pytest.raises(StationRevoked):
        signs(viewer, apprenticeship)
    assert not RecordEntry.objects.exists()
    assert not Act.objects.filter(kind="sign_off").exists()


def test_a_mentor_reaches_only_the_books_of_the_worksite(
    apprenticeship: Apprenticeship, mentor: User, station: Station, employer: Employer
) -> None:
    viewer = standing_at(station, mentor)
    assert list(Apprenticeship.objects.visible_to(viewer)) == [apprenticeship]
    apprenticeship.worksite = Worksite.objects.create(employer=employer, name="Loading dock")
    apprenticeship.save(update_fields=["worksite"])
    assert not Apprenticeship.objects.visible_to(viewer).exists()
    with pytest.raises(NotPermitted):
        signs(viewer, apprenticeship)


@pytest.mark.parametrize("role", ["apprentice", "coordinator", "administrator", "auditor", "outsider"])
def test_a_pin_makes_nobody_a_mentor(
    request: pytest.FixtureRequest, role: str, apprenticeship: Apprenticeship, station: Station
) -> None:
    with pytest.raises(NotPermitted):
        signs(standing_at(station, request.getfixturevalue(role)), apprenticeship)
    assert not RecordEntry.objects.exists()


def test_an_apprentice_asks_there_and_the_act_says_so(apprenticeship: Apprenticeship, station: Station) -> None:
    viewer = standing_at(station, apprenticeship.apprentice)
    lines = [AskLine(skill_of(apprenticeship, "1.1"), TODAY)]
    ask(viewer=viewer, key="k", apprenticeship=fresh(apprenticeship), lines=lines)
    assert Act.objects.get(kind="ask").station_id == station.pk
    with pytest.raises(TurnSpent):
        ask(viewer=viewer, key="k2", apprenticeship=fresh(apprenticeship), lines=lines)


def test_pages_and_paper_name_the_device(
    apprenticeship: Apprenticeship, mentor: User, station: Station, client: Client
) -> None:
    made = signs(standing_at(station, mentor), apprenticeship)
    told = signature_of(made)
    assert told
    assert told.authentication_label == "PIN on a shared device (Lab tablet)"
    paper = gather(apprenticeship.pk, at=NOW, language="en", paper="letter")
    assert paper.sets[0].skills[0].signed
    assert paper.sets[0].skills[0].signed.station == "Lab tablet"
    assert thaw(frozen(paper)) == paper
    client.force_login(mentor)
    page = client.get(reverse("record_skill", args=[apprenticeship.pk, made.skill_id]))
    assert "PIN on a shared device (Lab tablet)" in page.content.decode()
