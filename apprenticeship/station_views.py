"""The pages of a shared device itself: the tiles, the keypad, and leaving."""

import uuid
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth import logout
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, public
from accounts.pins import NoPin, PinLocked, PinWrong, prove_pin
from accounts.throttling import spend
from acts.models import Act
from apprenticeship.models import Station
from apprenticeship.station_forms import PinForm, waiting_words
from apprenticeship.station_sessions import begin_turn, device_of, keep_cookie
from apprenticeship.stations import AtWork, people_of

MANY = 12
"""So many names are seen at once; more get a search."""
DONE_IS_TOLD = timedelta(minutes=2)
TRIES_A_MINUTE = 20
"""Of all people together at one device: nobody goes through the whole shift with one guess for each."""


@public
@at_station(Reach.ALWAYS)
@require_safe
def station_home(request: HttpRequest) -> HttpResponse:
    """The people of the worksite as tiles; what was just done there, and by whom."""
    device = device_of(request)
    if device is None:
        return render(request, "stations/none.html", status=HTTPStatus.NOT_FOUND)
    if device.is_revoked:
        return render(request, "stations/revoked.html", {"station": device})
    if viewer_of(request).station:
        return redirect("station_turn")
    response = render(request, "stations/tiles.html", _tiles(request, device))
    Station.objects.used(device, at=viewer_of(request).at)
    keep_cookie(response, request.COOKIES[settings.STATION_COOKIE_NAME])
    return response


def _tiles(request: HttpRequest, device: Station) -> dict[str, object]:
    people = people_of(device, today=viewer_of(request).today(device.sponsor))
    query = request.GET.get("q", "").strip()
    words = query.casefold().split()
    return {
        "station": device,
        "people": [one for one in people if all(word in one.person.name.casefold() for word in words)],
        "searchable": len(people) > MANY,
        "query": query,
        "done": _just_done(request, device),
        "ended": request.GET.get("ended") == "idle",
    }


def _just_done(request: HttpRequest, device: Station) -> Act | None:
    """The act that `?done=` names, if it was done on this device a moment ago, with how many entries it wrote."""
    try:
        named = uuid.UUID(request.GET.get("done", ""))
    except ValueError:
        return None
    fresh = viewer_of(request).at - DONE_IS_TOLD
    done = Act.objects.filter(pk=named, station_id=device.pk, at__gte=fresh).annotate(written=Count("entries"))
    return done.select_related("actor").first()


@public
@at_station(Reach.LOCKED)
@require_http_methods(["GET", "HEAD", "POST"])
def station_unlock(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The keypad of the person who tapped their name; POST with the right PIN begins their turn."""
    device, person = _at_work(request, pk)
    form = PinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_right(request, device, person, form):
        begin_turn(request, device, person.person, at=viewer_of(request).at)
        return redirect("station_turn")
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "stations/unlock.html", {"station": device, "who": person, "form": form}, status=status)


def _at_work(request: HttpRequest, pk: uuid.UUID) -> tuple[Station, AtWork]:
    device = device_of(request)
    if device is None:
        raise Http404
    at_work = people_of(device, today=viewer_of(request).today(device.sponsor))
    person = next((one for one in at_work if one.person.pk == pk), None)
    if person is None:
        raise Http404
    return device, person


def _is_right(request: HttpRequest, device: Station, who: AtWork, form: PinForm) -> bool:
    """Whether the PIN is that of the person; if not, the form says why and how long the next try waits."""
    at = viewer_of(request).at
    wait = spend(f"station:{device.pk}", at=at, limit=TRIES_A_MINUTE)
    if wait:
        form.refuse(waiting_words(wait))
        return False
    try:
        prove_pin(
            user_id=who.person.pk,
            pin=form.cleaned_data["pin"],
            at=at,
            sponsor_id=device.sponsor_id,
            station_id=device.pk,
        )
    except PinWrong as wrong:
        name = who.person.get_short_name()
        told = _("This is not the PIN of %(name)s.") % {"name": name}
        form.refuse(f"{told} {waiting_words(wrong.locked_until - at)}" if wrong.locked_until else told)
    except PinLocked as locked:
        form.refuse(waiting_words(locked.until - at))
    except NoPin:
        raise Http404 from None
    else:
        return True
    return False


@public
@at_station(Reach.TURN)
@require_POST
def station_here(request: HttpRequest) -> HttpResponse:
    """Somebody is still touching the screen: the middleware has noted it already."""
    if viewer_of(request).station is None:
        raise Http404
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@public
@at_station(Reach.LOCKED, Reach.TURN)
@require_POST
def station_lock(request: HttpRequest) -> HttpResponse:
    """End one's turn without an act."""
    if device_of(request) is None:
        raise Http404
    logout(request)
    response = redirect("station_home")
    response.delete_cookie("messages")  # what was still to be said was for them alone
    return response


@public
@at_station(Reach.ALWAYS)
@require_POST
def station_forget(request: HttpRequest) -> HttpResponse:
    """Make a revoked device an ordinary browser again."""
    device = device_of(request)
    if device is None or not device.is_revoked:
        raise Http404
    response = redirect("home")
    response.delete_cookie(settings.STATION_COOKIE_NAME, samesite="Lax")
    return response
