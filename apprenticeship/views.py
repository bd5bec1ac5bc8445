"""Signing a skill. What shows the record is in `reports`."""

import uuid
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.addresses import by_htmx
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.assignments import get_one_to_sign, refuse_wrong_track
from apprenticeship.attachments import Attachments
from apprenticeship.evidence_shown import ShownFile, files_of_asks
from apprenticeship.forms import SignOffForm
from apprenticeship.getters import get_skill_to_sign
from apprenticeship.models import Apprenticeship, RequestedSkill, SignOff
from apprenticeship.sheet import Sheet
from apprenticeship.signoff import AlreadySigned, SignOffInvalid
from apprenticeship.signoff import sign_off as sign

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.SIGN_OFF, on=get_one_to_sign)
@at_station(Reach.TURN)
@forms_methods
def sign_off(request: HttpRequest, apprenticeship: Apprenticeship, skill_pk: uuid.UUID) -> HttpResponse:
    """The sheet on which a mentor signs one skill; POST signs it."""
    viewer = viewer_of(request)
    skill = get_skill_to_sign(apprenticeship, skill_pk)
    refuse_wrong_track(viewer, apprenticeship, skill.skill_set.role_track)
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    sheet = Sheet(viewer, apprenticeship, skill)
    attachments = Attachments(request, apprenticeship, offered=partial(_attached, sheet))
    if request.method != "POST":
        return _sign_page(request, SignOffForm(sheet=sheet), HTTPStatus.OK)
    form = SignOffForm(request.POST, sheet=sheet)
    if not (proving.succeeds() & form.is_valid() & attachments.succeeds()):
        return _sign_page(request, form, HTTPStatus.BAD_REQUEST)
    return _signed(request, form, attachments)


def _attached(sheet: Sheet) -> list[ShownFile]:
    """What the apprentice laid beside the asking that waits; no query where nobody asked."""
    if sheet.asked is None:
        return []
    found = files_of_asks([sheet.asked.pk], book=sheet.apprenticeship, viewer=sheet.viewer)
    return found.get(sheet.asked.pk, [])


def _signed(request: HttpRequest, form: SignOffForm, attachments: Attachments) -> HttpResponse:
    """Sign what a valid form says and answer, whatever comes of it."""
    line = replace(form.line(), evidence=attachments.ids)
    try:
        made = sign(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), line=line)
    except SignOffInvalid as refusal:
        form.refuse(refusal)
        return _sign_page(request, form, HTTPStatus.BAD_REQUEST)
    except AlreadySigned:
        return _sign_page(request, _over_what_stands(form), HTTPStatus.CONFLICT)
    except KeyReused:
        return _sign_page(request, _over_what_stands(form), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(_back_to_the_request(request, made) or after_act(request, made, signed=made.pk))


def _back_to_the_request(request: HttpRequest, made: SignOff) -> str:
    """Where the next skill of the request stands, for a signer who came from there; else blank."""
    asked = RequestedSkill.objects.filter(sign_off=made).first() if request.GET.get("from") == "request" else None
    return f"{reverse('sign_off_request', args=[asked.request_id])}?signed={made.pk}" if asked else ""


def _over_what_stands(form: SignOffForm) -> SignOffForm:
    """The form as it was sent, on a sheet that was read again: somebody else was quicker."""
    sheet = form.sheet
    return form.over(Sheet(sheet.viewer, sheet.apprenticeship, sheet.skill))


def _sign_page(request: HttpRequest, form: SignOffForm, status: HTTPStatus) -> HttpResponse:
    """The sheet as a page, or alone where htmx opens it beneath the skill's row."""
    in_place = by_htmx(request)
    stale = status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    context = {
        "form": form,
        "sheet": form.sheet,
        "in_place": in_place,
        "stale": stale,
        "wants_evidence": form.sheet.wants_evidence,
        "from_request": request.GET.get("from") == "request",
    }
    template = "apprenticeship/sign_sheet.html" if in_place else "apprenticeship/sign_off.html"
    response = render(request, template, context, status=status)
    if in_place:  # the form aims at its row; what was refused stays in the sheet
        response["HX-Retarget"] = f"#sheet-{form.sheet.skill.pk}"
        response["HX-Reswap"] = "innerHTML"
    return response


def after_act(request: HttpRequest, sign_off: SignOff, **done: uuid.UUID) -> str:
    """Where to read what was done: the record at this skill, or just its row where htmx changes it in place."""
    if request.POST.get("back") == "together":  # one of several that were signed in one act
        return reverse("signed_together", args=[sign_off.entry.act_id])
    query = f"?{urlencode(done)}" if done else ""
    if by_htmx(request):
        return reverse("record_row", args=[sign_off.apprenticeship_id, sign_off.skill_id]) + query
    return f"{reverse('record', args=[sign_off.apprenticeship_id])}{query}#skill-{sign_off.skill_id}"
