"""Taking approved hours on the job back: an entry of its own; the day may be logged anew."""

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
from apprenticeship.announcing import Telling, announce
from apprenticeship.models import WorkHours, WorkHoursVoid
from apprenticeship.plain_hours import plain_hours
from apprenticeship.record import Draft, append_many, lock_books
from apprenticeship.verification import set_in_entry
from apprenticeship.work_review import LONGEST_WORDS


class WorkVoidInvalid(Exception):
    """Wrong input: nothing chosen, no reason, or one that cannot be kept. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class WorkAlreadyVoided(Exception):
    """Some of these hours were taken back before; nothing was changed. The edge answers 409."""


def void_work(*, viewer: Viewer, key: str, hours: Sequence[WorkHours], reason: str) -> list[WorkHoursVoid]:
    """Take all of `hours` back or none, for one `reason`, sealed once in each entry.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    NotYetAccepted, ProofNeeded, WorkVoidInvalid, WorkAlreadyVoided, TooManyEntries; after any of them nothing is
    stored.
    """
    reason = reason.strip()
    hours = list({row.pk: row for row in hours}.values())
    with transaction.atomic():
        for row in hours:
            require(viewer, Permission.VOID_WORK, on=row)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="void_work",
            request={"hours": [str(row.pk) for row in hours], "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, (row.apprenticeship.sponsor for row in hours))
        _refuse_wrong_input(hours, reason)
        heads = lock_books(row.apprenticeship_id for row in hours)
        if WorkHoursVoid.objects.filter(work_hours__in=hours).exists():
            raise WorkAlreadyVoided
        seals = seal_many([(reason, row.sponsor_id) for row in hours], at=viewer.at)
        drafts = [_draft(viewer, row, sealed) for row, sealed in zip(hours, seals, strict=True)]
        entries = append_many(drafts, viewer=viewer, act=begun.act, heads=heads)
        made = WorkHoursVoid.objects.bulk_create(
            WorkHoursVoid(entry=entry, work_hours=row, by=viewer.person, reason=sealed)
            for row, entry, sealed in zip(hours, entries, seals, strict=True)
        )
        announce(Telling.WORK_VOIDED, act=begun.act, viewer=viewer, books=heads, voided=[row.pk for row in hours])
        finish_act(begun.act, [void.pk for void in made])
        return made


def _earlier(act: Act) -> list[WorkHoursVoid]:
    found = WorkHoursVoid.objects.in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _refuse_wrong_input(hours: Sequence[WorkHours], reason: str) -> None:
    if not hours:
        raise WorkVoidInvalid("hours", _("Tick the hours to take back."))
    if not reason:
        raise WorkVoidInvalid("reason", _("Say why these hours are taken back; the apprentice will read it."))
    if len(reason) > LONGEST_WORDS:
        raise WorkVoidInvalid("reason", _("Use at most %(most)s characters.") % {"most": LONGEST_WORDS})
    if not can_be_kept(reason):
        raise WorkVoidInvalid("reason", _("This contains signs that cannot be kept. Type it again."))


def _draft(viewer: Viewer, row: WorkHours, sealed: SealedText) -> Draft:
    return Draft(
        apprenticeship=row.apprenticeship,
        kind="work_hours_void",
        role=acting_role(viewer, Permission.VOID_WORK, on=row),
        body={
            "work_hours": row.entry.sequence,
            "worked_on": row.worked_on.isoformat(),
            "skill_set": set_in_entry(row.skill_set),
            "hours": plain_hours(row.hours),
            "reason": sealed.digest,
            "meaning": {"language": get_language() or "en", "text": meaning_of_work_void()},
        },
    )


def meaning_of_work_void() -> str:
    """What taking hours back says, in the active language; shown before it is done."""
    return _("These hours on the job no longer count from today, for the reason I have given.")
