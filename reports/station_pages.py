"""What somebody sees in their turn at a shared device: what waits for them, and whose record they may sign in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page, signed_in
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship
from apprenticeship.signoff import may_sign
from reports.asks import asks_of
from reports.overview import apprentice_lines
from reports.progress import progress_of
from reports.queue import queue_of
from reports.shown import Shown, shown


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
        "own": [(line, asks_of(line.apprenticeship, viewer=viewer)) for line in apprentice_lines(own, at=viewer.at)],
    }
    return render(request, "stations/turn.html", context)


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
