"""Signing a month of hours on the job."""

import uuid
from datetime import date, datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.getters import get_apprenticeship
from apprenticeship.models import Apprenticeship, WorkLog
from apprenticeship.verification_forms import VerifyForm
from apprenticeship.views import forms_methods
from apprenticeship.work_months import (
    MonthInvalid,
    MonthNotAsSeen,
    MonthNotReady,
    due_on,
    hours_of_month,
    is_signed,
    meaning_of_month,
    next_month,
)
from apprenticeship.work_months import sign_month as sign_now


def month_of(code: str) -> date:
    """The first day of the month "2026-02"; raises Http404 for what is no month, or the last of all."""
    try:
        month = datetime.strptime(code, "%Y-%m").date()  # noqa: DTZ007  # a month has no zone
    except ValueError as error:
        raise Http404 from error
    if next_month(month) == date.max:  # it could never be due
        raise Http404
    return month


@page(Permission.APPROVE_WORK, on=get_apprenticeship)
@forms_methods
def sign_month(request: HttpRequest, apprenticeship: Apprenticeship, code: str) -> HttpResponse:
    """Read the approved hours of one month and sign them; POST signs."""
    month = month_of(code)
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    if request.method != "POST":
        return _month_page(request, apprenticeship, month)
    form = VerifyForm(request.POST)
    if not (proving.succeeds() & form.is_valid()):
        return _month_page(request, apprenticeship, month, HTTPStatus.BAD_REQUEST)
    return _signed(request, apprenticeship, month, str(form.cleaned_data["key"]), form.cleaned_data["seen"])


def _signed(request: HttpRequest, book: Apprenticeship, month: date, key: str, seen: list[uuid.UUID]) -> HttpResponse:
    """Sign and answer, whatever comes of it."""
    try:
        sign_now(viewer=viewer_of(request), key=key, apprenticeship=book, month=month, seen=seen)
    except MonthInvalid as refusal:
        return _month_page(request, book, month, HTTPStatus.BAD_REQUEST, refusal.message)
    except MonthNotReady as refusal:
        return _month_page(request, book, month, HTTPStatus.CONFLICT, refusal.message)
    except (MonthNotAsSeen, KeyReused):
        changed = _("The hours are not those that you saw. Nothing was signed. Look at them again.")
        return _month_page(request, book, month, HTTPStatus.CONFLICT, changed)
    messages.success(request, _("The month is signed."))
    return redirect("record_work", book.pk)


def _month_page(
    request: HttpRequest, book: Apprenticeship, month: date, status: HTTPStatus = HTTPStatus.OK, problem: str = ""
) -> HttpResponse:
    rows = hours_of_month(book, month)
    under_way = WorkLog.objects.under_way().filter(apprenticeship=book, worked_on__gte=month)
    waiting = under_way.filter(worked_on__lt=next_month(month)).count()
    signed = is_signed(book, month, {row.pk for row in rows})
    over = next_month(month) <= viewer_of(request).today(book.sponsor)
    context = {
        "book": book,
        "month": month,
        "rows": rows,
        "total": sum(row.hours for row in rows),
        "waiting": waiting,
        "is_signed": signed,
        "is_over": over,
        "may": bool(rows) and over and not waiting and not signed,
        "due_on": due_on(book.terms, month),
        "problem": problem,
        "form": VerifyForm(),
        "meaning": meaning_of_month(),
    }
    return render(request, "apprenticeship/sign_month.html", context, status=status)
