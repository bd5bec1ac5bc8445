"""Taking a sign-off back: an entry of its own, of two kinds that are never mixed.

"Entered by mistake" is for the signer alone and only for the sponsor's undo time; it is read as
never given. "No longer stands" needs a reason, which is sealed.
"""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, acting_role, require
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import SealedText
from acts.sealing import can_be_kept, seal
from apprenticeship import conversation, standing
from apprenticeship.announcing import Telling, announce
from apprenticeship.meaning import meaning_of_revocation
from apprenticeship.models import Revocation, RevocationKind, SignOff, SkillStanding
from apprenticeship.record import Draft, append_many, lock_books
from apprenticeship.signoff import skill_in_entry

LONGEST_REASON = 2000
"""How many characters a reason may have."""


class TakeBackInvalid(Exception):
    """Wrong input: an unknown kind, or no reason where one is needed. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotStanding(Exception):
    """This sign-off is not the one that stands: taken back or replaced before. The edge answers 409."""


class UndoTimeOver(Exception):
    """The time for "entered by mistake" has passed; "no longer stands" is still open. The edge answers 409."""


def take_back(*, viewer: Viewer, key: str, sign_off: SignOff, kind: str, reason: str = "") -> Revocation:
    """Take back the live `sign_off`; `kind` is a RevocationKind.

    The same `key` with the same request gives the first result again. Raises NotPermitted,
    KeyReused, TakeBackInvalid, NotStanding, UndoTimeOver; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        _require_permission(viewer, sign_off, kind)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="take_back",
            request={"sign_off": str(sign_off.pk), "kind": kind, "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return Revocation.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        _refuse_wrong_input(kind, reason)
        heads = lock_books([sign_off.apprenticeship_id])
        _refuse_wrong_state(viewer, sign_off, kind)
        sealed = seal(reason, sponsor_id=sign_off.sponsor_id, at=viewer.at) if reason else None
        draft = _draft(viewer, sign_off, kind, sealed)
        entry = append_many([draft], viewer=viewer, act=begun.act, heads=heads)[0]
        revocation = Revocation.objects.create(
            entry=entry, sign_off=sign_off, kind=kind, by=viewer.person, reason=sealed
        )
        standing.restate(sign_off.apprenticeship_id, sign_off.skill)
        if kind == RevocationKind.MISTAKE:
            conversation.reopen_after(sign_off, viewer=viewer, act=begun.act)
        announce(
            Telling.TAKEN_BACK,
            act=begun.act,
            viewer=viewer,
            books=[sign_off.apprenticeship_id],
            revocations=[revocation.pk],
        )
        finish_act(begun.act, [revocation.pk])
        return revocation


def undo_time(sign_off: SignOff) -> timedelta:
    """How long after its recording this sign-off may be taken back as a mistake."""
    return timedelta(minutes=sign_off.apprenticeship.sponsor.undo_minutes)


def may_undo(viewer: Viewer, sign_off: SignOff) -> bool:
    """Whether `viewer` signed this and the undo time still runs."""
    return sign_off.signer_id == viewer.user_id and viewer.at < sign_off.entry.recorded_at + undo_time(sign_off)


def _require_permission(viewer: Viewer, sign_off: SignOff, kind: str) -> None:
    require(viewer, Permission.TAKE_BACK, on=sign_off)
    if kind == RevocationKind.MISTAKE and sign_off.signer_id != viewer.user_id:
        # Only the one who pressed the button can say that it was pressed by mistake.
        raise NotPermitted(Permission.TAKE_BACK)


def _refuse_wrong_input(kind: str, reason: str) -> None:
    if kind not in RevocationKind.values:
        raise TakeBackInvalid("kind", _("Choose why you take it back."))
    if kind == RevocationKind.NO_LONGER_STANDS and not reason:
        raise TakeBackInvalid("reason", _("Say why it no longer stands; the apprentice will read it."))
    if len(reason) > LONGEST_REASON:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
        raise TakeBackInvalid("reason", too_long)
    if not can_be_kept(reason):
        raise TakeBackInvalid("reason", _("The reason contains signs that cannot be kept. Type it again."))


def _refuse_wrong_state(viewer: Viewer, sign_off: SignOff, kind: str) -> None:
    if not SkillStanding.objects.filter(sign_off=sign_off).exists():
        raise NotStanding
    if kind == RevocationKind.MISTAKE and not may_undo(viewer, sign_off):
        raise UndoTimeOver


def _draft(viewer: Viewer, sign_off: SignOff, kind: str, sealed: SealedText | None) -> Draft:
    mentorship = sign_off.apprenticeship.mentorship_of(viewer)
    return Draft(
        apprenticeship=sign_off.apprenticeship,
        kind="revocation",
        role=acting_role(viewer, Permission.TAKE_BACK, on=sign_off),
        qualification=mentorship.qualification if mentorship else "",
        body={
            "sign_off": sign_off.entry.sequence,
            "skill": skill_in_entry(sign_off.skill),
            "kind": kind,
            "reason": sealed.digest if sealed else None,
            "meaning": {"language": get_language() or "en", "text": meaning_of_revocation(kind)},
        },
    )
