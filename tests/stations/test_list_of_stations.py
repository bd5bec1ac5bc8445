"""The administrator's page: which devices there are, making this one a station, renaming and revoking."""

from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Sponsor, User
from apprenticeship.models import Employer, Station, Worksite
from apprenticeship.stations import station_of
from tests.cast import NOW


@pytest.fixture
def admin(administrator: User) -> Any:
    client = Client()
    client.force_login(administrator, backend=settings.AUTHENTICATION_BACKENDS[0])
    with time_machine.travel(NOW, tick=False):
        yield client


def key_of(page: Any) -> str:
    return str(page.context["form"]["key"].value())


def test_registering_makes_the_browser_a_station_and_ends_the_session(admin: Client, worksite: Worksite) -> None:
    sent = {"key": key_of(admin.get("/stations/")), "worksite": worksite.pk, "name": "Lab tablet"}
    answer = admin.post("/stations/register/", sent)
    cookie = admin.cookies[settings.STATION_COOKIE_NAME]
    assert answer.headers["Location"] == "/station/"
    assert station_of(cookie.value) == Station.objects.get(name="Lab tablet")
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert "_auth_user_id" not in admin.session
    assert admin.get("/stations/").headers["Location"] == "/station/"
    assert "Whose turn is it?" in admin.get("/station/").content.decode()


@pytest.mark.parametrize(("field", "wrong"), [("name", ""), ("name", "Lab tablet"), ("worksite", ""), ("key", "")])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    admin: Client, worksite: Worksite, station: Station, field: str, wrong: str
) -> None:
    sent = {"key": key_of(admin.get("/stations/")), "worksite": worksite.pk, "name": "Door tablet", field: wrong}
    answer = admin.post("/stations/register/", sent)
    assert (answer.status_code, Station.objects.count()) == (400, 1)
    assert field in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == sent["name"]
    assert settings.STATION_COOKIE_NAME not in answer.cookies


def test_a_worksite_of_another_sponsor_is_none(admin: Client, worksite: Worksite, other_sponsor: Sponsor) -> None:
    employer = Employer.objects.create(sponsor=other_sponsor, name="Lakeside")
    elsewhere = Worksite.objects.create(employer=employer, name="Counter")
    page = admin.get("/stations/")
    assert "Counter" not in page.content.decode()
    sent = {"key": key_of(page), "worksite": elsewhere.pk, "name": "Mine"}
    assert admin.post("/stations/register/", sent).status_code == 400


def test_renaming_and_revoking(admin: Client, worksite: Worksite, station: Station) -> None:
    rename, revoke = reverse("rename_station", args=[station.pk]), reverse("revoke_station", args=[station.pk])
    assert admin.post(rename, {"key": "a", "name": ""}).status_code == 400
    admin.post(rename, {"key": "b", "name": "Bench tablet"})
    assert Station.objects.get().name == "Bench tablet"
    page = admin.post(revoke, {"key": "c"}, follow=True).content.decode()
    assert "“Bench tablet” can do nothing any more" in page
    assert Station.objects.get().is_revoked
    assert "It had been revoked before." in admin.post(revoke, {"key": "d"}, follow=True).content.decode()
    assert "keeps its name" in admin.post(rename, {"key": "e", "name": "Again"}, follow=True).content.decode()
    assert admin.post(revoke, {}).status_code == 400


def test_the_set_up_page_of_an_administrator_leads_there(admin: Client, mentor: User) -> None:
    assert 'href="/stations/"' in admin.get("/sponsor/").content.decode()
    admin.force_login(mentor, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert admin.get("/sponsor/").status_code == 403
    assert 'href="/sponsor/"' not in admin.get("/profile/").content.decode()
