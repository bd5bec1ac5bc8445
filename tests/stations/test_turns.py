"""A turn at a shared device: begun by one's own PIN, good for one act, over after a minute without a request."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, SignatureAcceptance, SigningPolicy, Sponsor, User
from acts.models import Act, AuditEvent
from apprenticeship.models import (
    Apprenticeship,
    CounterSignature,
    RequestedSkill,
    Revocation,
    SignOff,
    Station,
    Worksite,
)
from apprenticeship.stations import revoke_station
from tests.agreements import demands_ok
from tests.cast import NOW, TODAY, level_of, make_apprenticeship, make_terms, signed, skill_of, viewer_for
from tests.evidence.files import PDF, uploaded
from tests.record.forging import remove
from tests.stations.devices import device_at, is_locked, unlock
from tests.stations.standing import PIN, with_pin

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def at_ten_in_the_morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def device(apprenticeship: Apprenticeship, worksite: Worksite, administrator: User, mentor: User) -> Client:
    """The tablet of the clean room; Maria and Rosa have set their PINs."""
    with_pin(mentor)
    with_pin(apprenticeship.apprentice, "902413")
    return device_at(worksite, administrator)


def sheet(apprenticeship: Apprenticeship, code: str = "1.1") -> str:
    return reverse("sign_off", args=[apprenticeship.pk, skill_of(apprenticeship, code).pk])


def signs(device: Client, apprenticeship: Apprenticeship, code: str = "1.1") -> Any:
    """Sign at the threshold, as the sheet sends it."""
    form = device.get(sheet(apprenticeship, code)).context["form"]
    chosen = {"level": level_of(skill_of(apprenticeship, code)).pk, "method": "observed", "day": TODAY.isoformat()}
    return device.post(sheet(apprenticeship, code), {"key": form["key"].value(), "replaces": "", **chosen})


def test_the_tiles_show_who_can_sign_there_and_has_a_pin(device: Client, deputy: User, coordinator: User) -> None:
    with_pin(deputy)
    page = device.get("/station/")
    assert [(str(one.person), one.signs, one.learns) for one in page.context["people"]] == [
        ("Dev Patel", True, False),
        ("Maria Alvarez", True, False),
        ("Rosa Diaz", False, True),
    ]
    Membership.objects.filter(user=deputy).update(until=TODAY)
    assert "Dev Patel" not in [str(one.person) for one in device.get("/station/").context["people"]]


def test_one_pin_is_one_act_and_then_nobody_is_signed_in(
    device: Client, apprenticeship: Apprenticeship, mentor: User
) -> None:
    assert unlock(device, mentor).headers["Location"] == "/station/turn/"
    turn = device.get("/station/turn/")
    assert "Maria Alvarez" in turn.content.decode()
    answer = signs(device, apprenticeship)
    act = Act.objects.get(kind="sign_off")
    assert answer.headers["Location"] == f"/station/?done={act.pk}"
    assert SignOff.objects.get().entry.act.station_id == Station.objects.get().pk
    assert is_locked(device)
    assert "Maria Alvarez signed 1 skill" in device.get(answer.headers["Location"]).content.decode()
    assert not device.session.keys()


def test_what_is_refused_keeps_the_turn(device: Client, apprenticeship: Apprenticeship, mentor: User) -> None:
    unlock(device, mentor)
    assert device.post(sheet(apprenticeship), {"key": "x"}).status_code == 400
    assert not is_locked(device)
    assert signs(device, apprenticeship).status_code == 302


def test_a_second_form_of_the_same_turn_signs_nothing(
    device: Client, apprenticeship: Apprenticeship, mentor: User
) -> None:
    unlock(device, mentor)
    stolen = device.cookies[settings.SESSION_COOKIE_NAME].value
    signs(device, apprenticeship)
    device.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert device.post(sheet(apprenticeship, "1.2"), {}).headers["Location"] == "/station/?ended=idle"
    assert SignOff.objects.count() == 1


def test_a_minute_without_a_request_ends_it_whatever_the_browser_does(
    device: Client, apprenticeship: Apprenticeship, mentor: User
) -> None:
    unlock(device, mentor)
    with time_machine.travel(NOW + 59 * SECOND, tick=False):
        assert not is_locked(device)
    with time_machine.travel(NOW + 118 * SECOND, tick=False):
        assert device.post("/station/here/").status_code == 204
    with time_machine.travel(NOW + 178 * SECOND, tick=False):
        assert device.post(sheet(apprenticeship), {}).headers["Location"] == "/station/?ended=idle"
        assert is_locked(device)
        assert "60 seconds" in device.get("/station/?ended=idle").content.decode()


def test_the_wrong_pin_opens_nothing_and_says_how_long_to_wait(device: Client, mentor: User) -> None:
    for _try in range(3):
        page = unlock(device, mentor, "830257")
    assert page.status_code == 400
    text = page.content.decode()  # type: ignore[attr-defined]  # a page, not a file
    assert "This is not the PIN of Maria." in text
    assert "in 30 seconds" in text
    assert "works all the same" in text
    assert "830257" not in text
    assert unlock(device, mentor).status_code == 400
    assert is_locked(device)
    with time_machine.travel(NOW + 30 * SECOND, tick=False):
        assert unlock(device, mentor).status_code == 302


def test_many_wrong_tries_on_one_device_slow_the_device(device: Client, mentor: User, apprentice: User) -> None:
    for _try in range(20):
        unlock(device, mentor, "830257")
    assert "Too many wrong tries" in unlock(device, apprentice, "902413").content.decode()  # type: ignore[attr-defined]  # a page
    assert is_locked(device)


def test_nobody_opens_a_turn_with_the_pin_of_somebody_else(device: Client, mentor: User, apprentice: User) -> None:
    assert unlock(device, apprentice, PIN).status_code == 400
    assert unlock(device, mentor, "902413").status_code == 400
    assert is_locked(device)


def test_who_is_not_on_the_tiles_has_no_keypad(
    device: Client, deputy: User, administrator: User, outsider: User
) -> None:
    assert [unlock(device, person).status_code for person in (deputy, administrator, outsider)] == [404] * 3


def test_a_turn_reaches_no_book_of_another_worksite_and_not_ones_own_as_a_mentor(
    device: Client, apprenticeship: Apprenticeship, mentor: User, sponsor: Any, standard_version: Any
) -> None:
    terms = make_terms(sponsor, standard_version, "Second program")
    own = make_apprenticeship(mentor, terms)
    elsewhere = make_apprenticeship(mentor, make_terms(sponsor, standard_version, "Third program"))
    Apprenticeship.objects.filter(pk=elsewhere.pk).update(worksite=None)
    unlock(device, mentor)
    assert device.get(sheet(own)).status_code == 403
    assert device.get(sheet(elsewhere)).status_code == 404


def test_an_apprentice_asks_with_their_own_pin_and_is_signed_out(
    device: Client, apprenticeship: Apprenticeship
) -> None:
    unlock(device, apprenticeship.apprentice, "902413")
    assert device.get(sheet(apprenticeship)).status_code == 403
    address = f"{reverse('ask', args=[apprenticeship.pk])}?skill={skill_of(apprenticeship, '1.1').pk}"
    form = device.get(address).context["form"]
    sent = {"key": form["key"].value(), "skills": skill_of(apprenticeship, "1.1").pk, "day": TODAY.isoformat()}
    answer = device.post(address, sent)
    assert RequestedSkill.objects.count() == 1
    assert "asked for 1 sign-off" in device.get(answer.headers["Location"]).content.decode()
    assert is_locked(device)


def test_a_revoked_station_says_so_and_can_do_nothing(
    device: Client, apprenticeship: Apprenticeship, mentor: User, administrator: User
) -> None:
    unlock(device, mentor)
    revoke_station(viewer=viewer_for(administrator), key="k", station=Station.objects.get())
    assert device.post(sheet(apprenticeship), {}).status_code == 302
    assert "This station was revoked" in device.get("/station/").content.decode()
    assert unlock(device, mentor).headers["Location"] == "/station/?ended=idle"
    assert device.get("/accounts/login/").headers["Location"] == "/station/"
    assert not SignOff.objects.exists()
    assert device.post("/station/forget/").status_code == 302
    assert device.get("/accounts/login/").status_code == 200


def test_the_session_of_a_turn_is_worth_nothing_without_the_device(
    device: Client, apprenticeship: Apprenticeship, mentor: User
) -> None:
    unlock(device, mentor)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = device.cookies[settings.SESSION_COOKIE_NAME].value
    assert thief.get(sheet(apprenticeship)).headers["Location"].startswith("/accounts/login/")


def test_a_session_of_ones_own_is_none_on_a_station(device: Client, mentor: User) -> None:
    device.force_login(mentor, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert is_locked(device)
    assert "_auth_user_id" not in device.session


def test_each_turn_is_traced(device: Client, mentor: User) -> None:
    unlock(device, mentor)
    event = AuditEvent.objects.get(kind="station_turn")
    assert (event.actor_id, event.subject) == (mentor.pk, f"station:{Station.objects.get().pk}")
    assert device.post("/station/lock/").headers["Location"] == "/station/"
    assert is_locked(device)


def test_a_slip_is_undone_there_with_the_pin_again(
    device: Client, apprenticeship: Apprenticeship, mentor: User
) -> None:
    unlock(device, mentor)
    signs(device, apprenticeship)
    unlock(device, mentor)
    (together,) = device.get("/station/turn/").context["lately"]
    sent = {"key": together.key, "sign_off": [made.pk for made in together.undoable]}
    answer = device.post(reverse("undo_all", args=[together.act]), sent)
    assert "Maria Alvarez undid 1 signature" in device.get(answer.headers["Location"]).content.decode()
    assert Revocation.objects.get().entry.act.station_id == Station.objects.get().pk
    assert is_locked(device)


@pytest.mark.parametrize("policy", SigningPolicy.values)
def test_whatever_the_policy_the_pin_is_the_proof(
    device: Client, apprenticeship: Apprenticeship, mentor: User, policy: str
) -> None:
    Sponsor.objects.update(signing_policy=policy)
    unlock(device, mentor)
    assert "password" not in device.get(sheet(apprenticeship)).content.decode()
    signs(device, apprenticeship)
    assert SignOff.objects.get().entry.act.authentication == "pin"


def test_who_has_not_accepted_what_a_signature_means_signs_nothing(
    device: Client, apprenticeship: Apprenticeship, mentor: User
) -> None:
    remove(SignatureAcceptance.objects.filter(person=mentor))
    unlock(device, mentor)
    assert device.get(sheet(apprenticeship)).status_code == 403
    assert not is_locked(device)


def test_an_apprentice_confirms_with_their_own_pin(
    device: Client, apprenticeship: Apprenticeship, mentor: User
) -> None:
    demands_ok(apprenticeship, "1.1")
    signed(apprenticeship, mentor)
    unlock(device, apprenticeship.apprentice, "902413")
    assert device.get("/station/turn/").context["own"][0].needs_ok == 1
    address = reverse("agree", args=[apprenticeship.pk])
    form = device.get(address).context["form"]
    sent = {"key": form["key"].value(), "sign_off": [one.sign_off.pk for one in form.sheet.offered]}
    answer = device.post(address, sent)
    word = CounterSignature.objects.select_related("entry__act").get()
    assert (word.agrees, word.entry.act.authentication) == (True, "pin")
    assert json.loads(word.entry.canonical)["act"]["station"]["name"] == "Lab tablet"
    assert "Rosa Diaz agreed with 1 sign-off" in device.get(answer.headers["Location"]).content.decode()
    assert is_locked(device)


def test_photos_are_shown_there_and_nothing_is_downloaded(
    device: Client, apprenticeship: Apprenticeship, mentor: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    files = [uploaded(apprenticeship, mentor), uploaded(apprenticeship, mentor, PDF, name="log.pdf")]
    signed(apprenticeship, mentor, evidence=tuple(row.pk for row in files))
    unlock(device, mentor)
    photo, paper = (device.get(reverse("evidence_file", args=[row.pk])) for row in files)
    assert (photo.status_code, photo["Content-Disposition"].split(";")[0]) == (200, "inline")
    assert photo.getvalue().startswith(b"\xff\xd8")
    assert (paper.status_code, "Not on a shared device" in paper.content.decode()) == (403, True)
