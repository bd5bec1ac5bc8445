"""The mentor's page of the week: everything that waits, approved in one press."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused, new_key, was_done
from apprenticeship.views import forms_methods
from apprenticeship.work_days import WorkConflict, WorkInvalid
from apprenticeship.work_review import Decision, meaning_of_work_hours
from apprenticeship.work_review import review_work as review_now
from apprenticeship.work_review_forms import ReviewSheet


@page(Permission.APPROVE_WORK)
@forms_methods
def review_work(request: HttpRequest) -> HttpResponse:
    """The weeks that wait for one; POST approves what is ticked, with the changes that were made, or sends back."""
    sent = request.method == "POST"
    sheet = ReviewSheet(viewer_of(request), request.POST if sent else None, request.POST.getlist("week"))
    proving = Proving(request, [book.sponsor for book in sheet.books])
    proving.require_readiness()
    if not sent:
        return _review_page(request, sheet)
    if was_done(viewer_of(request).user_id, sheet.key):  # pressed twice: what was ticked waits no more
        return redirect("review_work")
    decisions = sheet.decisions()
    if not (proving.succeeds() & bool(decisions)):
        return _review_page(request, sheet, HTTPStatus.BAD_REQUEST)
    return _reviewed(request, sheet, decisions)


def _reviewed(request: HttpRequest, sheet: ReviewSheet, decisions: list[Decision]) -> HttpResponse:
    """Carry the decisions out and answer, whatever comes of it."""
    try:
        made = review_now(viewer=viewer_of(request), key=sheet.key, decisions=decisions)
    except (WorkInvalid, WorkConflict) as refusal:
        sheet.refuse(refusal.problems)
        status = HTTPStatus.BAD_REQUEST if isinstance(refusal, WorkInvalid) else HTTPStatus.CONFLICT
        return _review_page(request, sheet, status)
    except KeyReused:
        sheet.problem, sheet.key = _("This page was sent before. Look at what waits now."), new_key()
        return _review_page(request, sheet, HTTPStatus.UNPROCESSABLE_ENTITY)
    back = len(decisions) - len(made)
    said = []
    if made:
        said.append(ngettext("%(days)s line approved.", "%(days)s lines approved.", len(made)) % {"days": len(made)})
    if back:
        said.append(ngettext("%(days)s line sent back.", "%(days)s lines sent back.", back) % {"days": back})
    messages.success(request, " ".join(said))
    return redirect("review_work")


def _review_page(request: HttpRequest, sheet: ReviewSheet, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    context = {"sheet": sheet, "meaning": meaning_of_work_hours()}
    return render(request, "apprenticeship/review_work.html", context, status=status)
