"""Answering an apprentice's disagreement: whose matter it is, and the answer as an entry.

Whoever answers did not sign what is disagreed with. The answer changes nothing of what counts; to take
the signature back is an act of its own (`takingback`), and so is signing again.
"""

import uuid

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import NotPermitted, Permission, acting_role, permits, require
from accounts.proofs import require_proof
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.models import SealedText
from acts.sealing import can_be_kept, seal
from apprenticeship.announcing import Telling, announce
from apprenticeship.meaning import meaning_of_answer
from apprenticeship.models import AnswerOutcome, CounterSignature, DisagreementAnswer
from apprenticeship.record import Draft, append_many, lock_books, skill_in_entry

LONGEST_WORDS = 2000
"""How many characters the words to the apprentice may have."""


class AnswerInvalid(Exception):
    """Wrong input: no outcome, or no words to the apprentice. Nothing was answered. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotOpen(Exception):
    """This disagreement needs no answer any more: answered, withdrawn, or its sign-off is gone. 409."""


class SignedByOneself(NotPermitted):
    """Who signed what is disagreed with does not answer for it."""

    def __init__(self) -> None:
        super().__init__(Permission.ANSWER_DISAGREEMENT)


def answer_disagreement(
    *, viewer: Viewer, key: str, disagreement: CounterSignature, outcome: str, words: str
) -> DisagreementAnswer:
    """Answer one open disagreement; `outcome` is an AnswerOutcome, `words` are read by the apprentice.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused, ProofNeeded,
    NotYetAccepted, AnswerInvalid, NotOpen; after any of them nothing is stored.
    """
    words = words.strip()
    with transaction.atomic():
        require_answering(viewer, disagreement)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="answer_disagreement",
            request={"disagreement": str(disagreement.pk), "outcome": outcome, "words": words},
            at=viewer.at,
            authentication=viewer.authentication,
            station=viewer.station,
        )
        if begun.is_replay:
            return DisagreementAnswer.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        require_proof(viewer, [disagreement.sign_off.apprenticeship.sponsor])
        _refuse_wrong_input(outcome, words)
        heads = lock_books([disagreement.sign_off.apprenticeship_id])
        if not CounterSignature.objects.open().filter(pk=disagreement.pk).exists():
            raise NotOpen
        sealed = seal(words, sponsor_id=disagreement.sponsor_id, at=viewer.at)
        draft = _draft(viewer, disagreement, outcome, sealed)
        entry = append_many([draft], viewer=viewer, act=begun.act, heads=heads)[0]
        made = DisagreementAnswer.objects.create(
            entry=entry, disagreement=disagreement, outcome=outcome, by=viewer.person, words=sealed
        )
        announce(Telling.DISAGREEMENT_ANSWERED, act=begun.act, viewer=viewer, books=heads, answer=made.pk)
        finish_act(begun.act, [made.pk])
        return made


def require_answering(viewer: Viewer, disagreement: CounterSignature) -> None:
    """Return when `viewer` may answer this disagreement; raise NotPermitted when not."""
    require(viewer, Permission.ANSWER_DISAGREEMENT, on=disagreement)
    if disagreement.sign_off.signer_id == viewer.user_id:
        raise SignedByOneself


def may_answer(viewer: Viewer, disagreement: CounterSignature) -> bool:
    """Whether a page offers `viewer` to answer this disagreement."""
    allowed = permits(viewer, Permission.ANSWER_DISAGREEMENT, on=disagreement)
    return allowed and disagreement.sign_off.signer_id != viewer.user_id


def _refuse_wrong_input(outcome: str, words: str) -> None:
    if outcome not in AnswerOutcome.values:
        raise AnswerInvalid("outcome", _("Choose what comes of it."))
    if not words:
        raise AnswerInvalid("words", _("Say it in your own words; the apprentice will read them."))
    if len(words) > LONGEST_WORDS:
        too_long = _("The answer is too long. Keep it to %(most)s characters.") % {"most": LONGEST_WORDS}
        raise AnswerInvalid("words", too_long)
    if not can_be_kept(words):
        raise AnswerInvalid("words", _("The answer contains signs that cannot be kept. Type it again."))


def _draft(viewer: Viewer, disagreement: CounterSignature, outcome: str, words: SealedText) -> Draft:
    sign_off = disagreement.sign_off
    return Draft(
        apprenticeship=sign_off.apprenticeship,
        kind="disagreement_answer",
        role=acting_role(viewer, Permission.ANSWER_DISAGREEMENT, on=disagreement),
        body={
            "disagreement": disagreement.entry.sequence,
            "sign_off": sign_off.entry.sequence,
            "skill": skill_in_entry(sign_off.skill),
            "outcome": outcome,
            "words": words.digest,
            "meaning": {"language": get_language() or "en", "text": meaning_of_answer(outcome)},
        },
    )
