"""Taking one entry of this layer back, whatever it says: an entry of its own, with a sealed reason.

The entry stays in the book and on the pages, marked, and counts no more. Class hours have a void of their own,
because a whole class is taken back in one act.
"""

import uuid

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.sealing import can_be_kept, seal
from apprenticeship.models import Apprenticeship, RecordEntry
from apprenticeship.record import Draft, append_many, lock_books
from instruction.models import InstructionVoid

LONGEST_REASON = 2000
VOIDED_BY = {
    "certificate": Permission.CONFIRM_CERTIFICATE,
    "other_hours": Permission.RECORD_HOURS,
    "topic_waiver": Permission.RECORD_HOURS,
    "topic_test": Permission.RECORD_HOURS,
    "topic_sign_off": Permission.RECORD_HOURS,
}
"""The kinds of entry that can be taken back here, each with the permission it takes."""


class VoidRefused(Exception):
    """Wrong input: no reason, one that cannot be kept, or an entry of another kind. The edge answers 400."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EntryAlreadyVoided(Exception):
    """It was taken back before: `void` says by whom and when. The edge answers 409."""

    def __init__(self, void: InstructionVoid) -> None:
        super().__init__(f"taken back by {void.by_id}")
        self.void = void


def void_entry(*, viewer: Viewer, key: str, entry: RecordEntry, reason: str) -> InstructionVoid:
    """Take what `entry` says back for a `reason`, which is sealed.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, VoidRefused and EntryAlreadyVoided; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        book = Apprenticeship.objects.with_context().get(pk=entry.apprenticeship_id)
        permission = permission_to_void(entry)
        require(viewer, permission, on=book)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="void_entry",
            request={"entry": str(entry.pk), "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return InstructionVoid.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [book.sponsor])
        refuse_reason(reason)
        heads = lock_books([book.pk])
        before = InstructionVoid.objects.filter(voided=entry).select_related("by", "entry").first()
        if before:
            raise EntryAlreadyVoided(before)
        sealed = seal(reason, sponsor_id=book.sponsor_id, at=viewer.at)
        body = {
            "entry": entry.sequence,
            "kind": entry.kind,
            "reason": sealed.digest,
            "meaning": {"language": get_language() or "en", "text": meaning_of_entry_void()},
        }
        draft = Draft(book, "instruction_void", body, role=acting_role(viewer, permission, on=book))
        (written,) = append_many([draft], viewer=viewer, act=begun.act, heads=heads)
        made = InstructionVoid.objects.create(entry=written, voided=entry, by=viewer.person, reason=sealed)
        finish_act(begun.act, [made.pk])
        return made


def permission_to_void(entry: RecordEntry) -> Permission:
    """What it takes to take `entry` back. Raises VoidRefused for a kind that is not taken back here."""
    if entry.kind not in VOIDED_BY:
        raise VoidRefused(_("This entry is not taken back here."))
    return VOIDED_BY[entry.kind]


def refuse_reason(reason: str) -> None:
    """Raise VoidRefused for a reason that says nothing, or cannot be kept."""
    if not reason:
        raise VoidRefused(_("Say why this is taken back; the apprentice will read it."))
    if len(reason) > LONGEST_REASON:
        raise VoidRefused(_("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON})
    if not can_be_kept(reason):
        raise VoidRefused(_("The reason contains signs that cannot be kept. Type it again."))


def meaning_of_entry_void() -> str:
    """What taking an entry back says, in the active language; shown before it is done."""
    return _("What this entry says no longer counts from today, for the reason I have given.")
