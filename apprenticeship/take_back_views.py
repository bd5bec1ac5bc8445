"""Taking back: one sign-off, a whole act, or by asking a coordinator. Who may do which is told first."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import NotPermitted, Permission, permits
from accounts.addresses import by_htmx
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page, signed_in
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship import take_back_asking
from apprenticeship.getters import get_sign_off, get_take_back_request
from apprenticeship.models import RevocationKind, SignOff, SkillStanding, TakeBackRequest, TakeBackState
from apprenticeship.take_back_asking import (
    AlreadyAsked,
    CannotBeTakenBack,
    NotWaiting,
    TakeBackAskInvalid,
    coordinators_of,
)
from apprenticeship.take_back_forms import AskTakeBackForm, DeclineForm, TakeBackForm, UndoAllForm
from apprenticeship.take_back_rights import NotYours, rights_of
from apprenticeship.takingback import (
    NotStanding,
    TakeBackInvalid,
    TakeBackTimeOver,
    UndoTimeOver,
    take_back_many,
)
from apprenticeship.takingback import take_back as take
from apprenticeship.views import after_act

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.TAKE_BACK, on=get_sign_off)
@forms_methods
def take_back(request: HttpRequest, sign_off: SignOff) -> HttpResponse:
    """Say who may take one sign-off back, and ask why; POST takes it back."""
    proving = _proving(request, sign_off)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _take_back_page(request, sign_off, form=form)
    if not (proving.succeeds() & form.is_valid()):
        return _take_back_page(request, sign_off, form=form, status=HTTPStatus.BAD_REQUEST)
    return _taken_back(request, form, sign_off)


def _proving(request: HttpRequest, sign_off: SignOff) -> Proving:
    """Asks who signs; whoever may only ask a coordinator signs nothing and needs no readiness."""
    proving, rights = Proving(request, [sign_off.apprenticeship.sponsor]), rights_of(viewer_of(request), sign_off)
    if rights.undo or rights.end:
        proving.require_readiness()
    return proving


def _taken_back(request: HttpRequest, form: TakeBackForm, sign_off: SignOff) -> HttpResponse:
    """Take back what a valid form says and answer, whatever comes of it."""
    key, kind, reason = (str(form.cleaned_data[name]) for name in ("key", "kind", "reason"))
    try:
        take(viewer=viewer_of(request), key=key, sign_off=sign_off, kind=kind, reason=reason)
    except TakeBackInvalid as refusal:
        form.refuse(refusal)
        return _take_back_page(request, sign_off, form=form, status=HTTPStatus.BAD_REQUEST)
    except NotYours:
        return _take_back_page(request, sign_off, form=form, status=HTTPStatus.FORBIDDEN)
    except (NotStanding, UndoTimeOver, TakeBackTimeOver):
        return _take_back_page(request, sign_off, form=form, status=HTTPStatus.CONFLICT)
    return _after_taking_back(request, sign_off, mistake=kind == RevocationKind.MISTAKE)


def _after_taking_back(request: HttpRequest, sign_off: SignOff, *, mistake: bool) -> HttpResponse:
    if not by_htmx(request):
        messages.success(request, _("Taken back as entered by mistake.") if mistake else _("It no longer stands."))
    return redirect(after_act(request, sign_off, **({"undone": sign_off.pk} if mistake else {})))


def _take_back_page(
    request: HttpRequest,
    sign_off: SignOff,
    *,
    form: TakeBackForm | None = None,
    asking: AskTakeBackForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """What one may do about a sign-off; a refused Undo in a row leads here, where there is room for the answer."""
    if by_htmx(request):
        return HttpResponse(headers={"HX-Redirect": reverse("take_back", args=[sign_off.pk])})
    viewer = viewer_of(request)
    waiting = TakeBackRequest.objects.filter(sign_off=sign_off, state=TakeBackState.OPEN).select_related("asked_by")
    typed = str(form["reason"].value() or "") if form and form.is_bound else ""
    context = {
        "form": form or TakeBackForm(),
        "asking": asking or AskTakeBackForm(initial={"reason": typed}),
        "sign_off": sign_off,
        "stands": SkillStanding.objects.filter(sign_off=sign_off).exists(),
        "rights": rights_of(viewer, sign_off),
        "asked": waiting.first(),
        "coordinators": coordinators_of(sign_off.apprenticeship, viewer=viewer),
        "refused": status in (HTTPStatus.CONFLICT, HTTPStatus.FORBIDDEN),
    }
    return render(request, "apprenticeship/take_back.html", context, status=status)


@page(Permission.TAKE_BACK, on=get_sign_off)
@require_POST
def ask_take_back(request: HttpRequest, sign_off: SignOff) -> HttpResponse:
    """Ask the coordinators to take one sign-off back."""
    form = AskTakeBackForm(request.POST)
    if not form.is_valid():
        return _take_back_page(request, sign_off, asking=form, status=HTTPStatus.BAD_REQUEST)
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        made = take_back_asking.ask_take_back(viewer=viewer_of(request), key=key, sign_off=sign_off, reason=reason)
    except TakeBackAskInvalid as refusal:
        form.refuse(refusal)
        return _take_back_page(request, sign_off, asking=form, status=HTTPStatus.BAD_REQUEST)
    except (AlreadyAsked, CannotBeTakenBack):
        return _take_back_page(request, sign_off, asking=form, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The coordinators are asked. You will read their answer."))
    return redirect("take_back_request", made.pk)


@page(Permission.TAKE_BACK, on=get_take_back_request)
@require_safe
def take_back_request(request: HttpRequest, asked: TakeBackRequest) -> HttpResponse:
    """What a mentor asked to be taken back, and how it ended; a coordinator answers here."""
    return _request_page(request, asked, DeclineForm())


def _request_page(
    request: HttpRequest, asked: TakeBackRequest, decline: DeclineForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    stands = SkillStanding.objects.filter(sign_off=asked.sign_off).exists()
    Proving(request, [asked.apprenticeship.sponsor])
    context = {
        "asked": asked,
        "sign_off": asked.sign_off,
        "stands": stands,
        "answers": asked.is_open and stands and permits(viewer_of(request), Permission.TAKE_BACK_ANY, on=asked),
        "grant": TakeBackForm(initial={"kind": RevocationKind.NO_LONGER_STANDS, "reason": asked.reason}),
        "decline": decline,
    }
    return render(request, "apprenticeship/take_back_request.html", context, status=status)


@page(Permission.TAKE_BACK_ANY, on=get_take_back_request)
@require_POST
def decline_take_back(request: HttpRequest, asked: TakeBackRequest) -> HttpResponse:
    """Leave the sign-off as it is, saying why."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _request_page(request, asked, form, HTTPStatus.BAD_REQUEST)
    key, answer = str(form.cleaned_data["key"]), form.cleaned_data["answer"]
    try:
        take_back_asking.decline_take_back(viewer=viewer_of(request), key=key, asked=asked, answer=answer)
    except TakeBackAskInvalid as refusal:
        form.refuse(refusal)
        return _request_page(request, asked, form, HTTPStatus.BAD_REQUEST)
    except NotWaiting:
        messages.warning(request, _("Somebody was quicker: it was answered already. Nothing was changed."))
    else:
        messages.success(request, _("Declined; the mentor reads your answer."))
    return redirect("take_back_request", asked.pk)


