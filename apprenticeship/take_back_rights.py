"""Who may take a sign-off back, in which way and until when: known before anybody types a word.

"Entered by mistake" is for the signer alone, within the sponsor's undo time. "No longer stands" is for
the signer within the days that the program's terms give, and for coordinators and administrators
at any time. A mentor who may not do it asks a coordinator. `docs/decisions/` says why.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.access import NotPermitted, Permission, permits, require
from accounts.viewer import Viewer
from apprenticeship.limits import days_of
from apprenticeship.models import RevocationKind, SignOff, Terms


class NotYours(NotPermitted):
    """A mentor may take back only what they signed themselves; for the rest they ask a coordinator."""

    def __init__(self, sign_off: SignOff) -> None:
        super().__init__(Permission.TAKE_BACK_ANY)
        self.sign_off = sign_off


@dataclass(frozen=True)
class TakeBackRights:
    """What one viewer may do about one sign-off, as far as its age and their roles go.

    `undo`: say that it was a mistake. `end`: say that it no longer stands; `last_day` is the last of the
    sponsor's days for a signer, None where no day ends it or it never began. `ask`: ask a coordinator.
    """

    undo: bool
    end: bool
    ask: bool
    is_signer: bool
    last_day: date | None


def rights_of(viewer: Viewer, sign_off: SignOff) -> TakeBackRights:
    """The rights of `viewer` on this sign-off; load its terms, sponsor, entry and mentors."""
    allowed = permits(viewer, Permission.TAKE_BACK, on=sign_off)
    anybodys = permits(viewer, Permission.TAKE_BACK_ANY, on=sign_off)
    is_signer = sign_off.signer_id == viewer.user_id
    own = allowed and is_signer and viewer.today(sign_off.apprenticeship.sponsor) <= last_day(sign_off)
    return TakeBackRights(
        undo=allowed and may_undo(viewer, sign_off),
        end=anybodys or own,
        ask=allowed and not (anybodys or own),
        is_signer=is_signer,
        last_day=last_day(sign_off) if allowed and is_signer and not anybodys else None,
    )


def undo_time(sign_off: SignOff) -> timedelta:
    """How long after its recording this sign-off may be taken back as a mistake."""
    return timedelta(minutes=sign_off.apprenticeship.sponsor.undo_minutes)


def may_undo(viewer: Viewer, sign_off: SignOff) -> bool:
    """Whether `viewer` signed this and the undo time still runs."""
    return sign_off.signer_id == viewer.user_id and viewer.at < sign_off.entry.recorded_at + undo_time(sign_off)


def last_day(sign_off: SignOff) -> date:
    """The last day, in the sponsor's calendar, on which its signer may say that it no longer stands."""
    book = sign_off.apprenticeship
    return book.sponsor.local_date(sign_off.entry.recorded_at) + timedelta(days=take_back_days(book.terms))


def take_back_days(terms: Terms) -> int:
    """The days of the terms' `signing_limits`; 0 leaves the signer the day of signing alone."""
    return days_of(terms, "take_back_days")


def require_taking_back(viewer: Viewer, sign_off: SignOff, kind: str) -> None:
    """Return when the roles of `viewer` let them take this back as `kind`; raise NotPermitted or NotYours when not.

    Whether there is still time for it is a question of state, asked under the lock.
    """
    require(viewer, Permission.TAKE_BACK, on=sign_off)
    if sign_off.signer_id == viewer.user_id:
        return
    if kind == RevocationKind.MISTAKE:
        # Only the one who pressed the button can say that it was pressed by mistake.
        raise NotPermitted(Permission.TAKE_BACK)
    if not permits(viewer, Permission.TAKE_BACK_ANY, on=sign_off):
        raise NotYours(sign_off)
