"""The apprentice's word about signatures in their own book: they agree, or they disagree and say why.

Both are entries. The last word about a sign-off counts; where the sign-off demands the apprentice's OK,
the skill waits until they agree. A disagreement is answered by those who run the program
(`disagreements`). The beats are those of every transition: permission, replay, state, write, record.
"""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import Act, SealedText
from acts.sealing import can_be_kept, seal
from apprenticeship import standing
from apprenticeship.announcing import Telling, announce
from apprenticeship.limits import days_of
from apprenticeship.meaning import meaning_of_agreement
from apprenticeship.models import CounterSignature, SignOff, SkillStanding
from apprenticeship.record import (
    MOST_ENTRIES_IN_ONE_ACT,
    Draft,
    TooManyEntries,
    append_many,
    lock_books,
    skill_in_entry,
)

LONGEST_REASON = 2000
"""How many characters a reason may have."""


class AgreementInvalid(Exception):
    """Wrong input: nothing chosen, or a disagreement without a reason. Nothing was said. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotLive(Exception):
    """Some sign-offs do not stand any more: taken back or signed over. Nothing was said. The edge answers 409."""

    def __init__(self, sign_offs: Sequence[SignOff]) -> None:
        super().__init__("what the apprentice saw does not stand any more")
        self.sign_offs = list(sign_offs)


class AlreadySaid(Exception):
    """The apprentice's last word about some sign-offs is this one already. Nothing was said. The edge answers 409."""

    def __init__(self, words: Sequence[CounterSignature]) -> None:
        super().__init__("this is the apprentice's last word already")
        self.words = list(words)


def agree(*, viewer: Viewer, key: str, sign_offs: Sequence[SignOff]) -> list[CounterSignature]:
    """Let the apprentice agree with all `sign_offs` or none; one entry each, in their order.

    The same `key` with the same sign-offs gives the first result again. Raises NotPermitted, KeyReused, ProofNeeded,
    NotYetAccepted, AgreementInvalid, NotLive, AlreadySaid, TooManyEntries; after any of them nothing is stored.
    """
    if len(sign_offs) > MOST_ENTRIES_IN_ONE_ACT:
        raise TooManyEntries
    return _say(viewer=viewer, key=key, sign_offs=sign_offs, agrees=True, reason="")


def disagree(*, viewer: Viewer, key: str, sign_off: SignOff, reason: str) -> CounterSignature:
    """Let the apprentice disagree with one sign-off; the program answers by a day that the entry names.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, ProofNeeded,
    NotYetAccepted, AgreementInvalid, NotLive, AlreadySaid; after any of them nothing is stored.
    """
    return _say(viewer=viewer, key=key, sign_offs=[sign_off], agrees=False, reason=reason.strip())[0]


def answer_due(viewer: Viewer, sign_off: SignOff) -> date:
    """The sponsor's local date by which a disagreement of today is answered."""
    apprenticeship = sign_off.apprenticeship
    days = days_of(apprenticeship.terms, "answer_disagreement_days")
    return viewer.today(apprenticeship.sponsor) + timedelta(days=days)