@signed_in
@at_station(Reach.TURN)
@require_POST
def undo_all(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back, as entered by mistake, all that the viewer signed in one act and that still stands; all or none."""
    viewer = viewer_of(request)
    mine = SignOff.objects.visible_to(viewer).filter(entry__act=pk, signer=viewer.user_id)
    made = mine.select_related("apprenticeship__sponsor")
    if not made:
        raise Http404
    form = UndoAllForm(request.POST, made=made)
    proving = Proving(request, (sign_off.apprenticeship.sponsor for sign_off in made))
    if not form.is_valid():
        messages.error(request, _("That did not arrive whole. Nothing was changed; press it again."))
    elif not proving.succeeds():
        messages.error(request, proving.wrong)
    else:
        _undone(request, form)
    return redirect("signed_together", pk)


def _undone(request: HttpRequest, form: UndoAllForm) -> None:
    """Undo what a valid form names, and say what came of it."""
    key, chosen = str(form.cleaned_data["key"]), list(form.cleaned_data["sign_off"])
    try:
        taken = take_back_many(viewer=viewer_of(request), key=key, sign_offs=chosen, kind=RevocationKind.MISTAKE)
    except UndoTimeOver:
        messages.warning(request, _("The time to undo has passed. Nothing was changed."))
    except (NotStanding, KeyReused):
        messages.warning(request, _("Some of these stand no more, so nothing was undone. See below how it is."))
    except NotPermitted:
        messages.warning(request, _("You do not mentor all of these apprentices any more. Nothing was changed."))
    else:
        told = ngettext("%(count)s sign-off was undone.", "All %(count)s sign-offs were undone.", len(taken))
        messages.success(request, told % {"count": len(taken)})
