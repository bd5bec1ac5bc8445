"""Granting credit for earlier learning: what was asked for, or what a transcript on the desk shows."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.credit_forms import CreditForm, CreditSheet
from apprenticeship.evidence import EvidenceInvalid
from apprenticeship.evidence_shown import ShownFile, files_of_asks
from apprenticeship.getters import get_apprenticeship, get_request
from apprenticeship.models import Apprenticeship, SignOffRequest
from apprenticeship.signoff import AlreadySigned, SignOffInvalid, sign_off_many
from apprenticeship.views import forms_methods


@page(Permission.GRANT_CREDIT, on=get_apprenticeship)
@forms_methods
def grant_credit(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The sheet on which a coordinator grants credit (`?request=` for what was asked); POST grants it."""
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    sheet = CreditSheet(viewer_of(request), apprenticeship, _asking(request, apprenticeship))
    if request.method != "POST":
        return _credit_page(request, CreditForm(sheet=sheet), HTTPStatus.OK)
    form = CreditForm(request.POST, sheet=sheet)
    if not (proving.succeeds() & form.is_valid()):
        return _credit_page(request, form, HTTPStatus.BAD_REQUEST)
    return _granted(request, form)


def _asking(request: HttpRequest, apprenticeship: Apprenticeship) -> SignOffRequest | None:
    """The request that the address names; one of another book leads nowhere."""
    named = request.GET.get("request")
    if not named:
        return None
    try:
        asking = get_request(viewer_of(request), uuid.UUID(named))
    except ValueError as error:
        raise Http404 from error
    if asking.apprenticeship_id != apprenticeship.pk:
        raise Http404
    return asking


def _granted(request: HttpRequest, form: CreditForm) -> HttpResponse:
    """Grant what a valid form says and answer, whatever comes of it."""
    try:
        made = sign_off_many(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), lines=form.lines())
    except SignOffInvalid as refusal:
        form.refuse(refusal)
        return _credit_page(request, form, HTTPStatus.BAD_REQUEST)
    except EvidenceInvalid as refusal:
        form.add_error(None, refusal.message)
        return _credit_page(request, form, HTTPStatus.BAD_REQUEST)
    except AlreadySigned:
        quicker = form.over(_("Somebody signed one of these meanwhile. Look at what stands now, then grant it."))
        return _credit_page(request, quicker, HTTPStatus.CONFLICT)
    except KeyReused:
        again = form.over(_("From this page something else was granted before. Look once more, then grant it."))
        return _credit_page(request, again, HTTPStatus.UNPROCESSABLE_ENTITY)
    told = ngettext("Credit granted for %(skills)s skill.", "Credit granted for %(skills)s skills.", len(made))
    messages.success(request, told % {"skills": len(made)})
    return redirect("signed_together", made[0].entry.act_id)


def _documents(sheet: CreditSheet) -> list[ShownFile]:
    """What the apprentice laid beside what is on the sheet, each file once."""
    asked = [line.asked.pk for line in sheet.lines if line.asked]
    found = files_of_asks(asked, book=sheet.apprenticeship, viewer=sheet.viewer) if asked else {}
    return list({file.id: file for files in found.values() for file in files}.values())


def _credit_page(request: HttpRequest, form: CreditForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "form": form,
        "sheet": form.sheet,
        "book": form.sheet.apprenticeship,
        "asking": form.sheet.asking,
        "files": _documents(form.sheet),
    }
    return render(request, "apprenticeship/grant_credit.html", context, status=status)
