"""The administrator's page of shared devices: list, register this one, rename, revoke."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, permits
from accounts.middleware import viewer_of
from accounts.pages import page, visible_or_404
from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.models import Station
from apprenticeship.station_forms import KeyForm, RegisterForm, StationForm
from apprenticeship.station_sessions import keep_cookie
from apprenticeship.stations import StationInvalid, StationRevoked, register_station, rename_station, revoke_station


def get_station(viewer: Viewer, pk: uuid.UUID) -> Station:
    """The station with its sponsor and worksite."""
    rows = Station.objects.visible_to(viewer).select_related("sponsor", "worksite__employer")
    return visible_or_404(rows, pk)


def _show(
    request: HttpRequest, form: RegisterForm, *, renaming: tuple[Station, StationForm] | None = None, status: int = 200
) -> HttpResponse:
    """The list with the form beneath it; `renaming` is the row whose new name was refused."""
    viewer = viewer_of(request)
    listed = Station.objects.visible_to(viewer).live_first()
    rows = []
    for station in listed.select_related("sponsor", "worksite__employer", "registered_by", "revoked_by"):
        if not permits(viewer, Permission.MANAGE_STATIONS, on=station):
            continue
        refused = renaming[1] if renaming and renaming[0].pk == station.pk else None
        name = refused or StationForm(initial={"name": station.name}, auto_id=f"%s-{station.pk}")
        rows.append((station, name, new_key()))
    return render(request, "stations/list.html", {"rows": rows, "form": form}, status=status)


@never_cache
@page(Permission.MANAGE_STATIONS)
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """All devices of one's sponsors, the revoked ones last, and the form that makes this one a station."""
    return _show(request, RegisterForm(viewer=viewer_of(request)))


@never_cache
@page(Permission.MANAGE_STATIONS)
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Make the device at hand a station. Whoever registers it is signed out: from now on it is nobody's own."""
    form = RegisterForm(request.POST, viewer=viewer_of(request))
    if not form.is_valid():
        return _show(request, form, status=HTTPStatus.BAD_REQUEST)
    try:
        made = register_station(viewer=viewer_of(request), **form.cleaned_data)
    except StationInvalid as refusal:
        form.refuse(refusal)
        return _show(request, form, status=HTTPStatus.BAD_REQUEST)
    response = redirect("station_home")
    if made.secret:
        logout(request)
        keep_cookie(response, made.secret)
    return response


@page(Permission.MANAGE_STATIONS, on=get_station)
@require_POST
def rename(request: HttpRequest, station: Station) -> HttpResponse:
    """Call a device otherwise."""
    form = StationForm(request.POST, auto_id=f"%s-{station.pk}")
    again = RegisterForm(viewer=viewer_of(request))
    if not form.is_valid():
        return _show(request, again, renaming=(station, form), status=HTTPStatus.BAD_REQUEST)
    try:
        rename_station(viewer=viewer_of(request), station=station, **form.cleaned_data)
    except StationInvalid as refusal:
        form.refuse(refusal)
        return _show(request, again, renaming=(station, form), status=HTTPStatus.BAD_REQUEST)
    except StationRevoked:
        messages.warning(request, _("It was revoked in the meantime and keeps its name."))
    return redirect("stations")


@page(Permission.MANAGE_STATIONS, on=get_station)
@require_POST
def revoke(request: HttpRequest, station: Station) -> HttpResponse:
    """Let a device do nothing any more."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no key")
    try:
        revoke_station(viewer=viewer_of(request), key=form.cleaned_data["key"], station=station)
    except StationRevoked:
        messages.warning(request, _("It had been revoked before."))
    else:
        messages.success(request, _("Revoked: “%(name)s” can do nothing any more.") % {"name": station.name})
    return redirect("stations")
