"""What somebody sees in their turn at a shared device: what waits for them, and whose record they may sign in."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page, signed_in
from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.agreement_sheet import AgreementSheet
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship, SignOff
from apprenticeship.signoff import may_sign
from apprenticeship.take_back_rights import may_undo
from reports.asks import asks_of
from reports.overview import ApprenticeLine, apprentice_lines
from reports.progress import progress_of
from reports.queue import queue_of
from reports.shown import Shown, shown
from reports.signed import Together

LONGEST_UNDO = timedelta(days=1)
"""How far back it is looked for what a sponsor's undo time still covers."""


@signed_in
@at_station(Reach.TURN)
@require_safe
def station_turn(request: HttpRequest) -> HttpResponse:
    """The first page of a turn: the mentor's queue and apprentices at this worksite, and one's own record there."""
    viewer = viewer_of(request)
    if viewer.station is None:
        raise Http404
    here = Apprenticeship.objects.visible_to(viewer).order_by("apprentice__name", "pk")
    mentored = here.mentored_by(viewer).exclude(apprentice=viewer.user_id)
    own = here.filter(apprentice=viewer.user_id)
    context = {
        "queue": queue_of(viewer),
        "lines": apprentice_lines(mentored, at=viewer.at),
        "lately": _lately(viewer),
        "own": [_own(viewer, line) for line in apprentice_lines(own.with_context(), at=viewer.at)],
    }
    return render(request, "stations/turn.html", context)


@dataclass(frozen=True)
class Own:
    """One's own record at this worksite: how far it is, what is asked for, and how many sign-offs need one's OK."""

    line: ApprenticeLine
    asked: int
    needs_ok: int


def _own(viewer: Viewer, line: ApprenticeLine) -> Own:
    asked = asks_of(line.apprenticeship, viewer=viewer)
    return Own(line, len(asked), len(AgreementSheet(viewer, line.apprenticeship).offered))


def _lately(viewer: Viewer) -> list[Together]:
    """What the viewer signed at this worksite and may still undo, act by act, the last one first."""
    made = (
        SignOff.objects.visible_to(viewer)
        .filter(signer=viewer.user_id, standing__isnull=False, entry__recorded_at__gt=viewer.at - LONGEST_UNDO)
        .select_related("entry", "skill", "apprenticeship__sponsor", "apprenticeship__apprentice")
        .prefetch_related("apprenticeship__mentorships")
        .order_by("-entry__recorded_at", "entry__act", "entry__sequence")
    )
    undoable = [one for one in made if may_undo(viewer, one) and permits(viewer, Permission.TAKE_BACK, on=one)]
    return [Together(act, list(group), new_key()) for act, group in groupby(undoable, key=lambda one: one.entry.act_id)]


@page(Permission.READ_RECORD, on=get_apprenticeship)
@at_station(Reach.TURN)
@require_safe
def station_book(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The skills of one apprentice to tick and sign, or to look at in one's own record; nothing else of the record."""
    viewer = viewer_of(request)
    if viewer.station is None:
        return redirect("record", apprenticeship.pk)
    context = {
        "book": apprenticeship,
        "shown": _shown(request, apprenticeship),
        "everything": _wants_everything(request),
        "signs": may_sign(viewer, apprenticeship, ""),
    }
    return render(request, "stations/book.html", context)


def _wants_everything(request: HttpRequest) -> bool:
    """Whether what is signed off already is listed too: it may be signed again at another level."""
    return request.GET.get("show") == "all"


def _shown(request: HttpRequest, apprenticeship: Apprenticeship) -> Shown:
    viewer = viewer_of(request)
    return shown(
        progress_of(apprenticeship, at=viewer.at, asks=asks_of(apprenticeship, viewer=viewer)),
        show="" if _wants_everything(request) else "open",
        query=request.GET.get("q", "").strip(),
        may_sign=lambda track: may_sign(viewer, apprenticeship, track),
        opened=lambda _part: True,
    )
