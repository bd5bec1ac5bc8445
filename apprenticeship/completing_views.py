"""Preparing the completion of an apprenticeship, and deciding of requirements that cannot be measured."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, acting_role
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.completing import NotRunningToComplete, NotYetComplete
from apprenticeship.completing import prepare_completion as prepare
from apprenticeship.completing_forms import DecisionForm
from apprenticeship.completion import Requirement, decisions_of, requirements_of
from apprenticeship.getters import get_apprenticeship
from apprenticeship.meaning import meaning_of_decision
from apprenticeship.models import Apprenticeship
from apprenticeship.requirement_decisions import (
    DecisionInvalid,
    DecisionTooLate,
    decide_requirement,
    grounds_for,
)
from apprenticeship.views import forms_methods


@page(Permission.CHANGE_STATUS, on=get_apprenticeship)
@require_POST
def prepare_completion(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """Put the record before the administrator; the page of the completion says what came of it."""
    form = KeyForm(request.POST)
    if form.is_valid():
        _prepare(request, apprenticeship, str(form.cleaned_data["key"]))
    return redirect("record_completion", apprenticeship.pk)


def _prepare(request: HttpRequest, book: Apprenticeship, key: str) -> None:
    try:
        prepare(viewer=viewer_of(request), key=key, apprenticeship=book)
    except NotYetComplete:
        messages.error(request, _("Nothing was prepared: not every requirement is met. Below is what is missing."))
    except NotRunningToComplete:
        messages.error(request, _("Nothing was prepared: make the apprenticeship active first."))
    except KeyReused:
        messages.error(request, _("This page was sent before. Below is what holds now."))
    else:
        messages.success(request, _("Prepared. An administrator can sign it now."))


@page(Permission.CHANGE_STATUS, on=get_apprenticeship)
@forms_methods
def decide(request: HttpRequest, apprenticeship: Apprenticeship, code: str) -> HttpResponse:
    """The form of a decision about one requirement; POST records it."""
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    asked = _asked(request, apprenticeship, code)
    is_decided = code in decisions_of(apprenticeship, at=viewer_of(request).at)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(data, grounds=grounds_for(asked, is_decided=is_decided))
    if request.method != "POST":
        return _page(request, apprenticeship, asked, form)
    if not (proving.succeeds() & form.is_valid()):
        return _page(request, apprenticeship, asked, form, HTTPStatus.BAD_REQUEST)
    return _decided(request, apprenticeship, asked, form)


def _asked(request: HttpRequest, book: Apprenticeship, code: str) -> Requirement:
    """The requirement of this code, where it can be decided; else 404."""
    asked = {one.code: one for one in requirements_of(book, at=viewer_of(request).at)}.get(code)
    if asked is None or not asked.can_be_decided:
        raise Http404
    return asked


def _decided(request: HttpRequest, book: Apprenticeship, asked: Requirement, form: DecisionForm) -> HttpResponse:
    key, decision = str(form.cleaned_data["key"]), form.decision(asked.code)
    try:
        decide_requirement(viewer=viewer_of(request), key=key, apprenticeship=book, decision=decision)
    except DecisionInvalid as refusal:
        form.refuse(refusal)
        return _page(request, book, asked, form, HTTPStatus.BAD_REQUEST)
    except DecisionTooLate:
        form.add_error(None, _("The apprenticeship is completed; what it was completed by is not changed."))
        return _page(request, book, asked, form, HTTPStatus.CONFLICT)
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
        return _page(request, book, asked, form, HTTPStatus.CONFLICT)
    messages.success(request, _("The decision is in the record."))
    return redirect("record_completion", book.pk)


def _page(
    request: HttpRequest,
    book: Apprenticeship,
    asked: Requirement,
    form: DecisionForm,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "book": book,
        "asked": asked,
        "form": form,
        "meaning": meaning_of_decision(withdrawn=False),
        "meaning_withdrawn": meaning_of_decision(withdrawn=True) if len(form.fields["grounds"].choices) > 1 else "",  # type: ignore[attr-defined]  # the field's own class, lost in the mapping
        "role": acting_role(viewer_of(request), Permission.CHANGE_STATUS, on=book).label,
    }
    return render(request, "apprenticeship/decide_requirement.html", context, status=status)
