"""What asking, answering and signing do to the same rows: a conversation about one skill, turn by turn.

Everybody who changes a RequestedSkill does it here or in `asking` and `answering`, inside a transaction
that holds the lock of the book's head, so that a request is never answered and withdrawn at once.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from accounts.viewer import Viewer
from acts.models import Act
from acts.statements import Ready
from apprenticeship.models import AskState, RequestedSkill, RequestEvent, RequestEventKind, SignOff

LONGEST_COMMENT = 2000
"""How many characters a comment of an apprentice or a mentor may have."""


UNDER_WAY = Ready(
    lambda book, skills: RequestedSkill.objects.under_way().filter(apprenticeship=book, skill__in=skills),
    "book",
    "skills",
)


class NotUnderWay(Exception):
    """What was asked is no longer in the state that the actor saw: answered, withdrawn, sent back. 409.

    `asked` are the rows as they are now.
    """

    def __init__(self, asked: Sequence[RequestedSkill]) -> None:
        super().__init__("what was asked is not in the state that the actor saw")
        self.asked = list(asked)


def turn(
    asked: RequestedSkill,
    kind: RequestEventKind,
    *,
    viewer: Viewer,
    act: Act,
    comment: str = "",
    done_on: date | None = None,
) -> RequestEvent:
    """One turn of the conversation, not yet stored."""
    return RequestEvent(
        requested_skill=asked,
        kind=kind,
        by=viewer.person,
        at=viewer.at,
        comment=comment,
        done_on=done_on,
        act=act,
    )


def as_they_are(asked: Iterable[uuid.UUID]) -> list[RequestedSkill]:
    """The rows of these ids as they stand under the lock, in the order asked for."""
    ids = list(asked)
    found = RequestedSkill.objects.select_related("skill__skill_set", "apprenticeship").in_bulk(ids)
    return [found[pk] for pk in ids]


def end(asked: Sequence[RequestedSkill], state: AskState, *, viewer: Viewer) -> None:
    """Set the end on the rows in memory: its state, when and by whom."""
    for row in asked:
        row.state, row.ended_at, row.ended_by = state, viewer.at, viewer.person


def answer_with(sign_offs: Sequence[SignOff], *, viewer: Viewer, act: Act) -> None:
    """Let new sign-offs answer whatever is under way about the same skills; the books are locked.

    It counts as the answer whether the signer came from the request or not, and also where the
    skill had been sent back. One query where nobody asked.
    """
    asked = _under_way(sign_offs)
    if not asked:
        return
    by_pair = {(s.apprenticeship_id, s.skill_id): s for s in sign_offs}
    end(asked, AskState.ANSWERED, viewer=viewer)
    for row in asked:
        row.sign_off = by_pair[row.apprenticeship_id, row.skill_id]
    RequestedSkill.objects.bulk_update(asked, ["state", "sign_off", "ended_at", "ended_by"])
    RequestEvent.objects.bulk_create([turn(row, RequestEventKind.ANSWERED, viewer=viewer, act=act) for row in asked])


def _under_way(sign_offs: Sequence[SignOff]) -> list[RequestedSkill]:
    """What is under way about the skills of these sign-offs; one query."""
    books: dict[uuid.UUID, list[uuid.UUID]] = {}
    for sign_off in sign_offs:
        books.setdefault(sign_off.apprenticeship_id, []).append(sign_off.skill_id)
    if len(books) == 1:
        ((book, skills),) = books.items()
        return UNDER_WAY(book=book, skills=skills)
    pairs = Q(pk__in=[])
    for book, skills in books.items():
        pairs |= Q(apprenticeship=book, skill__in=skills)
    return list(RequestedSkill.objects.under_way().filter(pairs))


def reopen_after(mistake: SignOff, *, viewer: Viewer, act: Act) -> None:
    """Let what was answered by a mistake wait again as before; the book is locked.

    Where the apprentice has asked anew since then, that asking goes on and the old one stays ended.
    """
    row = RequestedSkill.objects.filter(sign_off=mistake).first()
    if row is None:
        return
    others = RequestedSkill.objects.under_way().filter(apprenticeship=row.apprenticeship_id, skill=row.skill_id)
    if others.exists():
        return
    before = RequestEvent.objects.filter(
        requested_skill=row, kind__in=[RequestEventKind.ASKED, RequestEventKind.ASKED_AGAIN, RequestEventKind.SENT_BACK]
    )
    last = before.order_by("-id").values_list("kind", flat=True).first()
    row.state = AskState.SENT_BACK if last == RequestEventKind.SENT_BACK else AskState.OPEN
    row.sign_off = row.ended_at = row.ended_by = None
    row.save(update_fields=["state", "sign_off", "ended_at", "ended_by"])
    turn(row, RequestEventKind.REOPENED, viewer=viewer, act=act).save()
