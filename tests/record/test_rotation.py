"""Where an apprentice learns the work: each stay is an entry, and where they are is what the entries come to."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Membership, Role, Sponsor, User
from acts.acting import KeyReused
from apprenticeship.models import Apprenticeship, Assignment, Employer, Terms, Worksite
from apprenticeship.record import read
from apprenticeship.rotation import AssignmentConflict, AssignmentInvalid, Stay, assign_place, rebuild, settle
from apprenticeship.verifying import verify_record
from tests.cast import LONG_AGO, NOW, STARTS_ON, TODAY, fresh, make_apprenticeship, make_person, viewer_for
from tests.record.every_kind import placed, status_changed
from tests.record.forging import forge

pytestmark = pytest.mark.django_db
LABORATORY = "Laboratory Technician"
TOMORROW, YESTERDAY, LATER = (TODAY + timedelta(days=days) for days in (1, -1, 30))


@pytest.fixture
def lab(sponsor: Sponsor, apprenticeship: Apprenticeship) -> Worksite:
    cayuga = Employer.objects.create(sponsor=sponsor, name="Cayuga Outsourcing")
    return Worksite.objects.create(employer=cayuga, name="Laboratory")


def where(book: Apprenticeship) -> tuple[str, str | None, str]:
    now = fresh(book)
    return now.employer.name, now.worksite.name if now.worksite else None, now.role_track


AT_HOME, IN_LAB = ("Empire Compounding", "Clean room", ""), ("Cayuga Outsourcing", "Laboratory", LABORATORY)


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_an_assignment_is_an_entry_and_holds_from_its_day(
    who: str, apprenticeship: Apprenticeship, lab: Worksite, request: pytest.FixtureRequest
) -> None:
    made = placed(apprenticeship, request.getfixturevalue(who), worksite=lab, track=LABORATORY)
    body = read(made.entry)["body"]
    assert (body["worksite"], body["employer"]["name"]) == ({"id": str(lab.pk), "name": "Laboratory"}, IN_LAB[0])
    assert (body["since"], body["until"], body["replaces"]) == ("2026-03-02", None, None)
    assert body["meaning"]["text"].startswith("I assign this apprentice")
    assert (where(apprenticeship), verify_record(apprenticeship).findings) == (IN_LAB, ())


def test_one_to_come_takes_effect_on_its_day_and_ends_on_its_last(
    apprenticeship: Apprenticeship, coordinator: User, lab: Worksite
) -> None:
    placed(apprenticeship, coordinator, worksite=lab, track=LABORATORY, since=TOMORROW, until=LATER)
    assert (where(apprenticeship), settle(at=NOW)) == (AT_HOME, 0)
    assert settle(at=NOW + timedelta(days=1)) == 1
    assert (where(apprenticeship), settle(at=NOW + timedelta(days=1))) == (IN_LAB, 0)
    assert settle(at=NOW + timedelta(days=30)) == 1
    assert (where(apprenticeship), verify_record(apprenticeship).findings) == (("Cayuga Outsourcing", None, ""), ())


def test_what_has_not_begun_is_replaced_and_what_goes_on_ends_otherwise(
    apprenticeship: Apprenticeship, coordinator: User, lab: Worksite
) -> None:
    home = fresh(apprenticeship).worksite
    placed(apprenticeship, coordinator, worksite=home, since=STARTS_ON)
    ended = placed(apprenticeship, coordinator, worksite=home, since=STARTS_ON, until=TOMORROW)
    placed(apprenticeship, coordinator, worksite=home, since=TOMORROW)
    planned = placed(apprenticeship, coordinator, worksite=lab, since=TOMORROW)
    assert [read(row.entry)["body"]["replaces"] for row in (ended, planned)] == [1, 3]
    settle(at=NOW + timedelta(days=1))
    assert where(apprenticeship)[1] == "Laboratory"
    assert verify_record(apprenticeship).findings == ()


OVERLAPS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "before a fixed end": ({"since": YESTERDAY, "until": LATER}, {"since": TOMORROW}),
    "before the last one begins": ({"since": TODAY}, {"since": YESTERDAY}),
    "elsewhere from the day on which it began": ({"since": YESTERDAY}, {"since": YESTERDAY}),
}


@pytest.mark.parametrize("case", OVERLAPS)
def test_stays_that_overlap_are_refused_in_words(
    case: str, apprenticeship: Apprenticeship, coordinator: User, lab: Worksite
) -> None:
    first, second = OVERLAPS[case]
    placed(apprenticeship, coordinator, **first)
    with pytest.raises(AssignmentConflict) as refusal:
        placed(apprenticeship, coordinator, worksite=lab, **second)
    assert refusal.value.problems[0][1].startswith("Rosa Diaz is assigned to Clean room from")
    assert Assignment.objects.count() == 1


def test_what_cannot_be_is_refused_beside_its_field(
    apprenticeship: Apprenticeship, coordinator: User, lab: Worksite, other_sponsor: Sponsor
) -> None:
    foreign = Worksite.objects.create(employer=Employer.objects.create(sponsor=other_sponsor, name="X"), name="Y")
    cases: list[tuple[str, dict[str, Any]]] = [
        ("until", {"until": TODAY}),
        ("since", {"since": STARTS_ON - timedelta(days=1)}),
        ("role_track", {"track": "Astronaut"}),
        ("worksite", {"worksite": foreign}),
    ]
    for field, given in cases:
        with pytest.raises(AssignmentInvalid) as refusal:
            placed(apprenticeship, coordinator, **given)
        assert [name for name, _words in refusal.value.problems] == [field]
    Worksite.objects.filter(pk=lab.pk).update(archived_at=NOW)
    with pytest.raises(AssignmentInvalid):
        placed(apprenticeship, coordinator, worksite=lab)
    with pytest.raises(AssignmentInvalid):
        assign_place(viewer=viewer_for(coordinator), key="n", apprenticeships=[], stay=Stay(foreign, "", TODAY))


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_assigns_and_nobody_themselves(
    who: str, apprenticeship: Apprenticeship, sponsor: Sponsor, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    if who == "apprentice":
        Membership.objects.create(user=by, sponsor=sponsor, role=Role.COORDINATOR, since=LONG_AGO)
    with pytest.raises(NotPermitted):
        placed(apprenticeship, by)


def test_the_same_key_assigns_once(apprenticeship: Apprenticeship, coordinator: User) -> None:
    first = placed(apprenticeship, coordinator, key="once")
    assert placed(apprenticeship, coordinator, key="once") == first
    with pytest.raises(KeyReused):
        placed(apprenticeship, coordinator, key="once", until=LATER)
    assert Assignment.objects.count() == 1


def test_a_forged_place_is_named_and_made_again(
    apprenticeship: Apprenticeship, coordinator: User, lab: Worksite
) -> None:
    placed(apprenticeship, coordinator, worksite=lab, track=LABORATORY)
    Apprenticeship.objects.filter(pk=apprenticeship.pk).update(role_track="")
    (finding,) = verify_record(apprenticeship).findings
    assert finding.sequence == 1
    rebuild(fresh(apprenticeship))
    assert (where(apprenticeship), verify_record(apprenticeship).findings) == (IN_LAB, ())
    forge(Assignment.objects.all(), role_track="Pharmacy Communications Technician")
    assert verify_record(apprenticeship).findings


def test_many_cost_as_many_statements_as_a_few(
    terms: Terms, sponsor: Sponsor, coordinator: User, lab: Worksite
) -> None:
    books = [make_apprenticeship(make_person(f"P{n}", Role.APPRENTICE, sponsor=sponsor), terms) for n in range(10)]
    stay, numbers = Stay(Worksite.objects.select_related("employer").get(pk=lab.pk), "", TODAY), []
    for number, some in enumerate((books[:2], books[2:4], books[4:])):
        with CaptureQueriesContext(connection) as captured:
            assign_place(viewer=viewer_for(coordinator), key=f"{number}", apprenticeships=some, stay=stay)
        numbers.append(len(captured))
    assert numbers[1] == numbers[2]


def test_a_coordinator_assigns_those_who_are_ticked(
    apprenticeship: Apprenticeship, coordinator: User, lab: Worksite, client: Client
) -> None:
    client.force_login(coordinator)
    page = f"/places/assign/?only={apprenticeship.pk}"
    body = {"key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a1", "ticked": str(apprenticeship.pk), "since": "2026-03-02"}
    refused = client.post(page, {**body, "worksite": str(lab.pk), "until": "2026-03-01"})
    assert (refused.status_code, "The end must be after the beginning." in refused.content.decode()) == (400, True)
    assert "Choose a worksite." in client.post(page, body).content.decode()
    done = client.post(page, {**body, "worksite": str(lab.pk), "role_track": LABORATORY})
    assert (done.status_code, where(apprenticeship)) == (HTTPStatus.FOUND, IN_LAB)
    assert (
        "Cayuga Outsourcing, Laboratory · Laboratory Technician"
        in client.get(f"/records/{apprenticeship.pk}/places/").content.decode()
    )


def test_after_the_end_nobody_is_assigned_but_who_is_suspended_is(
    apprenticeship: Apprenticeship, coordinator: User, lab: Worksite
) -> None:
    status_changed(apprenticeship, coordinator, "activate", on=STARTS_ON)
    status_changed(apprenticeship, coordinator, "suspend", reason="On leave.")
    placed(apprenticeship, coordinator, worksite=lab, track=LABORATORY)
    status_changed(apprenticeship, coordinator, "transfer", reason="To another sponsor.")
    with pytest.raises(AssignmentConflict, match="has ended"):
        placed(apprenticeship, coordinator, worksite=lab, track=LABORATORY, since=TOMORROW)
