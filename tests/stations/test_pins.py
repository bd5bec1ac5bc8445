"""The signing PIN: its owner's alone, not trivial, and slow to guess."""

import uuid
from datetime import datetime, timedelta
from functools import partial

import pytest

from accounts.access import NotPermitted
from accounts.models import SigningPin, User
from accounts.pins import (
    FREE_TRIES,
    LONGEST_WAIT,
    NoPin,
    PinInvalid,
    PinLocked,
    PinWrong,
    is_trivial,
    prove_pin,
    set_pin,
    wait_after,
)
from accounts.viewer import build_viewer
from acts.models import AuditEvent, Authentication
from apprenticeship.models import Station
from tests.at_once import at_once
from tests.cast import NOW, viewer_for
from tests.stations.standing import PIN, standing_at, with_pin

WRONG = "830257"


def tries(person: User, pin: str, at: datetime = NOW) -> None:
    prove_pin(user_id=person.pk, pin=pin, at=at, sponsor_id=uuid.uuid4(), station_id=uuid.uuid4())


def fails(person: User, at: datetime = NOW) -> datetime | None:
    with pytest.raises(PinWrong) as refusal:
        tries(person, WRONG, at)
    return refusal.value.locked_until


def test_what_is_kept_is_a_hash_and_the_trace_tells_no_digit(mentor: User) -> None:
    row = with_pin(mentor)
    tries(mentor, PIN)
    assert PIN not in row.hash
    assert [(event.kind, event.actor_id, event.data) for event in AuditEvent.objects.all()] == [
        ("pin_set", mentor.pk, {})
    ]


@pytest.mark.parametrize("pin", ["27491", "2749168301234", "27491a", "２７４９１６", "", "27 4916", "-27491"])
def test_a_pin_is_six_to_twelve_plain_digits(mentor: User, pin: str) -> None:
    with pytest.raises(PinInvalid):
        with_pin(mentor, pin)
    assert not SigningPin.objects.exists()


@pytest.mark.parametrize(
    "pin", ["111111", "123456", "654321", "012345", "890123", "121212", "123123", "112233", "474774", "1357913579"]
)
def test_what_anybody_tries_first_is_refused(mentor: User, pin: str) -> None:
    assert is_trivial(pin)
    with pytest.raises(PinInvalid):
        with_pin(mentor, pin)


@pytest.mark.parametrize("pin", [PIN, WRONG, "135791", "902413"])
def test_other_digits_are_fine(pin: str) -> None:
    assert not is_trivial(pin)


def test_only_who_signs_sets_one_and_neither_a_token_nor_a_shared_device_may(
    mentor: User, auditor: User, station: Station
) -> None:
    token = build_viewer(mentor, at=NOW, authentication=Authentication.TOKEN, allowed=())
    for viewer in (viewer_for(auditor), viewer_for(None), token, standing_at(station, mentor)):
        with pytest.raises(NotPermitted):
            set_pin(viewer=viewer, pin=PIN)


def test_a_changed_pin_is_traced_and_the_old_one_is_wrong(mentor: User) -> None:
    with_pin(mentor)
    with_pin(mentor, WRONG)
    tries(mentor, WRONG)
    with pytest.raises(PinWrong):
        tries(mentor, PIN)
    assert list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "pin_set",
        "pin_changed",
        "pin_wrong",
    ]


def test_who_has_none_is_told_so(mentor: User) -> None:
    with pytest.raises(NoPin):
        tries(mentor, PIN)


def test_each_wrong_try_after_the_third_waits_twice_as_long(mentor: User) -> None:
    with_pin(mentor)
    assert [fails(mentor) for _try in range(FREE_TRIES)] == [None, None, NOW + timedelta(seconds=30)]
    with pytest.raises(PinLocked) as locked:
        tries(mentor, PIN)
    assert locked.value.until == NOW + timedelta(seconds=30)
    later = NOW + timedelta(seconds=30)
    assert fails(mentor, later) == later + timedelta(minutes=1)
    assert [wait_after(n) for n in (5, 8, 10, 500)] == [
        timedelta(minutes=2),
        timedelta(minutes=16),
        *[LONGEST_WAIT] * 2,
    ]
    assert AuditEvent.objects.filter(kind="pin_wrong").count() == 4


def test_the_right_pin_and_a_new_one_begin_the_count_anew(mentor: User) -> None:
    with_pin(mentor)
    for _try in range(FREE_TRIES):
        fails(mentor)
    tries(mentor, PIN, NOW + timedelta(seconds=30))
    assert fails(mentor) is None
    for _try in range(2):
        fails(mentor)
    with_pin(mentor, WRONG)
    tries(mentor, WRONG)


@pytest.mark.django_db(transaction=True)
def test_wrong_tries_at_once_on_two_devices_count_both(mentor: User) -> None:
    with_pin(mentor)
    outcomes = at_once([partial(tries, mentor, WRONG)] * 2)
    assert [type(outcome) for outcome in outcomes] == [PinWrong, PinWrong]
    assert SigningPin.objects.get().failures == 2
    assert AuditEvent.objects.filter(kind="pin_wrong").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_salvo_of_tries_gets_no_more_looks_than_the_count_allows(mentor: User) -> None:
    with_pin(mentor)
    outcomes = at_once([partial(tries, mentor, WRONG)] * 6)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PinLocked"] * 3 + ["PinWrong"] * 3
