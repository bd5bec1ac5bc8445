"""A mentor asks a coordinator to take a sign-off back; the coordinator takes it back or declines, saying why.

Asking is conversation: no entry. Granting is the taking back itself (`takingback`), in one act.
"""

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Permission, require
from accounts.models import Membership, Role
from accounts.viewer import Viewer
from acts.acting import begin_act, finish_act
from acts.sealing import can_be_kept
from apprenticeship.announcing import Telling, announce
from apprenticeship.models import Apprenticeship, Revocation, SignOff, SkillStanding, TakeBackRequest, TakeBackState
from apprenticeship.record import lock_books
from apprenticeship.take_back_rights import rights_of

LONGEST_WORDS = 2000
"""How many characters a reason for asking, or an answer, may have."""


class TakeBackAskInvalid(Exception):
    """Wrong input: no words, too many, or some that cannot be kept. Nothing was stored. The edge answers 400."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class CannotBeTakenBack(Exception):
    """There is nothing to ask: it stands no more, or one may take it back oneself. The edge answers 409."""


class AlreadyAsked(Exception):
    """Somebody asked this before and waits for the answer: `asked`. The edge answers 409."""

    def __init__(self, asked: TakeBackRequest | None) -> None:
        super().__init__("asked before")
        self.asked = asked


class NotWaiting(Exception):
    """The asking was answered meanwhile. The edge answers 409."""


def ask_take_back(*, viewer: Viewer, key: str, sign_off: SignOff, reason: str) -> TakeBackRequest:
    """Ask a coordinator to take the live `sign_off` back, saying why.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    TakeBackAskInvalid, CannotBeTakenBack, AlreadyAsked; after any of them nothing is stored.
    """
    reason = reason.strip()
    with transaction.atomic():
        require(viewer, Permission.TAKE_BACK, on=sign_off)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="ask_take_back",
            request={"sign_off": str(sign_off.pk), "reason": reason},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return TakeBackRequest.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        _refuse_words("reason", reason, _("Say why it should no longer stand; the coordinator will read it."))
        lock_books([sign_off.apprenticeship_id])
        if not rights_of(viewer, sign_off).ask or not SkillStanding.objects.filter(sign_off=sign_off).exists():
            raise CannotBeTakenBack
        waiting = TakeBackRequest.objects.filter(sign_off=sign_off, state=TakeBackState.OPEN)
        if asked := waiting.select_related("asked_by").first():
            raise AlreadyAsked(asked)
        try:
            with transaction.atomic():
                made = TakeBackRequest.objects.create(
                    apprenticeship=sign_off.apprenticeship,
                    sign_off=sign_off,
                    asked_by=viewer.person,
                    asked_at=viewer.at,
                    reason=reason,
                    act=begun.act,
                )
        except IntegrityError as error:  # only a writer that did not lock the book can get here
            raise AlreadyAsked(waiting.first()) from error
        books = [sign_off.apprenticeship_id]
        announce(Telling.TAKE_BACK_WANTED, act=begun.act, viewer=viewer, books=books, sign_offs=[sign_off.pk])
        finish_act(begun.act, [made.pk])
        return made


def decline_take_back(*, viewer: Viewer, key: str, asked: TakeBackRequest, answer: str) -> TakeBackRequest:
    """Leave the sign-off as it is and say why; the mentor who asked reads it.

    The same `key` with the same request gives the first result again. Raises NotPermitted, KeyReused,
    TakeBackAskInvalid, NotWaiting; after any of them nothing is stored.
    """
    answer = answer.strip()
    with transaction.atomic():
        require(viewer, Permission.TAKE_BACK_ANY, on=asked)
        begun = begin_act(
            actor_id=viewer.user_id,
            key=key,
            kind="decline_take_back",
            request={"asked": str(asked.pk), "answer": answer},
            at=viewer.at,
            authentication=viewer.authentication,
        )
        if begun.is_replay:
            return TakeBackRequest.objects.get(pk=uuid.UUID(begun.act.result_ids[0]))
        _refuse_words("answer", answer, _("Say why it stays as it is; the mentor will read it."))
        lock_books([asked.apprenticeship_id])
        now = TakeBackRequest.objects.get(pk=asked.pk)
        if not now.is_open:
            raise NotWaiting
        now.state, now.answer = TakeBackState.DECLINED, answer
        now.ended_at, now.ended_by = viewer.at, viewer.person
        now.save(update_fields=["state", "answer", "ended_at", "ended_by"])
        books = [now.apprenticeship_id]
        announce(
            Telling.TAKE_BACK_DECLINED,
            act=begun.act,
            viewer=viewer,
            books=books,
            sign_offs=[now.sign_off_id],
            people=[now.asked_by_id],
        )
        finish_act(begun.act, [now.pk])
        return now


def coordinators_of(book: Apprenticeship, *, viewer: Viewer) -> tuple[str, ...]:
    """The names of those who can be asked today: the sponsor's coordinators, without the apprentice."""
    today = viewer.today(book.sponsor)
    held = Membership.objects.filter(sponsor=book.sponsor_id, role=Role.COORDINATOR, user__is_active=True)
    held = held.filter(Q(until=None) | Q(until__gt=today), since__lte=today).exclude(user=book.apprentice_id)
    return tuple(held.order_by("user__name").values_list("user__name", flat=True).distinct())


def grant_with(revocations: Sequence[Revocation], *, viewer: Viewer) -> None:
    """Let what was taken back answer whoever asked for it; the books are locked. One query where nobody asked."""
    by_sign_off = {revocation.sign_off_id: revocation for revocation in revocations}
    asked = list(TakeBackRequest.objects.filter(sign_off__in=by_sign_off, state=TakeBackState.OPEN))
    for row in asked:
        row.state, row.revocation = TakeBackState.GRANTED, by_sign_off[row.sign_off_id]
        row.ended_at, row.ended_by = viewer.at, viewer.person
    if asked:
        TakeBackRequest.objects.bulk_update(asked, ["state", "revocation", "ended_at", "ended_by"])


def _refuse_words(field: str, words: str, missing: str) -> None:
    if not words:
        raise TakeBackAskInvalid(field, missing)
    if len(words) > LONGEST_WORDS:
        too_long = _("This is too long. Keep it to %(most)s characters.") % {"most": LONGEST_WORDS}
        raise TakeBackAskInvalid(field, too_long)
    if not can_be_kept(words):
        raise TakeBackAskInvalid(field, _("This contains signs that cannot be kept. Type it again."))
