"""What was signed in one act, for the one who signed it: each signature with its Undo."""

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import signed_in
from accounts.proving import Proving
from accounts.templatetags.look import full
from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.models import Method, RevocationKind, SignOff
from apprenticeship.take_back_rights import may_undo
from reports.progress import Signature, signature_of
from reports.queue import queue_of


@dataclass(frozen=True)
class SignedLine:
    """One signature of the act, whether the viewer may undo it while it stands (by `key`), and what became of it."""

    sign_off: SignOff
    may_undo: bool
    key: str

    @property
    def undone(self) -> bool:
        """Whether it was entered by mistake, and is read as never given."""
        revocation = getattr(self.sign_off, "revocation", None)
        return revocation is not None and revocation.kind == RevocationKind.MISTAKE

    @property
    def stands(self) -> bool:
        """Whether it is the one that stands: not taken back, and nothing was signed over it."""
        return getattr(self.sign_off, "standing", None) is not None


@dataclass(frozen=True)
class Said:
    """What the signatures of the act say: the signer and the moment of all of them, each meaning once."""

    signature: Signature
    recorded: str
    meanings: tuple[tuple[str, str], ...]


def said_by(lines: list[SignedLine]) -> Said | None:
    """From the entries' bytes; None where the first of them cannot be read."""
    told = [signature for line in lines if (signature := signature_of(line.sign_off))]
    if not told:
        return None
    recorded = full(told[0].at.astimezone(ZoneInfo(told[0].zone)))
    return Said(told[0], recorded, tuple(dict.fromkeys((one.meaning_language, one.meaning) for one in told)))


@dataclass(frozen=True)
class Together:
    """What the viewer signed in one act and may still undo, all of it together by `key`."""

    act: uuid.UUID
    undoable: list[SignOff]
    key: str


@signed_in
@require_safe
def signed_together(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The signatures of one act of the viewer's own; for everybody else it is not there."""
    viewer = viewer_of(request)
    lines = _lines(viewer, pk)
    if not lines:
        raise Http404
    context = {
        "lines": lines,
        "said": said_by(lines),
        "together": _together(request, pk, lines),
        **_about(lines),
        "standing": sum(line.stands for line in lines),
        "next": next(iter(queue_of(viewer)), None),
    }
    return render(request, "reports/signed_together.html", context)


def _about(lines: list[SignedLine]) -> dict[str, object]:
    """The one book or the one skill that all lines are about, and whether all of them grant credit."""
    books = {line.sign_off.apprenticeship_id: line.sign_off.apprenticeship for line in lines}
    skills = {line.sign_off.skill_id: line.sign_off.skill for line in lines}
    return {
        "book": next(iter(books.values())) if len(books) == 1 else None,
        "skill": next(iter(skills.values())) if len(books) > 1 and len(skills) == 1 else None,
        "by_credit": all(line.sign_off.method == Method.CREDIT for line in lines),
    }


def just_together(request: HttpRequest, named: str) -> Together | None:
    """The act that an address names, if it is the viewer's own and at least two of its signatures can be undone."""
    try:
        act = uuid.UUID(named)
    except ValueError:
        return None
    together = _together(request, act, _lines(viewer_of(request), act))
    return together if len(together.undoable) > 1 else None


def _together(request: HttpRequest, act: uuid.UUID, lines: list[SignedLine]) -> Together:
    undoable = [line.sign_off for line in lines if line.may_undo and line.stands]
    Proving(request, (sign_off.apprenticeship.sponsor for sign_off in undoable))
    return Together(act, undoable, new_key())


def _lines(viewer: Viewer, act: uuid.UUID) -> list[SignedLine]:
    made = (
        SignOff.objects.visible_to(viewer)
        .filter(entry__act=act, signer=viewer.user_id)
        .select_related(
            "entry",
            "level",
            "skill__skill_set",
            "standing",
            "revocation",
            "apprenticeship__sponsor",
            "apprenticeship__apprentice",
        )
        .prefetch_related("apprenticeship__mentorships")
        .order_by("apprenticeship__apprentice__name", "apprenticeship", "skill__skill_set__order", "skill__order")
    )
    return [SignedLine(sign_off, _undoable(viewer, sign_off), new_key()) for sign_off in made]


def _undoable(viewer: Viewer, sign_off: SignOff) -> bool:
    return may_undo(viewer, sign_off) and permits(viewer, Permission.TAKE_BACK, on=sign_off)
