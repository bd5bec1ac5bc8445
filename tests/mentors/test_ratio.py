"""Apprentices at a worksite against the journeyworkers who were counted there, as the terms ask: a breach is shown."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Role, Sponsor, User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.models import Apprenticeship, Cohort, Headcount, Terms, Worksite
from apprenticeship.ratio import HeadcountInvalid, breaches, count_journeyworkers, overseen, ratios
from tests.cast import TODAY, make_apprenticeship, make_person, viewer_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(terms: Terms, request: pytest.FixtureRequest) -> Worksite:
    """Rosa's worksite; her terms ask for three journeyworkers for two apprentices, and were so before she began."""
    terms.ratio_apprentices, terms.ratio_journeyworkers = 2, 3
    terms.save()
    worksite: Worksite = request.getfixturevalue("worksite")
    return Worksite.objects.select_related("employer__sponsor").get(pk=worksite.pk)


def counted(by: User, site: Worksite, number: int, *, on: date = TODAY, key: str = "") -> Headcount:
    known = {"key": key or str(uuid.uuid4()), "on": on, "number": number}
    return count_journeyworkers(viewer=viewer_for(by), worksite=site, **known)  # type: ignore[arg-type]  # of three sorts


def test_what_is_needed_is_rounded_up_and_the_latest_count_holds(
    site: Worksite, terms: Terms, sponsor: Sponsor, coordinator: User
) -> None:
    viewer = viewer_for(coordinator)
    (one,) = ratios(overseen(viewer))
    assert (one.apprentices, one.needed, one.counted, one.is_breach) == (1, 2, None, False)
    counted(coordinator, site, 2, on=TODAY - timedelta(days=9))
    assert breaches(viewer) == []
    for name in ("A", "B"):
        make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=sponsor), terms)
    counted(coordinator, site, 9, on=TODAY - timedelta(days=30))
    (one,) = breaches(viewer)
    assert (one.apprentices, one.needed, one.counted, one.missing) == (3, 5, 2, 3)
    Apprenticeship.objects.filter(apprentice__name="A").update(status="suspended")
    counted(coordinator, site, 3)
    assert (breaches(viewer), AuditEvent.objects.filter(kind="journeyworkers_counted").count()) == ([], 3)


def test_a_count_is_kept_once_and_what_cannot_be_is_refused(site: Worksite, administrator: User) -> None:
    first = counted(administrator, site, 2, key="once")
    assert counted(administrator, site, 2, key="once") == first
    with pytest.raises(KeyReused):
        counted(administrator, site, 3, key="once")
    for number, on in ((-1, TODAY), (10_001, TODAY), (2, TODAY + timedelta(days=1))):
        with pytest.raises(HeadcountInvalid):
            counted(administrator, site, number, on=on)
    assert Headcount.objects.count() == 1


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_counts(who: str, site: Worksite, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        counted(request.getfixturevalue(who), site, 2)


def test_a_breach_stands_on_the_pages(site: Worksite, cohort: Cohort, coordinator: User, client: Client) -> None:
    client.force_login(coordinator)
    page = f"/worksites/{site.pk}/journeyworkers/"
    body = {"key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a1", "number": "1", "on": "2999-01-01"}
    refused = client.post(page, body)
    assert (refused.status_code, "The date is in the future" in refused.content.decode()) == (400, True)
    assert client.post(page, {**body, "on": "2026-03-01"}).status_code == 302
    assert "1 too few" in client.get("/ratio/").content.decode()
    assert "Clean room" in client.get("/ratio/list.csv").content.decode()
    assert "1 worksite has too few journeyworkers" in client.get("/cohorts/").content.decode()
    assert "Too few journeyworkers" in client.get(f"/cohorts/{cohort.pk}/").content.decode()


def test_many_worksites_cost_as_many_queries_as_one(
    site: Worksite, terms: Terms, sponsor: Sponsor, coordinator: User
) -> None:
    viewer, numbers = viewer_for(coordinator), []
    for round_ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert len(ratios(overseen(viewer))) == 1 + 4 * round_
        numbers.append(len(captured))
        for n in range(4):
            book = make_apprenticeship(make_person(f"R{round_}{n}", Role.APPRENTICE, sponsor=sponsor), terms)
            book.worksite = Worksite.objects.create(employer=site.employer, name=f"Site {round_}{n}")
            book.save(update_fields=["worksite"])
    assert numbers[0] == numbers[1] == 3
