"""Taking sign-offs back: an entry each, of two kinds that are never mixed.

"Entered by mistake" is read as never given. "No longer stands" needs a reason, which is sealed. Who may
do which stands in `take_back_rights`. One sign-off is a list of one; several are one act, all or nothing.
"""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act, SealedText
from acts.sealing import can_be_kept, seal_many
from apprenticeship import conversation, standing, take_back_asking
from apprenticeship.announcing import Telling, announce
from apprenticeship.meaning import meaning_of_revocation
from apprenticeship.models import RecordHead, Revocation, RevocationKind, SignOff, SkillStanding
from apprenticeship.record import Draft, append_many, lock_books, skill_in_entry
from apprenticeship.take_back_rights import may_undo, require_taking_back, rights_of
from competencies.models import Skill

LONGEST_REASON = 2000
"""How many characters a reason may have."""


class TakeBackInvalid(Exception):
    """Wrong input: an unknown kind, no reason where one is needed, or nothing chosen. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotStanding(Exception):
    """Some of these sign-offs stand no more: taken back or replaced before. The edge answers 409."""

    def __init__(self, sign_offs: Sequence[SignOff] = ()) -> None:
        super().__init__("not what stands")
        self.sign_offs = list(sign_offs)


class UndoTimeOver(Exception):
    """The time for "entered by mistake" has passed; "no longer stands" is still open. The edge answers 409."""


class TakeBackTimeOver(Exception):
    """The signer's days for "no longer stands" have passed; a coordinator can be asked. The edge answers 409."""


def take_back(*, viewer: Viewer, key: str, sign_off: SignOff, kind: str, reason: str = "") -> Revocation:
    """Take back the live `sign_off`; see `take_back_many`."""
    return take_back_many(viewer=viewer, key=key, sign_offs=[sign_off], kind=kind, reason=reason)[0]


def take_back_many(
    *, viewer: Viewer, key: str, sign_offs: Sequence[SignOff], kind: str, reason: str = ""
) -> list[Revocation]:
    """Take back all the live `sign_offs` or none, for one `reason`; `kind` is a RevocationKind.

    The same `key` with the same request gives the first result again. Raises NotPermitted, NotYours,
    KeyReused, NotYetAccepted, ProofNeeded, TakeBackInvalid, NotStanding, UndoTimeOver,
    TakeBackTimeOver, TooManyEntries; after any of them nothing is stored.
    """
    reason = reason.strip()
    sign_offs = list({sign_off.pk: sign_off for sign_off in sign_offs}.values())
    _fetch_what_is_asked(sign_offs)
    with transaction.atomic():
        for sign_off in sign_offs:
            require_taking_back(viewer, sign_off, kind)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="take_back",
            request=_as_request(sign_offs, kind, reason),
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, (sign_off.apprenticeship.sponsor for sign_off in sign_offs))
        _refuse_wrong_input(sign_offs, kind, reason)
        heads = lock_books(sign_off.apprenticeship_id for sign_off in sign_offs)
        _refuse_wrong_state(viewer, sign_offs, kind)
        made = _write(sign_offs, kind, reason, viewer=viewer, act=begun.act, heads=heads)
        take_back_asking.grant_with(made, viewer=viewer)
        if kind == RevocationKind.MISTAKE:
            for sign_off in sign_offs:
                conversation.reopen_after(sign_off, viewer=viewer, act=begun.act)
        announce(
            Telling.TAKEN_BACK,
            act=begun.act,
            viewer=viewer,
            books=[sign_off.apprenticeship_id for sign_off in sign_offs],
            revocations=[revocation.pk for revocation in made],
        )
        finish_act(begun.act, [revocation.pk for revocation in made])
        return made


def _fetch_what_is_asked(sign_offs: Sequence[SignOff]) -> None:
    """Load what taking back asks of the sign-offs and their finder did not load: one query each, not one a row."""
    prefetch_related_objects(
        sign_offs,
        "entry",
        "skill__skill_set",
        "skill__parent",
        "apprenticeship__sponsor",
        "apprenticeship__terms",
        "apprenticeship__mentorships",
    )


