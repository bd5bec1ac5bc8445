"""What a shared device reaches: the addresses that say so, and no other, whoever's turn it is."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.checks import every_pattern
from accounts.models import User
from accounts.pages import Reach, reach_of
from apprenticeship.models import Apprenticeship, Worksite
from tests.access.test_matrix import DOORS, knock, world
from tests.cast import asked
from tests.stations.devices import device_at, unlock
from tests.stations.standing import with_pin

__all__ = ["world"]  # the fixture

ALLOWED = {
    Reach.ALWAYS: {"station_home", "station_forget", "choose_language"},
    Reach.LOCKED: {"station_unlock", "station_lock"},
    Reach.TURN: {
        "station_turn",
        "station_book",
        "station_here",
        "station_lock",
        "sign_off",
        "sign_many",
        "sign_off_request",
        "sign_request",
        "ask",
        "send_back",
        "agree",
        "disagree",
        "undo_all",
        "evidence_file",
        "evidence_thumbnail",
        "evidence_draft_thumbnail",
    },
}


def test_the_addresses_that_say_so_are_these() -> None:
    found = {
        when: {str(pattern.name) for _, pattern in every_pattern() if when in reach_of(pattern.callback).when}
        for when in Reach
    }
    assert found == ALLOWED


@pytest.mark.parametrize("state", [Reach.LOCKED, Reach.TURN])
def test_every_other_address_leads_back(
    world: object, state: Reach, apprenticeship: Apprenticeship, worksite: Worksite, administrator: User, mentor: User
) -> None:
    with_pin(mentor)
    device = device_at(worksite, administrator)
    allowed = ALLOWED[Reach.ALWAYS] | ALLOWED[state]
    wrong = []
    for name in sorted(set(DOORS) - allowed):
        if state is Reach.TURN and "_auth_user_id" not in device.session:
            unlock(device, mentor)
        for method in ("GET", "POST"):
            answer = knock(device, reverse(name, kwargs=dict(DOORS[name].parts(world))), method)
            if answer.status_code != 302 or not answer.headers["Location"].startswith("/station/"):
                wrong.append((method, name, answer.status_code))
    assert wrong == []


def test_a_turn_goes_on_when_a_link_led_nowhere(
    apprenticeship: Apprenticeship, worksite: Worksite, administrator: User, mentor: User
) -> None:
    with_pin(mentor)
    device = device_at(worksite, administrator)
    unlock(device, mentor)
    leads = {
        "/": "turn/",
        "/profile/": "",
        reverse("record", args=[apprenticeship.pk]): f"records/{apprenticeship.pk}/",
    }
    assert {at: device.get(at).headers["Location"] for at in leads} == {
        at: f"/station/{to}" for at, to in leads.items()
    }
    assert device.get("/station/").headers["Location"] == "/station/turn/"


def test_the_api_does_not_answer_a_shared_device(worksite: Worksite, administrator: User) -> None:
    device: Client = device_at(worksite, administrator)
    answer = device.get("/api/v1/apprenticeships/", headers={"Authorization": "Bearer jb_x"})
    assert answer.headers["Location"] == "/station/"


def test_a_request_offers_there_only_what_can_be_done_there(
    apprenticeship: Apprenticeship, apprentice: User, worksite: Worksite, administrator: User
) -> None:
    (row,) = asked(apprenticeship)
    with_pin(apprentice)
    device = device_at(worksite, administrator)
    unlock(device, apprentice)
    page = device.get(reverse("sign_off_request", args=[row.request_id])).content.decode()
    assert "What you asked for" in page
    assert not [offer for offer in ("Withdraw", "Add evidence", "Remind them") if offer in page]
