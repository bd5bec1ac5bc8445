"""Logging work, changing and deleting what is logged, taking approved hours back. What shows hours is in `reports`."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused, new_key
from apprenticeship.getters import get_apprenticeship, get_work_hours, get_work_log
from apprenticeship.models import Apprenticeship, WorkHours, WorkLog
from apprenticeship.plain_hours import plain_hours
from apprenticeship.views import forms_methods
from apprenticeship.work_days import WorkConflict, WorkInvalid, WorkLine
from apprenticeship.work_forms import Choices, WorkLineForm, WorkSheet, again
from apprenticeship.work_logging import LogClosed, change_log, delete_log
from apprenticeship.work_logging import log_work as log_now
from apprenticeship.work_review import LONGEST_WORDS
from apprenticeship.work_voiding import WorkAlreadyVoided, WorkVoidInvalid, meaning_of_work_void
from apprenticeship.work_voiding import void_work as void_now

SENT_BEFORE = gettext_lazy("This page was sent before. Look at what is logged, then send it again.")


class VoidWorkForm(forms.Form):
    """Why approved hours are taken back."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@page(Permission.LOG_WORK, on=get_apprenticeship)
@forms_methods
def log_work(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """One's own day on one line, or for a coordinator a timesheet; POST logs it, or the last day again."""
    viewer = viewer_of(request)
    sheet = WorkSheet(request.POST or None, book=apprenticeship, viewer=viewer)
    if request.method != "POST":
        return _log_page(request, sheet)
    if "again" in request.POST and sheet.latest:
        lines = again(sheet.latest, book=apprenticeship, today=viewer.today(apprenticeship.sponsor))
        return _logged(request, sheet, lines)
    if not sheet.is_valid():
        return _log_page(request, sheet, HTTPStatus.BAD_REQUEST)
    return _logged(request, sheet, sheet.lines())


def _logged(request: HttpRequest, sheet: WorkSheet, lines: list[WorkLine]) -> HttpResponse:
    """Log the lines and answer, whatever comes of it."""
    try:
        log_now(viewer=viewer_of(request), key=sheet.key, lines=lines)
    except (WorkInvalid, WorkConflict) as refusal:
        if "again" in request.POST:
            messages.warning(request, refusal.problems[0].message)
            return redirect("log_work", sheet.book.pk)
        sheet.refuse(refusal.problems)
        status = HTTPStatus.BAD_REQUEST if isinstance(refusal, WorkInvalid) else HTTPStatus.CONFLICT
        return _log_page(request, sheet, status)
    except KeyReused:
        sheet.problem, sheet.key = str(SENT_BEFORE), new_key()
        return _log_page(request, sheet, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Logged. It waits for a mentor to approve it."))
    return redirect("record_work", sheet.book.pk)


def _log_page(request: HttpRequest, sheet: WorkSheet, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    context = {"sheet": sheet, "book": sheet.book, "is_refused": status != HTTPStatus.OK}
    return render(request, "apprenticeship/log_work.html", context, status=status)


@page(Permission.LOG_WORK, on=get_work_log)
@forms_methods
def change_work_log(request: HttpRequest, log: WorkLog) -> HttpResponse:
    """Change what one line says while nobody approved it."""
    viewer, book = viewer_of(request), log.apprenticeship
    said = {"worked_on": log.worked_on, "hours": plain_hours(log.hours)}
    form = WorkLineForm(
        request.POST or None,
        choices=Choices(book, chosen_before=log.worksite_id),
        today=viewer.today(book.sponsor),
        initial={**said, "worksite": log.worksite_id, "skill_set": log.skill_set_id},
    )
    if request.method == "POST" and form.is_valid():
        return _changed(request, log, form)
    return _change_page(request, log, form, HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK)


def _changed(request: HttpRequest, log: WorkLog, form: WorkLineForm) -> HttpResponse:
    key, line = request.POST.get("key", ""), form.line(log.apprenticeship)
    try:
        change_log(viewer=viewer_of(request), key=key, log=log, line=line)
    except (WorkInvalid, WorkConflict) as refusal:
        for problem in refusal.problems:
            form.add_error(problem.field, problem.message)
        status = HTTPStatus.BAD_REQUEST if isinstance(refusal, WorkInvalid) else HTTPStatus.CONFLICT
        return _change_page(request, log, form, status)
    except LogClosed:
        messages.warning(request, _("It was answered meanwhile. Nothing was changed."))
    except KeyReused:
        form.add_error(None, str(SENT_BEFORE))
        return _change_page(request, log, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    else:
        messages.success(request, _("Changed. It waits for a mentor to approve it."))
    return redirect("record_work", log.apprenticeship_id)


def _change_page(request: HttpRequest, log: WorkLog, form: WorkLineForm, status: HTTPStatus) -> HttpResponse:
    context = {"log": log, "book": log.apprenticeship, "form": form, "key": new_key(), "delete_key": new_key()}
    return render(request, "apprenticeship/change_work_log.html", context, status=status)


@page(Permission.LOG_WORK, on=get_work_log)
@require_POST
def delete_work_log(request: HttpRequest, log: WorkLog) -> HttpResponse:
    """Delete one line while nobody approved it."""
    try:
        delete_log(viewer=viewer_of(request), key=request.POST.get("key", ""), log=log)
    except (LogClosed, KeyReused):
        messages.warning(request, _("It was answered meanwhile. Nothing was changed."))
    else:
        messages.success(request, _("Deleted."))
    return redirect("record_work", log.apprenticeship_id)


@page(Permission.VOID_WORK, on=get_work_hours)
@forms_methods
def void_work_hours(request: HttpRequest, hours: WorkHours) -> HttpResponse:
    """Ask why approved hours are taken back; POST takes them back."""
    proving = Proving(request, [hours.apprenticeship.sponsor])
    proving.require_readiness()
    form = VoidWorkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _void_page(request, hours, form)
    if not (proving.succeeds() & form.is_valid()):
        return _void_page(request, hours, form, HTTPStatus.BAD_REQUEST)
    return _voided(request, hours, form)


def _voided(request: HttpRequest, hours: WorkHours, form: VoidWorkForm) -> HttpResponse:
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        void_now(viewer=viewer_of(request), key=key, hours=[hours], reason=reason)
    except WorkVoidInvalid as refusal:
        form.add_error("reason", refusal.message)
        return _void_page(request, hours, form, HTTPStatus.BAD_REQUEST)
    except (WorkAlreadyVoided, KeyReused):
        return _void_page(request, hours, form, HTTPStatus.CONFLICT)
    messages.success(
        request, _("The hours are taken back. They stay in the record, marked, and the day can be logged.")
    )
    return redirect("record_work", hours.apprenticeship_id)


def _void_page(
    request: HttpRequest, hours: WorkHours, form: VoidWorkForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "hours": hours,
        "book": hours.apprenticeship,
        "form": form,
        "is_void": WorkHours.objects.filter(pk=hours.pk, void__isnull=False).exists(),
        "meaning": meaning_of_work_void(),
    }
    return render(request, "apprenticeship/void_work.html", context, status=status)