def _as_request(sign_offs: Sequence[SignOff], kind: str, reason: str) -> dict[str, object]:
    """What one key stands for; of one sign-off in the form it always had, because keys may come back late."""
    if len(sign_offs) == 1:
        return {"sign_off": str(sign_offs[0].pk), "kind": kind, "reason": reason}
    return {"sign_offs": [str(sign_off.pk) for sign_off in sign_offs], "kind": kind, "reason": reason}


def _earlier(act: Act) -> list[Revocation]:
    found = Revocation.objects.in_bulk([uuid.UUID(result) for result in act.result_ids])
    return [found[uuid.UUID(result)] for result in act.result_ids]


def _refuse_wrong_input(sign_offs: Sequence[SignOff], kind: str, reason: str) -> None:
    if not sign_offs:
        raise TakeBackInvalid("sign_offs", _("Nothing of this is left to take back."))
    if kind not in RevocationKind.values:
        raise TakeBackInvalid("kind", _("Choose why you take it back."))
    if kind == RevocationKind.NO_LONGER_STANDS and not reason:
        raise TakeBackInvalid("reason", _("Say why it no longer stands; the apprentice will read it."))
    if len(reason) > LONGEST_REASON:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
        raise TakeBackInvalid("reason", too_long)
    if not can_be_kept(reason):
        raise TakeBackInvalid("reason", _("The reason contains signs that cannot be kept. Type it again."))


def _refuse_wrong_state(viewer: Viewer, sign_offs: Sequence[SignOff], kind: str) -> None:
    """The books are locked, so what stands and how late it is stays so."""
    live = set(SkillStanding.objects.filter(sign_off__in=sign_offs).values_list("sign_off", flat=True))
    gone = [sign_off for sign_off in sign_offs if sign_off.pk not in live]
    if gone:
        raise NotStanding(gone)
    if kind == RevocationKind.MISTAKE:
        if not all(may_undo(viewer, sign_off) for sign_off in sign_offs):
            raise UndoTimeOver
    elif not all(rights_of(viewer, sign_off).end for sign_off in sign_offs):
        raise TakeBackTimeOver


def _write(
    sign_offs: Sequence[SignOff],
    kind: str,
    reason: str,
    *,
    viewer: Viewer,
    act: Act,
    heads: Mapping[uuid.UUID, RecordHead],
) -> list[Revocation]:
    texts = [(reason, sign_off.sponsor_id) for sign_off in sign_offs] if reason else []
    seals: list[SealedText | None] = [*seal_many(texts, at=viewer.at)] if texts else [None] * len(sign_offs)
    drafts = [_draft(viewer, line, kind, sealed) for line, sealed in zip(sign_offs, seals, strict=True)]
    entries = append_many(drafts, viewer=viewer, act=act, heads=heads)
    made = Revocation.objects.bulk_create(
        Revocation(entry=entry, sign_off=sign_off, kind=kind, by=viewer.person, reason=sealed)
        for sign_off, entry, sealed in zip(sign_offs, entries, seals, strict=True)
    )
    skills: dict[uuid.UUID, list[Skill]] = {}
    for sign_off in sign_offs:
        skills.setdefault(sign_off.apprenticeship_id, []).append(sign_off.skill)
    for book, fallen in skills.items():
        standing.restate(book, fallen)
    return made


def _draft(viewer: Viewer, sign_off: SignOff, kind: str, sealed: SealedText | None) -> Draft:
    return Draft(
        apprenticeship=sign_off.apprenticeship,
        kind="revocation",
        role=acting_role(viewer, Permission.TAKE_BACK, on=sign_off),
        qualification=sign_off.apprenticeship.qualification_of(viewer),
        body={
            "sign_off": sign_off.entry.sequence,
            "skill": skill_in_entry(sign_off.skill),
            "kind": kind,
            "reason": sealed.digest if sealed else None,
            "meaning": {"language": get_language() or "en", "text": meaning_of_revocation(kind)},
        },
    )
