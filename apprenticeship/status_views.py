"""Changing the status of an apprenticeship: first which step, then its day, its reason and the signature."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import Permission, acting_role, permits, require
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused, new_key
from apprenticeship import completing
from apprenticeship.getters import get_apprenticeship
from apprenticeship.limits import days_of
from apprenticeship.meaning import meaning_of_status
from apprenticeship.models import Apprenticeship, Status, StatusStep
from apprenticeship.status import (
    STEPS,
    StatusConflict,
    StatusInvalid,
    came_to,
    changes_of,
    in_probation_after,
    permission_for,
    steps_from,
)
from apprenticeship.status import change_status as change
from apprenticeship.status_forms import StatusForm
from apprenticeship.views import forms_methods


@page(Permission.CHANGE_STATUS, on=get_apprenticeship)
@forms_methods
def change_status(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The steps that are possible, or the form of the one that the address names (`?step=`); POST takes it."""
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    step = _step(request)
    if step is None or (request.method != "POST" and step not in steps_from(apprenticeship.status)):
        return _steps_page(
            request, apprenticeship, HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
        )
    require(viewer_of(request), permission_for(step, apprenticeship.status), on=apprenticeship)
    form = _form(request, apprenticeship, step)
    if request.method != "POST":
        return _step_page(request, apprenticeship, step, form)
    if not (proving.succeeds() & form.is_valid()):
        return _step_page(request, apprenticeship, step, form, HTTPStatus.BAD_REQUEST)
    return _changed(request, apprenticeship, step, form)


def _step(request: HttpRequest) -> StatusStep | None:
    named = request.GET.get("step")
    return StatusStep(named) if named in StatusStep.values else None


def _form(request: HttpRequest, book: Apprenticeship, step: StatusStep) -> StatusForm:
    changes = changes_of(book)
    first = changes[-1].on if changes else book.starts_on
    today = viewer_of(request).today(book.sponsor)
    data = request.POST if request.method == "POST" else None
    return StatusForm(data, book=book, step=step, first=first, today=today)


def _changed(request: HttpRequest, book: Apprenticeship, step: StatusStep, form: StatusForm) -> HttpResponse:
    """Take the step that a valid form says and answer, whatever comes of it."""
    wanted = form.cleaned_data
    said = {"on": wanted["on"], "reason": wanted["reason"], "details": form.details, "seen": wanted["seen"]}
    try:
        change(viewer=viewer_of(request), key=str(wanted["key"]), apprenticeship=book, step=step, **said)
    except StatusInvalid as refusal:
        form.refuse(refusal)
        return _step_page(request, book, step, form, HTTPStatus.BAD_REQUEST)
    except (completing.NotPrepared, completing.PreparedByOneself, completing.NotYetComplete) as refusal:
        form.add_error(None, _not_complete(refusal))
        return _step_page(request, book, step, form, HTTPStatus.BAD_REQUEST)
    except StatusConflict as refusal:
        return _stale_page(request, book, step, form, refusal.now)
    except KeyReused:
        return _stale_page(request, book, step, form, Status(get_apprenticeship(viewer_of(request), book.pk).status))
    now = get_apprenticeship(viewer_of(request), book.pk).get_status_display()
    messages.success(request, _("Status: %(status)s.") % {"status": now})
    return redirect("record", book.pk)


def _not_complete(refusal: Exception) -> str:
    """Why a completion was not signed, and what to do."""
    if isinstance(refusal, completing.NotYetComplete):
        lacking = ", ".join(str(requirement.label) for requirement in refusal.lacking)
        return _("Not everything is met any more: %(lacking)s. Look at the completion of this record.") % {
            "lacking": lacking
        }
    if isinstance(refusal, completing.NotPrepared):
        return _("Nobody has prepared the completion yet. A coordinator does so on the completion of this record.")
    return _("You prepared the completion yourself; somebody else has to prepare it, or another administrator signs.")


def _stale_page(
    request: HttpRequest, book: Apprenticeship, step: StatusStep, form: StatusForm, now: Status
) -> HttpResponse:
    """What stands now; with what was typed where the step is still possible from there, else what else is."""
    book.status = now
    if step not in steps_from(now):
        return _steps_page(request, book, HTTPStatus.CONFLICT, reason=form.cleaned_data["reason"])
    data = request.POST.copy()
    data["key"], data["seen"] = new_key(), now.value
    again = StatusForm(data, book=book, step=step, first=book.starts_on, today=viewer_of(request).today(book.sponsor))
    return _step_page(request, book, step, again, HTTPStatus.CONFLICT)


def _steps_page(request: HttpRequest, book: Apprenticeship, status: HTTPStatus, *, reason: str = "") -> HttpResponse:
    steps = [
        {"code": step.value, "label": step.label, "meaning": meaning_of_status(step)}
        for step in steps_from(book.status)
        if permits(viewer_of(request), permission_for(step, book.status), on=book)
    ]
    stale = status == HTTPStatus.CONFLICT
    context = {"book": book, "steps": steps, "stale": stale, "reason": reason}
    return render(request, "apprenticeship/choose_status_step.html", context, status=status)


def _step_page(
    request: HttpRequest,
    book: Apprenticeship,
    step: StatusStep,
    form: StatusForm,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    permission = permission_for(step, book.status)
    context = {
        "book": book,
        "step": step,
        "form": form,
        "stale": status == HTTPStatus.CONFLICT,
        "needs_reason": STEPS[step].needs_reason,
        "leads_to": _leads_to(book, step),
        "in_probation": _in_probation(book) if step == StatusStep.CANCEL else None,
        "agency_days": days_of(book.terms, "agency_notice_days") if STEPS[step].tells_agency else None,
        "meaning": meaning_of_status(step),
        "role": acting_role(viewer_of(request), permission, on=book).label,
    }
    return render(request, "apprenticeship/change_status.html", context, status=status)


def _in_probation(book: Apprenticeship) -> bool:
    return in_probation_after([change.step for change in changes_of(book)])


def _leads_to(book: Apprenticeship, step: StatusStep) -> Status | None:
    """The status after the step, as the record stands; None where it does not lead on from there."""
    try:
        return came_to([*(change.step for change in changes_of(book)), step])[-1]
    except ValueError:
        return None
