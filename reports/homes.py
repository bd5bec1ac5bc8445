"""The first page of each role, and the front page for everybody else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.models import Role
from accounts.navigation import PLACES, current_membership
from accounts.pages import at_station, page, public, signed_in
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship
from reports.agreements import asked_to_sign_again
from reports.greeting import greeting
from reports.overview import apprentice_lines, named_like
from reports.queue import queue_of
from reports.records import show_record

FEW = 8
"""So many apprentices are seen at once; more get a search."""


@public
@at_station(instead="station_turn")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the first page of one's role; says what Journeybook is to anybody else."""
    viewer = viewer_of(request)
    if viewer.is_anonymous:
        return render(request, "reports/front.html")
    current = current_membership(viewer, request.session)
    if current is None:
        return render(request, "reports/no_role.html")
    return redirect(PLACES[Role(current.role)][0].url_name)


@page(Permission.SIGN_OFF)
@at_station(instead="station_turn")
@require_safe
def mentor_home(request: HttpRequest) -> HttpResponse:
    """What waits for one's signature; then the apprentices one mentors today and how far each is."""
    viewer = viewer_of(request)
    query = request.GET.get("q", "").strip()
    mentored = Apprenticeship.objects.mentored_by(viewer).exclude(apprentice=viewer.user_id)
    lines = apprentice_lines(named_like(mentored, query).order_by("apprentice__name", "pk"), at=viewer.at)
    viewed = named_like(Apprenticeship.objects.only_viewed_by(viewer).exclude(apprentice=viewer.user_id), query)
    member = current_membership(viewer, request.session)
    context = {
        "greeting": greeting(viewer, member.sponsor) if member else "",
        **_needs_the_mentor(viewer),
        "lines": lines,
        "viewed": apprentice_lines(viewed.order_by("apprentice__name", "pk"), at=viewer.at),
        "query": query,
        "searchable": query or len(lines) > FEW,
    }
    return render(request, "reports/mentor_home.html", context)


def _needs_the_mentor(viewer: Viewer) -> dict[str, Any]:
    """What waits for a mentor: what was asked of them, and what they are to judge and sign again."""
    return {"queue": queue_of(viewer), "again": asked_to_sign_again(viewer)}


@signed_in
@at_station(instead="station_turn")
@require_safe
def apprentice_home(request: HttpRequest) -> HttpResponse:
    """One's own record; where there are several, the choice among them."""
    viewer = viewer_of(request)
    own = Apprenticeship.objects.visible_to(viewer).filter(apprentice=viewer.user_id).order_by("-starts_on", "pk")
    books = list(own.with_context()[:2])
    if len(books) == 1:
        return show_record(request, books[0])
    return render(request, "reports/apprentice_home.html", {"lines": apprentice_lines(own, at=viewer.at)})
