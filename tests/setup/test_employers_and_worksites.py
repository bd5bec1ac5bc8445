"""Employers and worksites: who keeps them, what is refused, and what archiving does."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotPermitted
from accounts.models import Sponsor, User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship, Employer, Worksite
from apprenticeship.places import PlaceInvalid, Said, add_employer, add_worksite, change_place, set_archived
from apprenticeship.work_forms import Choices
from tests.cast import fresh, viewer_for

PALISADE = Said("Palisade Compounding", "12 River Street")


def acting(by: User, key: str = "") -> dict[str, Any]:
    return {"viewer": viewer_for(by), "key": key or str(uuid.uuid4())}


def traces() -> list[str]:
    return list(AuditEvent.objects.filter(at=viewer_for(None).at).order_by("pk").values_list("kind", flat=True))


def test_both_are_added_corrected_archived_and_brought_back_with_a_trace_of_each(
    coordinator: User, sponsor: Sponsor
) -> None:
    employer = add_employer(**acting(coordinator), sponsor=sponsor, said=PALISADE)
    site = add_worksite(**acting(coordinator), employer=employer, said=Said(" Order desk "))
    change_place(**acting(coordinator), place=site, said=Said("Order desk, Nyack"))
    change_place(**acting(coordinator), place=site, said=Said("Order desk, Nyack"))  # nothing new, no trace
    for archived in (True, True, False):
        employer = set_archived(**acting(coordinator), place=employer, archived=archived)
        assert list(Worksite.objects.offered()) == ([] if archived else [site])
    assert (employer.address, Worksite.objects.get().name) == ("12 River Street", "Order desk, Nyack")
    kinds = ["employer_added", "worksite_added", "worksite_changed", "employer_archived", "employer_brought_back"]
    assert traces() == kinds


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(" "), "name"),
        (Said("x" * 201), "name"),
        (Said("nul\x00"), "name"),
        (Said("New", "x" * 301), "address"),
        (Said("Taken"), "name"),
    ],
)
def test_a_name_that_is_missing_taken_or_too_long_is_refused(
    coordinator: User, sponsor: Sponsor, said: Said, field: str
) -> None:
    add_employer(**acting(coordinator), sponsor=sponsor, said=Said("Taken"))
    employer = add_employer(**acting(coordinator), sponsor=sponsor, said=PALISADE)
    for act in (add_employer, change_place):
        on: dict[str, Any] = {"place": employer} if act is change_place else {"sponsor": sponsor}
        with pytest.raises(PlaceInvalid) as refused:
            act(**acting(coordinator), said=said, **on)
        assert refused.value.field == field
    assert sorted(Employer.objects.values_list("name", flat=True)) == ["Palisade Compounding", "Taken"]


@pytest.mark.parametrize("role", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_only_who_keeps_programs_keeps_places(
    role: str, sponsor: Sponsor, employer: Employer, worksite: Worksite, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)
    for act in (
        lambda: add_employer(**acting(by), sponsor=sponsor, said=PALISADE),
        lambda: add_worksite(**acting(by), employer=employer, said=PALISADE),
        lambda: change_place(**acting(by), place=worksite, said=PALISADE),
        lambda: set_archived(**acting(by), place=employer, archived=True),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_the_same_key_adds_once(coordinator: User, sponsor: Sponsor) -> None:
    first = add_employer(**acting(coordinator, "k"), sponsor=sponsor, said=PALISADE)
    assert add_employer(**acting(coordinator, "k"), sponsor=sponsor, said=PALISADE) == first
    with pytest.raises(KeyReused):
        add_employer(**acting(coordinator, "k"), sponsor=sponsor, said=Said("Another"))


def test_photographs_are_switched_by_an_administrator_alone(
    coordinator: User, administrator: User, employer: Employer, worksite: Worksite
) -> None:
    off = Said("Clean room", photos_allowed=False)
    with pytest.raises(NotPermitted):
        add_worksite(**acting(coordinator), employer=employer, said=off)
    with pytest.raises(NotPermitted):
        change_place(**acting(coordinator), place=worksite, said=off)
    assert not change_place(**acting(administrator), place=worksite, said=off).photos_allowed


def test_an_archived_worksite_is_offered_to_those_who_work_there_alone(
    apprenticeship: Apprenticeship, coordinator: User, worksite: Worksite
) -> None:
    other = add_worksite(**acting(coordinator), employer=worksite.employer, said=Said("Vault"))
    for site in (worksite, other):
        set_archived(**acting(coordinator), place=site, archived=True)
    assert list(Choices(fresh(apprenticeship)).worksites.values()) == [worksite]


def test_the_list_finds_orders_and_hands_out_what_it_shows(
    client: Client, coordinator: User, employer: Employer, worksite: Worksite, sponsor: Sponsor
) -> None:
    add_employer(**acting(coordinator), sponsor=sponsor, said=Said("=cmd()", "Nyack"))
    client.force_login(coordinator)
    address = reverse("employers", args=[sponsor.pk])
    busy = client.get(address, {"sort": "apprentices"}).content.decode()
    assert busy.index(employer.name + "</strong>") < busy.index("=cmd()</strong>")
    assert "=cmd()" not in client.get(address, {"q": "clean ROOM"}).content.decode()
    assert "=cmd()" not in client.get(address, {"show": "archived"}).content.decode()
    table = client.get(reverse("employers_csv", args=[sponsor.pk])).content.decode("utf-8-sig")
    lines = [[row[0], row[2], row[6]] for row in csv.reader(io.StringIO(table))][1:]
    assert lines == [["'=cmd()", "", "0"], [employer.name, "Clean room", "1"]]


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    client: Client, coordinator: User, sponsor: Sponsor, django_assert_num_queries: Any
) -> None:
    client.force_login(coordinator)
    client.get(reverse("employers", args=[sponsor.pk]))  # what a process reads once
    for number in (1, 12):
        for _ in range(number):
            made = Employer.objects.create(sponsor=sponsor, name=str(uuid.uuid4()))
            Worksite.objects.create(employer=made, name="Desk")
        with django_assert_num_queries(9):
            client.get(reverse("employers", args=[sponsor.pk]))


def test_the_pages_keep_what_was_typed_and_say_in_numbers_what_archiving_does(
    client: Client, coordinator: User, employer: Employer, sponsor: Sponsor
) -> None:
    client.force_login(coordinator)
    said = {"key": str(uuid.uuid4()), "name": employer.name, "address": "Mill Road"}
    wrong = client.post(reverse("add_employer", args=[sponsor.pk]), said)
    assert wrong.status_code == 400
    assert "perhaps an archived one" in wrong.content.decode()
    assert 'value="Mill Road"' in wrong.content.decode()
    archive = reverse("archive_employer", args=[employer.pk])
    assert "1 apprentice in training is assigned here" in client.get(archive).content.decode()
    page = client.post(archive, {"key": str(uuid.uuid4()), "archived": "yes"}, follow=True).content.decode()
    assert "Offered no more since" in page
