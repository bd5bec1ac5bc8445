"""Cohorts are made, renamed and archived, and apprentices move between them with their history."""

import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access import NotPermitted
from accounts.models import Role, Sponsor, User
from acts.acting import KeyReused
from acts.models import AuditEvent
from apprenticeship.cohorts import CohortConflict, CohortInvalid, add_cohort, change_cohort, move, set_archived
from apprenticeship.models import Apprenticeship, Cohort, CohortMove, Terms
from tests.cast import NOW, TODAY, fresh, make_apprenticeship, make_person, viewer_for

pytestmark = pytest.mark.django_db


def made(by: User, sponsor: Sponsor, name: str = "Spring 2027", key: str = "") -> Cohort:
    return add_cohort(viewer=viewer_for(by), key=key or str(uuid.uuid4()), sponsor=sponsor, name=name, starts_on=TODAY)


def moved(by: User, to: Cohort | None, *books: Apprenticeship, key: str = "") -> list[CohortMove]:
    return move(viewer=viewer_for(by), key=key or str(uuid.uuid4()), apprenticeships=books, to=to)


def test_moving_keeps_where_one_was(
    apprenticeship: Apprenticeship, cohort: Cohort, coordinator: User, sponsor: Sponsor
) -> None:
    spring = made(coordinator, sponsor)
    (first,) = moved(coordinator, spring, apprenticeship, key="m")
    assert moved(coordinator, spring, apprenticeship, key="m") == [first]
    assert moved(coordinator, spring, apprenticeship) == []
    later = viewer_for(coordinator, NOW + timedelta(minutes=1))
    move(viewer=later, key="out", apprenticeships=[apprenticeship], to=None)
    rows = CohortMove.objects.filter(apprenticeship=apprenticeship).newest_first()
    assert [(row.came_from, row.came_to, row.on) for row in rows] == [(spring, None, TODAY), (cohort, spring, TODAY)]
    assert (fresh(apprenticeship).cohort, AuditEvent.objects.filter(kind="cohort_moved").count()) == (None, 2)


def test_a_cohort_in_which_somebody_is_in_training_is_not_archived(
    apprenticeship: Apprenticeship, cohort: Cohort, administrator: User, sponsor: Sponsor
) -> None:
    viewer = viewer_for(administrator)
    with pytest.raises(CohortConflict, match="1 apprentice is in training here"):
        set_archived(viewer=viewer, key="a", cohort=cohort, archived=True)
    moved(administrator, None, apprenticeship)
    set_archived(viewer=viewer, key="b", cohort=cohort, archived=True)
    with pytest.raises(CohortConflict, match="archived"):
        moved(administrator, cohort, apprenticeship)
    set_archived(viewer=viewer, key="c", cohort=cohort, archived=False)
    moved(administrator, cohort, apprenticeship)
    assert CohortMove.objects.count() == 2


def test_names_are_asked_and_given_once(cohort: Cohort, coordinator: User, sponsor: Sponsor) -> None:
    for name in ("", "x" * 121, "A\x00", cohort.name):
        with pytest.raises(CohortInvalid):
            made(coordinator, sponsor, name)
    spring = made(coordinator, sponsor, key="once")
    with pytest.raises(KeyReused):
        made(coordinator, sponsor, "Other", key="once")
    renamed = change_cohort(
        viewer=viewer_for(coordinator), key="r", cohort=spring, name=" Late spring ", starts_on=None
    )
    assert (renamed.name, renamed.starts_on) == ("Late spring", None)
    assert AuditEvent.objects.get(kind="cohort_changed").data["was"]["name"] == "Spring 2027"


@pytest.mark.parametrize("who", ["mentor", "instructor", "apprentice", "auditor", "outsider"])
def test_nobody_else_may(
    who: str, apprenticeship: Apprenticeship, cohort: Cohort, sponsor: Sponsor, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    acts = (
        lambda: made(by, sponsor),
        lambda: moved(by, None, apprenticeship),
        lambda: set_archived(viewer=viewer_for(by), key="a", cohort=cohort, archived=True),
        lambda: change_cohort(viewer=viewer_for(by), key="b", cohort=cohort, name="X", starts_on=None),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


def test_nobody_moves_to_the_cohort_of_another_sponsor(
    apprenticeship: Apprenticeship, coordinator: User, other_sponsor: Sponsor
) -> None:
    theirs = Cohort.objects.create(sponsor=other_sponsor, name="Theirs")
    with pytest.raises(CohortInvalid, match="another sponsor"):
        moved(coordinator, theirs, apprenticeship)


def test_many_move_in_as_many_statements_as_one(
    terms: Terms, cohort: Cohort, coordinator: User, sponsor: Sponsor
) -> None:
    books = [make_apprenticeship(make_person(f"P{n}", Role.APPRENTICE, sponsor=sponsor), terms) for n in range(8)]
    numbers = []
    for some in (books[:2], books[2:4], books[4:]):
        with CaptureQueriesContext(connection) as captured:
            moved(coordinator, cohort, *some)
        numbers.append(len(captured))
    assert numbers[1] == numbers[2]


def test_a_coordinator_does_it_all_on_pages(
    apprenticeship: Apprenticeship, cohort: Cohort, coordinator: User, client: Client
) -> None:
    client.force_login(coordinator)

    def key() -> str:
        return str(uuid.uuid4())

    refused = client.post("/cohorts/list/", {"key": key(), "name": cohort.name, "starts_on": ""})
    assert (refused.status_code, "Another cohort is called so" in refused.content.decode()) == (400, True)
    assert client.post("/cohorts/list/", {"key": key(), "name": "Spring 2027"}).status_code == HTTPStatus.FOUND
    spring = Cohort.objects.get(name="Spring 2027")
    away = client.post(f"/cohorts/{cohort.pk}/archive/", {"key": key(), "archived": "yes"})
    assert (away.status_code, "1 apprentice is in training here" in away.content.decode()) == (409, True)
    assert "Tick at least one" in client.post("/cohorts/move/", {"key": key(), "to": spring.pk}).content.decode()
    body = {"key": key(), "to": spring.pk, "ticked": [apprenticeship.pk]}
    assert client.post("/cohorts/move/", body).status_code == HTTPStatus.FOUND
    assert "Rosa Diaz" in client.get(f"/cohorts/move/?cohort={spring.pk}").content.decode()
    assert "Rosa Diaz" not in client.get("/cohorts/move/?cohort=none").content.decode()
    history = client.get(f"/records/{apprenticeship.pk}/mentors/").content.decode()
    assert f"{cohort.name} → Spring 2027" in history
    assert client.post(f"/cohorts/{cohort.pk}/archive/", {"key": key(), "archived": "yes"}).status_code == 302
    assert cohort.name in client.get("/cohorts/list/?show=archived").content.decode()
    assert cohort.name not in client.get("/cohorts/").content.decode()
    edit = {"key": key(), "name": "Spring", "starts_on": "2027-03-01"}
    assert client.post(f"/cohorts/{spring.pk}/edit/", edit).status_code == HTTPStatus.FOUND
