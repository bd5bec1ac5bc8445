"""The PIN with which a person signs on a shared device: six digits or more, set by its owner alone.

So few digits are soon guessed, so a wrong try costs time: after the third the next one has to wait, and
each wrong one after it doubles the wait. The count stands in the database and a try is counted before it
is looked at, so that tries on two devices at the same instant count as two.
"""

import re
import uuid
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, permits
from accounts.models import SigningPin
from accounts.viewer import Viewer
from acts.auditing import note_event

SHORTEST, LONGEST = 6, 12
FREE_TRIES = 3
"""So many wrong tries cost no waiting."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


class PinInvalid(Exception):
    """Wrong input for a new PIN: not six to twelve digits, or one that anybody guesses first. The edge answers 400."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PinWrong(Exception):
    """This is not the person's PIN; `locked_until` says when the next try is looked at, None for at once."""

    def __init__(self, locked_until: datetime | None) -> None:
        super().__init__("not the person's PIN")
        self.locked_until = locked_until


class PinLocked(Exception):
    """Too many wrong tries: none is looked at before `until`. Logging in with the password works all the same."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many wrong tries")
        self.until = until


class NoPin(Exception):
    """The person has not set a PIN: they log in on a device of their own and set one."""


def set_pin(*, viewer: Viewer, pin: str) -> SigningPin:
    """Make `pin` the one that `viewer` signs with on shared devices; wrong tries of the former one are forgotten.

    The caller has asked for the password in the same request. Saying the same thing twice changes nothing,
    so no key is asked for, and none could be kept beside so short a secret. Raises NotPermitted, PinInvalid.
    """
    if not any(permits(viewer, Permission.SET_PIN, on=sponsor) for sponsor in viewer.sponsors):
        raise NotPermitted(Permission.SET_PIN)
    _refuse_wrong_input(pin)
    with transaction.atomic():
        row, is_new = SigningPin.objects.update_or_create(
            user=viewer.person,
            defaults={"hash": make_password(pin), "set_at": viewer.at, "failures": 0, "locked_until": None},
        )
        kind = "pin_set" if is_new else "pin_changed"
        note_event(kind, at=viewer.at, actor_id=viewer.user_id, subject=f"user:{viewer.user_id}")
    return row


def prove_pin(*, user_id: uuid.UUID, pin: str, at: datetime, sponsor_id: uuid.UUID, station_id: uuid.UUID) -> None:
    """Return when `pin` is that of the person; raise NoPin, PinLocked or PinWrong when not.

    The hash is computed outside the transaction that counts: it takes a quarter of a second on purpose.
    """
    row = _count_a_try(user_id, at)
    if check_password(pin, row.hash):
        # Only if nobody set another PIN meanwhile; tries of other devices that are still being looked at start afresh.
        SigningPin.objects.filter(pk=user_id, hash=row.hash).update(failures=0, locked_until=None)
        return
    note_event(
        "pin_wrong",
        at=at,
        sponsor_id=sponsor_id,
        subject=f"user:{user_id}",
        data={"station": str(station_id), "failures": row.failures},
    )
    raise PinWrong(row.locked_until)


def wait_after(failures: int) -> timedelta:
    """How long the next try waits after so many wrong ones in a row."""
    if failures < FREE_TRIES:
        return timedelta(0)
    doubled: timedelta = FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 20)
    return min(doubled, LONGEST_WAIT)


def is_trivial(pin: str) -> bool:
    """Whether anybody would guess `pin` first: one or two different digits, a run up or down, a part repeated."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    parts = (pin[:size] for size in range(1, len(pin) // 2 + 1))
    repeated = any(part * (len(pin) // len(part)) == pin for part in parts)
    doubled = pin[::2] == pin[1::2] and is_trivial(pin[::2])
    return len(set(pin)) <= 2 or steps in ({1}, {9}) or repeated or doubled


def _refuse_wrong_input(pin: str) -> None:
    if not re.fullmatch(f"[0-9]{{{SHORTEST},{LONGEST}}}", pin):
        bounds = {"shortest": SHORTEST, "longest": LONGEST}
        raise PinInvalid(_("A PIN has %(shortest)s to %(longest)s digits and nothing else.") % bounds)
    if is_trivial(pin):
        raise PinInvalid(_("Anybody would try this one first. Choose digits that don’t repeat or count up or down."))


def _count_a_try(user_id: uuid.UUID, at: datetime) -> SigningPin:
    """Count one try as wrong until it turns out right; the row is locked, so no two take the same place."""
    with transaction.atomic():
        row = SigningPin.objects.select_for_update().filter(pk=user_id).first()
        if row is None:
            raise NoPin
        if row.locked_until and at < row.locked_until:
            raise PinLocked(row.locked_until)
        row.failures += 1
        wait = wait_after(row.failures)
        row.locked_until = at + wait if wait else None
        row.save(update_fields=["failures", "locked_until"])
        return row
