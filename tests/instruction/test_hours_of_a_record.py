"""The class hours of one record: the sums, and every class behind them, also what was taken back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship
from instruction.voiding import void_class_hours
from tests.cast import viewer_for
from tests.instruction.classroom import FIRST_AID, GENERAL, attend

REASON = "Rosa was on sick leave that day"


@pytest.fixture
def taken_back(rosa: Apprenticeship, coordinator: User) -> None:
    """Four hours that were taken back, beside two that stand."""
    wrong = attend(coordinator, [rosa], FIRST_AID, "4")
    attend(coordinator, [rosa], GENERAL, "2")
    void_class_hours(viewer=viewer_for(coordinator), key="v", attendances=wrong, reason=REASON)


def read(client: Client, who: User, book: Apprenticeship) -> str:
    client.force_login(who)
    return client.get(reverse("record_hours", args=[book.pk])).content.decode()


@pytest.mark.usefixtures("taken_back")
@pytest.mark.parametrize("who", ["apprentice", "coordinator", "administrator"])
def test_the_apprentice_reads_what_was_taken_back_and_why(
    who: str, client: Client, rosa: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    page = read(client, request.getfixturevalue(who), rosa)
    assert "2 of 44 hours; 42 to go" in page
    assert "<s>4 h</s>" in page
    assert "taken back by Carol Jones" in page
    assert REASON in page


@pytest.mark.usefixtures("taken_back")
def test_the_auditor_reads_that_it_was_taken_back_but_not_why(
    client: Client, rosa: Apprenticeship, auditor: User
) -> None:
    page = read(client, auditor, rosa)
    assert "taken back by Carol Jones" in page
    assert REASON not in page
    assert "sealed; your role does not read it" in page


def test_a_record_without_classes_says_so(client: Client, rosa: Apprenticeship, apprentice: User) -> None:
    page = read(client, apprentice, rosa)
    assert "The first class will stand here" in page
    assert "where appropriate; no hours so far" in page


def test_reached_hours_with_open_topics_are_no_finished_course(
    client: Client, rosa: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    attend(coordinator, [rosa], FIRST_AID, "22")
    attend(coordinator, [rosa], FIRST_AID, "22", held_on=rosa.starts_on)
    assert "The hours are reached, but not every topic" in read(client, apprentice, rosa)


@pytest.mark.parametrize("who", ["mentor", "instructor", "outsider"])
def test_others_do_not_find_the_page(
    who: str, client: Client, rosa: Apprenticeship, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("record_hours", args=[rosa.pk])).status_code == 404


@pytest.mark.parametrize("classes", [1, 9])
def test_the_page_takes_the_same_queries_for_any_number_of_classes(
    classes: int, client: Client, rosa: Apprenticeship, apprentice: User, coordinator: User
) -> None:
    for number in range(classes):
        attend(coordinator, [rosa], hours="1", provider=f"School {number}")
    client.force_login(apprentice)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("record_hours", args=[rosa.pk])).content.decode()
    assert page.count("recorded by Carol Jones") == classes
    assert len(queries) == 20
