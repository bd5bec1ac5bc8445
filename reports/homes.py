"""The first page of each role, and the front page for everybody else."""

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
from apprenticeship.querysets import ApprenticeshipQuerySet
from apprenticeship.work_months import months_to_sign
from reports.agreements import asked_to_sign_again, books_that_wait
from reports.greeting import greeting
from reports.overview import ApprenticeLine, apprentice_lines, named_like
from reports.queue import mentioning, queue_of
from reports.records import show_record
from reports.work import weeks_to_approve

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
    if current is None and _own_books(viewer).exists():
        return redirect("apprentice_home")  # whose roles have ended still reads what they learned
    if current is None:
        return render(request, "reports/no_role.html")
    return redirect(PLACES[Role(current.role)][0].url_name)


def _own_books(viewer: Viewer) -> ApprenticeshipQuerySet:
    return Apprenticeship.objects.visible_to(viewer).filter(apprentice=viewer.user_id)


@page(Permission.SIGN_OFF)
@at_station(instead="station_turn")
@require_safe
def mentor_home(request: HttpRequest) -> HttpResponse:
    """What waits for one's signature; then the apprentices one mentors today and how far each is."""
    viewer, query = viewer_of(request), request.GET.get("q", "").strip()
    people, queue = _people(viewer, query), queue_of(viewer)
    member = current_membership(viewer, request.session)
    context = {
        "greeting": greeting(viewer, member.sponsor) if member else "",
        "queue": mentioning(queue, query),
        "again": asked_to_sign_again(viewer),
        "weeks_to_approve": weeks_to_approve(viewer),
        "months": months_to_sign(_mentored(viewer), viewer=viewer),
        **people,
        "query": query,
        "searchable": query or max(len(people["lines"]), len(queue)) > FEW,
    }
    return render(request, "reports/mentor_home.html", context)


def _mentored(viewer: Viewer) -> ApprenticeshipQuerySet:
    """Whom the viewer mentors today; never themselves."""
    return Apprenticeship.objects.mentored_by(viewer).exclude(apprentice=viewer.user_id)


def _people(viewer: Viewer, query: str) -> dict[str, tuple[ApprenticeLine, ...]]:
    """Whom the viewer mentors, and whose records they may only read; by name, as far as `query` leaves them."""
    mentored = _mentored(viewer)
    viewed = Apprenticeship.objects.only_viewed_by(viewer).exclude(apprentice=viewer.user_id)
    return {
        name: apprentice_lines(named_like(scope, query).order_by("apprentice__name", "pk"), at=viewer.at)
        for name, scope in (("lines", mentored), ("viewed", viewed))
    }


@signed_in
@at_station(instead="station_turn")
@require_safe
def apprentice_home(request: HttpRequest) -> HttpResponse:
    """One's own record; where there are several, the choice among them."""
    viewer = viewer_of(request)
    own = _own_books(viewer).order_by("-starts_on", "pk")
    books = list(own.with_context()[:2])
    if len(books) == 1:
        return show_record(request, books[0])
    context = {"lines": apprentice_lines(own, at=viewer.at), "needs_ok": books_that_wait(viewer)}
    return render(request, "reports/apprentice_home.html", context)
