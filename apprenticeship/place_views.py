"""The acts on employers and worksites: add one, correct it, archive it and bring it back."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, permits
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.signing_views import get_sponsor
from acts.acting import KeyReused
from apprenticeship.getters import get_employer, get_worksite
from apprenticeship.models import Apprenticeship, Employer, Worksite
from apprenticeship.place_forms import PlaceForm, WorksiteForm
from apprenticeship.places import P, PlaceInvalid, add_employer, add_worksite, change_place, set_archived
from apprenticeship.statuses import RUNNING

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.MANAGE_PROGRAMS, on=get_sponsor)
@forms_methods
def add_employer_page(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The form of a new employer; POST adds it and leads to its page."""
    form = PlaceForm(request.POST if request.method == "POST" else None)
    made = _done(request, form, lambda **said: add_employer(sponsor=sponsor, **said))
    if made:
        messages.success(request, _("Added: %(name)s. Now add where its apprentices work.") % {"name": made.name})
        return redirect("employer", made.pk)
    return _form_page(request, form, {"sponsor": sponsor, "title": _("Add an employer")})


@page(Permission.MANAGE_PROGRAMS, on=get_employer)
@forms_methods
def change_employer(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Correct an employer's name and address."""
    now = {"name": employer.name, "address": employer.address}
    form = PlaceForm(request.POST if request.method == "POST" else None, initial=now)
    if _done(request, form, lambda **said: change_place(place=employer, **said)):
        messages.success(request, _("Kept. Entries of records keep the name that they were signed with."))
        return redirect("employer", employer.pk)
    return _form_page(request, form, {"employer": employer, "title": _("Change the employer")})


@page(Permission.MANAGE_PROGRAMS, on=get_employer)
@forms_methods
def add_worksite_page(request: HttpRequest, employer: Employer) -> HttpResponse:
    """The form of a new worksite; POST adds it."""
    form = _worksite_form(request, employer, {})
    made = _done(request, form, lambda **said: add_worksite(employer=employer, **said))
    if made:
        messages.success(request, _("Added: %(name)s.") % {"name": made.name})
        return redirect("employer", employer.pk)
    return _form_page(request, form, {"employer": employer, "title": _("Add a worksite")})


@page(Permission.MANAGE_PROGRAMS, on=get_worksite)
@forms_methods
def change_worksite(request: HttpRequest, worksite: Worksite) -> HttpResponse:
    """Correct a worksite's name and address, and whether photographs are allowed there."""
    now = {name: getattr(worksite, name) for name in ("name", "address", "photos_allowed")}
    form = _worksite_form(request, worksite.employer, now)
    if _done(request, form, lambda **said: change_place(place=worksite, **said)):
        messages.success(request, _("Kept. Entries of records keep the name that they were signed with."))
        return redirect("employer", worksite.employer_id)
    context = {"employer": worksite.employer, "worksite": worksite, "title": _("Change the worksite")}
    return _form_page(request, form, context)


@page(Permission.MANAGE_PROGRAMS, on=get_employer)
@forms_methods
def archive_employer(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Say in numbers what archiving does; POST archives, or brings back."""
    return _archive(request, employer, employer)


@page(Permission.MANAGE_PROGRAMS, on=get_worksite)
@forms_methods
def archive_worksite(request: HttpRequest, worksite: Worksite) -> HttpResponse:
    """The same for a worksite."""
    return _archive(request, worksite, worksite.employer)


def _archive(request: HttpRequest, place: P, employer: Employer) -> HttpResponse:
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        archived = request.POST.get("archived") == "yes"
        set_archived(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), place=place, archived=archived)
        said = _("Archived: %(name)s.") if archived else _("Offered again: %(name)s.")
        messages.success(request, said % {"name": place.name})
        return redirect("employer", employer.pk)
    books = Apprenticeship.objects.filter(status__in=RUNNING, **{str(place._meta.model_name): place})
    context = {"place": place, "employer": employer, "form": form, "assigned": books.count()}
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/archive_place.html", context, status=status)


def _worksite_form(request: HttpRequest, employer: Employer, now: dict[str, Any]) -> WorksiteForm:
    may_switch = permits(viewer_of(request), Permission.SET_PHOTOGRAPHS, on=employer)
    return WorksiteForm(request.POST if request.method == "POST" else None, initial=now, may_switch=may_switch)


def _done(request: HttpRequest, form: PlaceForm, act: Callable[..., Any]) -> Any:
    """What the act gives; None where nothing was sent, or where the form now says what was refused."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), said=form.said)
    except PlaceInvalid as refusal:
        form.add_error(refusal.field, str(refusal.message))
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
    return None


def _form_page(request: HttpRequest, form: PlaceForm, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/place_form.html", {**context, "form": form}, status=status)
