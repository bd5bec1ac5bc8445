"""The acts on a record: signing a skill, and taking a sign-off back. What shows the record is in `reports`."""

import uuid
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.addresses import by_htmx
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.forms import SignOffForm, TakeBackForm
from apprenticeship.getters import get_apprenticeship, get_sign_off, get_skill
from apprenticeship.models import Apprenticeship, RequestedSkill, RevocationKind, SignOff, SkillStanding
from apprenticeship.sheet import sheet_for
from apprenticeship.signoff import AlreadySigned, SignOffInvalid, require_covered
from apprenticeship.signoff import sign_off as sign
from apprenticeship.take_back_rights import may_undo
from apprenticeship.takingback import NotStanding, TakeBackInvalid, TakeBackTimeOver, UndoTimeOver
from apprenticeship.takingback import take_back as take

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.SIGN_OFF, on=get_apprenticeship)
@forms_methods
def sign_off(request: HttpRequest, apprenticeship: Apprenticeship, skill_pk: uuid.UUID) -> HttpResponse:
    """The sheet on which a mentor signs one skill; POST signs it."""
    viewer = viewer_of(request)
    skill = get_skill(apprenticeship, skill_pk)
    require_covered(viewer, apprenticeship, skill.skill_set.role_track)
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    sheet = sheet_for(viewer, apprenticeship, skill)
    if request.method != "POST":
        return _sign_page(request, SignOffForm(sheet=sheet), HTTPStatus.OK)
    form = SignOffForm(request.POST, sheet=sheet)
    if not (proving.succeeds() & form.is_valid()):
        return _sign_page(request, form, HTTPStatus.BAD_REQUEST)
    return _signed(request, form)


def _signed(request: HttpRequest, form: SignOffForm) -> HttpResponse:
    """Sign what a valid form says and answer, whatever comes of it."""
    try:
        made = sign(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), line=form.line())
    except SignOffInvalid as refusal:
        form.refuse(refusal)
        return _sign_page(request, form, HTTPStatus.BAD_REQUEST)
    except AlreadySigned:
        return _sign_page(request, _over_what_stands(form), HTTPStatus.CONFLICT)
    except KeyReused:
        return _sign_page(request, _over_what_stands(form), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(_back_to_the_request(request, made) or _after(request, made, signed=made.pk))


def _back_to_the_request(request: HttpRequest, made: SignOff) -> str:
    """Where the next skill of the request stands, for a signer who came from there; else blank."""
    asked = RequestedSkill.objects.filter(sign_off=made).first() if request.GET.get("from") == "request" else None
    return f"{reverse('sign_off_request', args=[asked.request_id])}?signed={made.pk}" if asked else ""


def _over_what_stands(form: SignOffForm) -> SignOffForm:
    """The form as it was sent, on a sheet that was read again: somebody else was quicker."""
    sheet = form.sheet
    return form.over(sheet_for(sheet.viewer, sheet.apprenticeship, sheet.skill))


def _sign_page(request: HttpRequest, form: SignOffForm, status: HTTPStatus) -> HttpResponse:
    """The sheet as a page, or alone where htmx opens it beneath the skill's row."""
    in_place = by_htmx(request)
    stale = status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    context = {
        "form": form,
        "sheet": form.sheet,
        "in_place": in_place,
        "stale": stale,
        "from_request": request.GET.get("from") == "request",
    }
    template = "apprenticeship/sign_sheet.html" if in_place else "apprenticeship/sign_off.html"
    response = render(request, template, context, status=status)
    if in_place:  # the form aims at its row; what was refused stays in the sheet
        response["HX-Retarget"] = f"#sheet-{form.sheet.skill.pk}"
        response["HX-Reswap"] = "innerHTML"
    return response


@page(Permission.TAKE_BACK, on=get_sign_off)
@forms_methods
def take_back(request: HttpRequest, sign_off: SignOff) -> HttpResponse:
    """Ask why one sign-off is taken back; POST takes it back."""
    proving = Proving(request, [sign_off.apprenticeship.sponsor])
    proving.require_readiness()
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _take_back_page(request, form, sign_off, HTTPStatus.OK)
    if not (proving.succeeds() & form.is_valid()):
        return _take_back_page(request, form, sign_off, HTTPStatus.BAD_REQUEST)
    return _taken_back(request, form, sign_off)


def _taken_back(request: HttpRequest, form: TakeBackForm, sign_off: SignOff) -> HttpResponse:
    """Take back what a valid form says and answer, whatever comes of it."""
    key, kind, reason = (str(form.cleaned_data[name]) for name in ("key", "kind", "reason"))
    try:
        take(viewer=viewer_of(request), key=key, sign_off=sign_off, kind=kind, reason=reason)
    except TakeBackInvalid as refusal:
        form.refuse(refusal)
        return _take_back_page(request, form, sign_off, HTTPStatus.BAD_REQUEST)
    except (NotStanding, UndoTimeOver, TakeBackTimeOver):
        return _take_back_page(request, form, sign_off, HTTPStatus.CONFLICT)
    return _after_taking_back(request, sign_off, mistake=kind == RevocationKind.MISTAKE)


def _after_taking_back(request: HttpRequest, sign_off: SignOff, *, mistake: bool) -> HttpResponse:
    if not by_htmx(request):
        messages.success(request, _("Taken back as entered by mistake.") if mistake else _("It no longer stands."))
    return redirect(_after(request, sign_off, **({"undone": sign_off.pk} if mistake else {})))


def _take_back_page(request: HttpRequest, form: TakeBackForm, sign_off: SignOff, status: HTTPStatus) -> HttpResponse:
    """The question as a page; a refused Undo in a row leads to it, because a row has no room for the answer."""
    if by_htmx(request):
        return HttpResponse(headers={"HX-Redirect": reverse("take_back", args=[sign_off.pk])})
    context = {
        "form": form,
        "sign_off": sign_off,
        "stands": SkillStanding.objects.filter(sign_off=sign_off).exists(),
        "may_undo": may_undo(viewer_of(request), sign_off),
        "too_late": status == HTTPStatus.CONFLICT,
    }
    return render(request, "apprenticeship/take_back.html", context, status=status)


def _after(request: HttpRequest, sign_off: SignOff, **done: uuid.UUID) -> str:
    """Where to read what was done: the record at this skill, or just its row where htmx changes it in place."""
    if request.POST.get("back") == "together":  # one of several that were signed in one act
        return reverse("signed_together", args=[sign_off.entry.act_id])
    query = f"?{urlencode(done)}" if done else ""
    if by_htmx(request):
        return reverse("record_row", args=[sign_off.apprenticeship_id, sign_off.skill_id]) + query
    return f"{reverse('record', args=[sign_off.apprenticeship_id])}{query}#skill-{sign_off.skill_id}"
