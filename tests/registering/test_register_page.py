"""The page that registers an apprentice: it keeps what was typed, and says beside its field what to do."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from apprenticeship.models import Apprenticeship
from tests.cast import NOW, make_person


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.middleware.timezone.now", lambda: NOW)


def address(book: Apprenticeship) -> str:
    return reverse("register_apprentice", args=[book.sponsor_id])


def typed(book: Apprenticeship, **said: Any) -> dict[str, Any]:
    assert book.worksite
    given = {
        "key": uuid.uuid4(),
        "name": "Luis Ortiz",
        "email": "luis@example.org",
        "language": "es",
        "terms": book.terms_id,
        "starts_on": "2026-03-09",
        "registration_number": "NY-2",
        "place": f"worksite:{book.worksite.pk}",
        "cohort": book.cohort_id,
    }
    return {name: value for name, value in (given | said).items() if value is not None}


def test_a_press_registers_and_leads_to_the_record(
    client: Client, apprenticeship: Apprenticeship, coordinator: User, mentor: User
) -> None:
    client.force_login(coordinator)
    assert f'href="{address(apprenticeship)}"' in client.get(reverse("coordinator_home")).content.decode()
    sent = typed(apprenticeship, primary=mentor.pk, role_track="Claims Processing Technician")
    page = client.post(address(apprenticeship), sent, follow=True).content.decode()
    assert "Luis Ortiz is registered." in page
    book = Apprenticeship.objects.exclude(pk=apprenticeship.pk).get()
    assert (book.worksite, book.mentorships.get().mentor) == (apprenticeship.worksite, mentor)


def test_an_employer_without_a_fixed_worksite_can_be_chosen(
    client: Client, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    client.force_login(coordinator)
    client.post(address(apprenticeship), typed(apprenticeship, place=f"employer:{apprenticeship.employer_id}"))
    book = Apprenticeship.objects.exclude(pk=apprenticeship.pk).get()
    assert (book.employer, book.worksite) == (apprenticeship.employer, None)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": None}, "Enter the name, or choose somebody who is already with you."),
        ({"place": None}, "Choose where they work."),
        ({"terms": None}, "Choose the terms by which they learn."),
        ({"starts_on": "1026-03-09"}, "Enter the day on which the apprenticeship begins: at most a year from now."),
        ({"registration_number": "NY-1"}, "Rosa Diaz has this registration number."),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    said: dict[str, Any], why: str, client: Client, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    Apprenticeship.objects.update(registration_number="NY-1")
    client.force_login(coordinator)
    answer = client.post(address(apprenticeship), typed(apprenticeship, **said))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert why in page
    assert 'value="luis@example.org"' in page
    assert Apprenticeship.objects.count() == 1


def test_the_form_asks_as_much_for_many_people_as_for_few(
    client: Client, apprenticeship: Apprenticeship, coordinator: User
) -> None:
    client.force_login(coordinator)
    asked = []
    for more in (0, 12):
        for number in range(more):
            make_person(f"P{number} More", Role.MENTOR, Role.APPRENTICE, sponsor=apprenticeship.sponsor)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(apprenticeship))
        asked.append(len(queries))
    assert asked[0] == asked[1]
