"""The pages about mentors: who has whom, handing over in two steps, and everybody without a mentor."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, Sponsor, User
from apprenticeship.models import Apprenticeship, Mentorship, Terms
from tests.cast import TODAY, asked, make_apprenticeship, make_mentorship, make_person
from tests.mentors.assigning import of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


@pytest.fixture
def newcomer(sponsor: Sponsor) -> User:
    return make_person("Nora New", Role.MENTOR, sponsor=sponsor)


def today(sponsor: Sponsor) -> str:
    from django.utils import timezone

    return sponsor.local_date(timezone.now()).isoformat()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def sent(apprenticeship: Apprenticeship, mentor: User, **more: str) -> dict[str, str]:
    pk = str(Mentorship.objects.get(mentor=mentor).pk)
    return {"key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a1", "ticked": pk, "on": today(apprenticeship.sponsor), **more}


def test_handing_over_says_in_numbers_what_it_will_do_and_then_does_it(
    apprenticeship: Apprenticeship, mentor: User, newcomer: User, desk: Client
) -> None:
    asked(apprenticeship, "1.1", "1.2")
    page = f"/sponsors/{apprenticeship.sponsor_id}/mentors/{mentor.pk}/"
    assert "2 skills wait" in text(desk.get(page))
    body = sent(apprenticeship, mentor, act="hand_over", to=str(newcomer.pk))
    looked = text(desk.post(f"{page}hand-over/", body))
    assert "Hand over 1 apprentice" in looked
    assert "2 skills that wait for a signature then wait for Nora New." in looked
    assert len(of(apprenticeship)) == 2
    assert desk.post(f"{page}hand-over/", {**body, "confirmed": "yes"}).status_code == HTTPStatus.FOUND
    assert of(apprenticeship)[-1][:2] == ("Nora New", "primary")
    assert "Earlier apprentices" in text(desk.get(page))


def test_ending_names_those_who_are_left_without_a_mentor(
    apprenticeship: Apprenticeship, mentor: User, deputy: User, desk: Client
) -> None:
    page = f"/sponsors/{apprenticeship.sponsor_id}/mentors/{mentor.pk}/hand-over/"
    body = sent(apprenticeship, mentor, act="end")
    assert "Left without a mentor" not in text(desk.post(page, body))
    Mentorship.objects.filter(mentor=deputy).update(role="viewer")
    assert "1 apprentice then has nobody who may sign: Rosa Diaz." in text(desk.post(page, body))


def test_what_is_refused_is_kept_and_said(
    apprenticeship: Apprenticeship, mentor: User, newcomer: User, desk: Client
) -> None:
    page = f"/sponsors/{apprenticeship.sponsor_id}/mentors/{mentor.pk}/hand-over/"
    body = sent(apprenticeship, mentor, act="hand_over", to=str(newcomer.pk), confirmed="yes")
    answer = desk.post(page, {**body, "on": "2026-01-09"})
    assert (answer.status_code, "The day is over" in text(answer)) == (HTTPStatus.BAD_REQUEST, True)
    assert f'value="{body["ticked"]}" checked' in text(answer)
    assert "Tick at least one apprentice." in text(desk.post(page, {**body, "ticked": []}))
    assert "Choose to whom you hand them over." in text(desk.post(page, {**body, "to": ""}))
    Mentorship.objects.filter(mentor=mentor).update(until=TODAY - timedelta(days=1))
    assert "is not in the list any more" in text(desk.post(page, body))


def test_one_apprentice_gets_a_deputy_on_their_own_page(
    apprenticeship: Apprenticeship, newcomer: User, mentor: User, desk: Client
) -> None:
    page = f"/records/{apprenticeship.pk}/mentors/"
    body = {"key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a2", "ticked": str(apprenticeship.pk), "mentor": str(newcomer.pk)}
    answer = desk.post(f"{page}assign/", {**body, "role": "primary", "since": today(apprenticeship.sponsor)})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Rosa Diaz has a primary mentor in that time" in text(answer)
    assert (
        desk.post(f"{page}assign/", {**body, "role": "deputy", "since": "2026-03-01"}).status_code == HTTPStatus.FOUND
    )
    assert "Nora New" in text(desk.get(page))
    made = Mentorship.objects.get(mentor=newcomer)
    end = {"key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a3", "on": today(apprenticeship.sponsor)}
    assert desk.post(f"/mentorships/{made.pk}/end/", end).status_code == HTTPStatus.FOUND
    assert "Earlier" in text(desk.get(page))


def test_everybody_without_a_mentor_gets_one_in_one_act(
    terms: Terms, sponsor: Sponsor, newcomer: User, apprenticeship: Apprenticeship, desk: Client
) -> None:
    books = [
        make_apprenticeship(make_person(name, Role.APPRENTICE, sponsor=sponsor), terms) for name in ("=Ada", "Bea")
    ]
    listed = text(desk.get("/mentors/assign/"))
    assert ("Bea" in listed, "Rosa Diaz" in listed) == (True, False)
    assert "Rosa Diaz" in text(desk.get("/mentors/assign/?show=all"))
    assert "'=Ada" in desk.get("/mentors/assign/list.csv").content.decode()
    body = {
        "key": "4b0e7e0a-58d4-4d38-9a55-b0b3a4a2f0a4",
        "ticked": [str(book.pk) for book in books],
        "mentor": str(newcomer.pk),
        "role": "primary",
        "since": "2026-03-01",
    }
    assert desk.post("/mentors/assign/", body).status_code == HTTPStatus.FOUND
    assert "Everybody has a mentor" in text(desk.get("/mentors/assign/"))
    assert "2 apprentices" in text(desk.get("/mentors/"))


@pytest.mark.one_lane("sqlite")
def test_the_lists_take_as_many_queries_for_many_as_for_one(
    terms: Terms, sponsor: Sponsor, mentor: User, apprenticeship: Apprenticeship, desk: Client
) -> None:
    pages = [
        "/mentors/",
        "/mentors/assign/?show=all",
        f"/records/{apprenticeship.pk}/mentors/",
        f"/sponsors/{sponsor.pk}/mentors/{mentor.pk}/",
    ]

    def numbers() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(page).status_code == HTTPStatus.OK
            found.append(len(captured))
        return found

    few = numbers()
    for number in range(8):
        person = make_person(f"P{number} Other", Role.MENTOR, sponsor=sponsor)
        book = make_apprenticeship(make_person(f"A{number}", Role.APPRENTICE, sponsor=sponsor), terms)
        for who in (person, mentor):
            make_mentorship(book, who)
        make_mentorship(apprenticeship, person)
    assert numbers() == few
