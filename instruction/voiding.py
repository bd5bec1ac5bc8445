"""Taking class hours back: an entry of its own; the hours stay in the book, marked, and count no more."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act, SealedText
from acts.sealing import can_be_kept, seal_many
from apprenticeship.record import Draft, append_many, lock_books
from instruction.hours import topic_in_entry
from instruction.models import Attendance, AttendanceVoid
from instruction.sums import plain_hours

LONGEST_REASON = 2000
"""How many characters a reason may have."""


class VoidInvalid(Exception):
    """Wrong input: no reason or one that cannot be kept, or nothing chosen. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class AlreadyVoided(Exception):
    """Some of these hours were taken back before: `voids` says by whom and when. The edge answers 409."""

    def __init__(self, voids: Sequence[AttendanceVoid]) -> None:
        super().__init__("; ".join(f"{void.attendance.apprenticeship.apprentice}: {void.by}" for void in voids))
        self.voids = list(voids)


def void_class_hours(
    *, viewer: Viewer, key: str, attendances: Sequence[Attendance], reason: str
) -> list[AttendanceVoid]:
    """Take all `attendances` back or none, for one `reason`; it is sealed once in each book.

    The same `key` with the same request gives the first result again. Raises NotPermitted,
    KeyReused, NotYetAccepted, ProofNeeded, VoidInvalid, AlreadyVoided, TooManyEntries; after any of
    them nothing is stored.
    """
    reason = reason.strip()
    attendances = list({a.pk: a for a in attendances}.values())
    with transaction.atomic():
        for attendance in attendances:
            require(viewer, Permission.RECORD_HOURS, on=attendance)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="void_class_hours",
            request={"attendances": [str(a.pk) for a in attendances], "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, (attendance.apprenticeship.sponsor for attendance in attendances))
        _refuse_wrong_input(attendances, reason)
        lock_books(a.apprenticeship_id for a in attendances)
        _refuse_wrong_state(attendances)
        made = _write(attendances, reason, viewer=viewer, act=begun.act)
        finish_act(begun.act, [void.pk for void in made])
        return made


def _earlier(act: Act) -> list[AttendanceVoid]:
    found = AttendanceVoid.objects.in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _refuse_wrong_input(attendances: Sequence[Attendance], reason: str) -> None:
    if not attendances:
        raise VoidInvalid("attendances", _("Tick the hours to take back."))
    if not reason:
        raise VoidInvalid("reason", _("Say why these hours are taken back; the apprentice will read it."))
    if len(reason) > LONGEST_REASON:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
        raise VoidInvalid("reason", too_long)
    if not can_be_kept(reason):
        raise VoidInvalid("reason", _("The reason contains signs that cannot be kept. Type it again."))


def _refuse_wrong_state(attendances: Sequence[Attendance]) -> None:
    voids = AttendanceVoid.objects.filter(attendance__in=attendances)
    found = list(voids.select_related("by", "entry", "attendance__apprenticeship__apprentice"))
    if found:
        raise AlreadyVoided(found)


def _write(attendances: Sequence[Attendance], reason: str, *, viewer: Viewer, act: Act) -> list[AttendanceVoid]:
    seals = seal_many([(reason, attendance.sponsor_id) for attendance in attendances], at=viewer.at)
    drafts = [
        void_draft(line, sealed, role=acting_role(viewer, Permission.RECORD_HOURS, on=line))
        for line, sealed in zip(attendances, seals, strict=True)
    ]
    entries = append_many(drafts, viewer=viewer, act=act)
    made = [
        AttendanceVoid(entry=entry, attendance=attendance, by=viewer.user, reason=sealed)
        for attendance, entry, sealed in zip(attendances, entries, seals, strict=True)
    ]
    return AttendanceVoid.objects.bulk_create(made)


def void_draft(attendance: Attendance, sealed: SealedText, *, role: str) -> Draft:
    """The entry that takes `attendance` back in `role`, before it stands in the book."""
    held = attendance.class_topic
    return Draft(
        apprenticeship=attendance.apprenticeship,
        kind="class_hours_void",
        role=role,
        body={
            "class_hours": attendance.entry.sequence,
            **topic_in_entry(held.topic),
            "hours": plain_hours(attendance.hours),
            "held_on": held.session.held_on.isoformat(),
            "reason": sealed.digest,
            "meaning": {"language": get_language() or "en", "text": meaning_of_void()},
        },
    )


def meaning_of_void() -> str:
    """What taking class hours back says, in the active language; shown before it is done."""
    return _("These class hours no longer count from today, for the reason I have given.")