def _say(
    *, viewer: Viewer, key: str, sign_offs: Sequence[SignOff], agrees: bool, reason: str
) -> list[CounterSignature]:
    with transaction.atomic():
        for sign_off in sign_offs:
            require(viewer, Permission.AGREE, on=sign_off)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="agree" if agrees else "disagree",
            request={"sign_offs": [str(sign_off.pk) for sign_off in sign_offs], "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return _earlier(begun.act)
        require_proof(viewer, (sign_off.apprenticeship.sponsor for sign_off in sign_offs))
        _refuse_wrong_input(sign_offs, agrees=agrees, reason=reason)
        heads = lock_books(sign_off.apprenticeship_id for sign_off in sign_offs)
        rows = _standing_now(sign_offs)
        _refuse_wrong_state(sign_offs, rows, agrees=agrees)
        sealed = seal(reason, sponsor_id=sign_offs[0].sponsor_id, at=viewer.at) if reason else None
        made = [_word(viewer, sign_off, agrees=agrees, sealed=sealed) for sign_off in sign_offs]
        drafts = [_draft(viewer, word) for word in made]
        for word, entry in zip(made, append_many(drafts, viewer=viewer, act=begun.act, heads=heads), strict=True):
            word.entry = entry
        CounterSignature.objects.bulk_create(made)
        standing.agree_many([(rows[word.sign_off_id], word) for word in made])
        if agrees:
            announce(Telling.AGREED, act=begun.act, viewer=viewer, books=heads)
        else:
            announce(Telling.DISAGREED, act=begun.act, viewer=viewer, books=heads, disagreement=made[0].pk)
        finish_act(begun.act, [word.pk for word in made])
        return made


def _earlier(act: Act) -> list[CounterSignature]:
    ids = [uuid.UUID(result) for result in act.result_ids]
    found = CounterSignature.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def _refuse_wrong_input(sign_offs: Sequence[SignOff], *, agrees: bool, reason: str) -> None:
    if not sign_offs:
        raise AgreementInvalid("sign_offs", _("Choose at least one sign-off."))
    if len({sign_off.pk for sign_off in sign_offs}) < len(sign_offs):
        raise AgreementInvalid("sign_offs", _("A sign-off is in the list twice."))
    if not agrees and not reason:
        raise AgreementInvalid("reason", _("Say why you disagree; your coordinator will read it and answer."))
    if len(reason) > LONGEST_REASON:
        too_long = _("The reason is too long. Keep it to %(most)s characters.") % {"most": LONGEST_REASON}
        raise AgreementInvalid("reason", too_long)
    if not can_be_kept(reason):
        raise AgreementInvalid("reason", _("The reason contains signs that cannot be kept. Type it again."))


def _standing_now(sign_offs: Sequence[SignOff]) -> dict[uuid.UUID, SkillStanding]:
    """By sign-off the row that it stands in; the books are locked, so it stays so."""
    rows = SkillStanding.objects.filter(sign_off__in=sign_offs)
    rows = rows.select_related("sign_off__level", "skill", "counter_signature__answer")
    return {row.sign_off_id: row for row in rows if row.sign_off_id}


def _refuse_wrong_state(sign_offs: Sequence[SignOff], rows: dict[uuid.UUID, SkillStanding], *, agrees: bool) -> None:
    gone = [sign_off for sign_off in sign_offs if sign_off.pk not in rows]
    if gone:
        raise NotLive(gone)
    last = [row.counter_signature for row in rows.values() if row.counter_signature]
    same = [word for word in last if word.agrees is agrees and not hasattr(word, "answer")]
    if same:
        raise AlreadySaid(same)


def _word(viewer: Viewer, sign_off: SignOff, *, agrees: bool, sealed: SealedText | None) -> CounterSignature:
    due = None if agrees else answer_due(viewer, sign_off)
    return CounterSignature(sign_off=sign_off, agrees=agrees, by=viewer.person, reason=sealed, answer_due=due)


def _draft(viewer: Viewer, word: CounterSignature) -> Draft:
    sign_off = word.sign_off
    return Draft(
        apprenticeship=sign_off.apprenticeship,
        kind="counter_signature",
        role=acting_role(viewer, Permission.AGREE, on=sign_off),
        body={
            "sign_off": sign_off.entry.sequence,
            "skill": skill_in_entry(sign_off.skill),
            "level": {
                "code": sign_off.level.code,
                "label": sign_off.level.label,
                "sentence": sign_off.level.sentence,
                "attained": sign_off.level.attained,
            },
            "agrees": word.agrees,
            "reason": word.reason.digest if word.reason else None,
            "answer_due": word.answer_due.isoformat() if word.answer_due else None,
            "meaning": {"language": get_language() or "en", "text": meaning_of_agreement(agrees=word.agrees)},
        },
    )
