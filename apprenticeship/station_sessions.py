"""The edge of a shared device: whose turn it is there, for how long, and which addresses it reaches.

A browser that holds a station's cookie is that station and nothing else: it reaches only views that say so
(`at_station` of accounts/pages.py), whoever is signed in there. A turn begins with a PIN, is good for one
act and is over after 60 seconds without a request, judged by the server's clock alone.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.addresses import by_htmx
from accounts.models import User
from accounts.pages import Reach, reach_of
from acts.acting import AtStation, TurnSpent, act_of_turn
from acts.auditing import note_event
from apprenticeship.models import Station
from apprenticeship.stations import StationRevoked, station_of

TURN = "station_turn"
"""The session's key: which station, which turn, since when, last seen; instants in seconds since 1970."""

IDLE = timedelta(seconds=60)
COOKIE_LASTS = timedelta(days=400)
"""As long as browsers keep any cookie; each visit of the tiles makes it last so long again."""


class StationMiddleware:
    """Knows the device by its cookie, ends turns that are over, and keeps the device to its own addresses.

    Stands before ViewerMiddleware, which builds the viewer from the turn that is found here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        device = station_of(request.COOKIES.get(settings.STATION_COOKIE_NAME, ""))
        turn = None
        if device or TURN in request.session:
            turn = _turn_of(request, device, timezone.now())
        request.station_device, request.station = device, turn  # type: ignore[attr-defined]  # our own attributes, read by device_of and ViewerMiddleware
        response = self.get_response(request)
        if turn and request.method == "POST" and (act := act_of_turn(turn.turn)):
            return _after_the_act(request, act.pk)
        if device:
            # The next person must not get a page of this turn by the "back" button.
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Lead away from every address that does not say that it is for a station in this state."""
        device = device_of(request)
        if device is None:
            return None
        reached = reach_of(view)
        if Reach.ALWAYS in reached.when or state_of(request) in reached.when:
            return None
        # Of an address with several parts the page instead takes the first, the row.
        if reached.instead and state_of(request) is Reach.TURN:
            return leads_to(request, reverse(reached.instead, kwargs={k: v for k, v in kwargs.items() if k == "pk"}))
        return leads_to(request, reverse("station_home") + ("" if request.method == "GET" else "?ended=idle"))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The turn was spent, or the station revoked, while this request was on its way: nothing was done."""
        if isinstance(exception, TurnSpent | StationRevoked):
            return leads_to(request, reverse("station_home"))
        return None


def device_of(request: HttpRequest) -> Station | None:
    """The station that this browser is; None for every other browser."""
    return getattr(request, "station_device", None)


def state_of(request: HttpRequest) -> Reach:
    """In which state the station is: revoked, locked, or in somebody's turn."""
    device = device_of(request)
    if device is None or device.is_revoked:
        return Reach.ALWAYS
    return Reach.TURN if getattr(request, "station", None) else Reach.LOCKED


def begin_turn(request: HttpRequest, station: Station, person: User, *, at: datetime) -> None:
    """Sign `person`, whose PIN was right a moment ago, in on the station, for one act."""
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    turn = uuid.uuid4()
    request.session[TURN] = {
        "station": str(station.pk),
        "turn": str(turn),
        "began": at.timestamp(),
        "seen": at.timestamp(),
    }
    note_event(
        "station_turn",
        at=at,
        actor_id=person.pk,
        sponsor_id=station.sponsor_id,
        subject=f"station:{station.pk}",
        data={"turn": str(turn)},
    )


def keep_cookie(response: HttpResponse, secret: str) -> None:
    """Let the browser be the station that `secret` opens; scripts cannot read it."""
    response.set_cookie(
        settings.STATION_COOKIE_NAME,
        secret,
        max_age=COOKIE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def leads_to(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect that htmx follows with the whole page."""
    return HttpResponse(headers={"HX-Redirect": address}) if by_htmx(request) else redirect(address)


def _turn_of(request: HttpRequest, device: Station | None, at: datetime) -> AtStation | None:
    """The turn that is under way on `device`, seen now; what is no turn of this device, or over, is signed out."""
    told = request.session.get(TURN)
    if device is None or device.is_revoked or not told or not _holds(told, device, at):
        if request.user.is_authenticated:
            logout(request)
        return None
    if not request.user.is_authenticated:
        return None
    _seen(request.session, at)
    return AtStation(
        id=device.pk,
        name=device.name,
        sponsor_id=device.sponsor_id,
        worksite_id=device.worksite_id,
        turn=uuid.UUID(told["turn"]),
        began_at=datetime.fromtimestamp(told["began"], tz=at.tzinfo),
    )


def _holds(told: dict[str, Any], device: Station, at: datetime) -> bool:
    return bool(told["station"] == str(device.pk) and at.timestamp() - told["seen"] < IDLE.total_seconds())


def _seen(session: SessionBase, at: datetime) -> None:
    """Note every request, unlike on one's own device: here seconds count."""
    session[TURN] = {**session[TURN], "seen": at.timestamp()}


def _after_the_act(request: HttpRequest, act: uuid.UUID) -> HttpResponse:
    """Sign out, whatever the view wanted to show next, and say on the tiles what was done."""
    logout(request)
    response = leads_to(request, f"{reverse('station_home')}?done={act}")
    response.delete_cookie("messages")  # what was still to be said was for them alone
    return response
