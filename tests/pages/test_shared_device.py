"""On a tablet that many people use: what is left of a visit when somebody has gone, and the way back in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from apprenticeship.models import Apprenticeship

At = Callable[[User], Client]


@pytest.mark.parametrize("address", ["/profile/", "/glossary/", "/nowhere/"])
def test_no_page_of_somebody_logged_in_is_kept_by_a_cache(at: At, mentor: User, address: str) -> None:
    assert at(mentor).get(address).headers["Cache-Control"] == "private, no-store"


def test_a_record_is_not_kept_by_a_cache(at: At, mentor: User, apprenticeship: Apprenticeship) -> None:
    page = at(mentor).get(reverse("record", args=[apprenticeship.pk]))
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-store")


def test_who_is_logged_out_is_led_back_to_the_page_they_asked_for(client: Client) -> None:
    assert client.get("/profile/?a=1").headers["Location"] == "/accounts/login/?next=/profile/%3Fa%3D1"


def test_a_form_sent_after_logging_out_leads_back_to_the_page_it_was_on(client: Client) -> None:
    sent = client.post("/role/", headers={"Referer": "http://testserver/profile/?a=1"})
    assert sent.headers["Location"] == "/accounts/login/?next=/profile/%3Fa%3D1"


@pytest.mark.parametrize("elsewhere", ["", "https://elsewhere.example/profile/", "//elsewhere.example", "javascript:1"])
def test_the_way_back_never_leaves_the_site(client: Client, elsewhere: str) -> None:
    sent = client.post("/role/", headers={"Referer": elsewhere})
    assert sent.headers["Location"] == "/accounts/login/?next=/"


def test_the_login_is_never_put_into_a_row(client: Client, apprenticeship: Apprenticeship) -> None:
    record = reverse("record", args=[apprenticeship.pk])
    row = reverse("record_row", args=[apprenticeship.pk, apprenticeship.pk])
    answer = client.get(row, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{record}"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["HX-Redirect"] == f"/accounts/login/?next={record}"
