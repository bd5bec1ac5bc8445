"""The acts of the conversation before a signature: asking, withdrawing, and sending back."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission
from accounts.addresses import by_htmx
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page
from acts.acting import KeyReused
from apprenticeship.answering import SendBackInvalid, may_answer, require_answering
from apprenticeship.answering import send_back as send
from apprenticeship.ask_sheet import AskSheet
from apprenticeship.asking import AskInvalid, CannotBeAsked
from apprenticeship.asking import ask as ask_for
from apprenticeship.asking import withdraw as take_back_asking
from apprenticeship.attachments import Attachments
from apprenticeship.conversation import NotUnderWay
from apprenticeship.evidence import EvidenceInvalid
from apprenticeship.getters import get_apprenticeship, get_asked, get_request, get_skill
from apprenticeship.models import Apprenticeship, AskKind, AskState, RequestedSkill, SignOffRequest
from apprenticeship.request_forms import AskForm, SendBackForm, WithdrawForm

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.ASK, on=get_apprenticeship)
@at_station(Reach.TURN)
@forms_methods
def ask(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The sheet on which an apprentice asks for one skill (`?skill=`) or several; POST asks."""
    sheet = _ask_sheet(request, apprenticeship)
    attachments = Attachments(request, apprenticeship)
    if request.method != "POST":
        return _ask_page(request, AskForm(sheet=sheet), HTTPStatus.OK)
    form = AskForm(request.POST, sheet=sheet)
    if not (form.is_valid() & attachments.succeeds()):
        return _ask_page(request, form, HTTPStatus.BAD_REQUEST)
    return _asked(request, form, attachments)


def _ask_sheet(request: HttpRequest, apprenticeship: Apprenticeship) -> AskSheet:
    """What the address asks for: one skill or several, a mentor's signature or credit (`?kind=credit`).

    An address that names one skill which the standard does not have leads nowhere.
    """
    try:
        named = [uuid.UUID(text) for text in request.GET.getlist("skill") if text]
    except ValueError as error:
        raise Http404 from error
    only = get_skill(apprenticeship, named[0]) if len(named) == 1 else None
    kind = AskKind.CREDIT if request.GET.get("kind") == AskKind.CREDIT else AskKind.SIGN_OFF
    return AskSheet(viewer_of(request), apprenticeship, only, kind, frozenset(named))


def _asked(request: HttpRequest, form: AskForm, attachments: Attachments) -> HttpResponse:
    """Ask for what a valid form says and answer, whatever comes of it."""
    sheet, wanted = form.sheet, form.cleaned_data
    try:
        made = ask_for(
            viewer=sheet.viewer,
            key=str(wanted["key"]),
            apprenticeship=sheet.apprenticeship,
            lines=form.lines(),
            comment=wanted["comment"],
            kind=sheet.kind,
            evidence=attachments.ids,
        )
    except EvidenceInvalid as refusal:
        attachments.errors.append(refusal.message)
        return _ask_page(request, form, HTTPStatus.BAD_REQUEST)
    except AskInvalid as refusal:
        form.refuse(refusal)
        return _ask_page(request, form, HTTPStatus.BAD_REQUEST)
    except CannotBeAsked as refusal:
        form.refuse(refusal)
        return _ask_page(request, form, HTTPStatus.CONFLICT)
    except KeyReused:
        return _ask_page(request, form.renewed(), HTTPStatus.UNPROCESSABLE_ENTITY)
    return _after_asking(request, made)


def _after_asking(request: HttpRequest, made: list[RequestedSkill]) -> HttpResponse:
    """The record at the first skill that was asked for, or just its row where htmx changes it in place."""
    first = made[0]
    if by_htmx(request):
        return redirect("record_row", first.apprenticeship_id, first.skill_id)
    told = (
        ngettext(
            "You have asked for credit for %(skills)s skill.",
            "You have asked for credit for %(skills)s skills.",
            len(made),
        )
        if first.is_for_credit
        else ngettext("You have asked for %(skills)s sign-off.", "You have asked for %(skills)s sign-offs.", len(made))
    )
    messages.success(request, told % {"skills": len(made)})
    return redirect("record", first.apprenticeship_id)


def _ask_page(request: HttpRequest, form: AskForm, status: HTTPStatus) -> HttpResponse:
    """The sheet as a page, or alone where htmx opens it beneath the skill's row."""
    sheet = form.sheet
    in_place = by_htmx(request) and sheet.only is not None
    context = {"form": form, "sheet": sheet, "in_place": in_place}
    template = "apprenticeship/ask_sheet.html" if in_place else "apprenticeship/ask.html"
    response = render(request, template, context, status=status)
    if in_place and sheet.only:  # the form aims at its row; what was refused stays in the sheet
        response["HX-Retarget"] = f"#sheet-{sheet.only.pk}"
        response["HX-Reswap"] = "innerHTML"
    return response


@page(Permission.ASK, on=get_asked)
@require_POST
def withdraw(request: HttpRequest, asked: RequestedSkill) -> HttpResponse:
    """Take one asking back and lead to the record."""
    form = WithdrawForm(request.POST)
    to_record = redirect(f"{reverse('record', args=[asked.apprenticeship_id])}#skill-{asked.skill_id}")
    if not form.is_valid():
        messages.error(request, _("That did not arrive whole. Nothing was changed; press it again."))
        return to_record
    try:
        take_back_asking(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), asked=asked)
    except (NotUnderWay, KeyReused):
        messages.warning(request, _("There was nothing to withdraw any more: see below how it stands."))
    else:
        messages.success(request, _("Withdrawn: %(code)s.") % {"code": asked.skill.code})
    return to_record


@page(Permission.SEND_BACK, on=get_request)
@at_station(Reach.TURN)
@forms_methods
def send_back(request: HttpRequest, asking: SignOffRequest) -> HttpResponse:
    """Choose what of a request goes back to the apprentice, and say what is missing; POST sends it."""
    offered = _answerable(request, asking)
    if request.method != "POST":
        return _send_back_page(request, SendBackForm(offered=offered), asking, HTTPStatus.OK)
    form = SendBackForm(request.POST, offered=offered)
    if not form.is_valid():
        return _send_back_page(request, form, asking, HTTPStatus.BAD_REQUEST)
    return _sent_back(request, form, asking)


def _answerable(request: HttpRequest, asking: SignOffRequest) -> list[RequestedSkill]:
    """The skills of the request that the viewer may answer; a mentor of other tracks is refused."""
    viewer, book = viewer_of(request), asking.apprenticeship
    rows = list(asking.skills.select_related("skill__skill_set").order_by("skill__skill_set__order", "skill__order"))
    for row in rows:
        row.apprenticeship = book  # loaded once, with its mentors
    mine = [row for row in rows if may_answer(viewer, row)]
    if rows and not mine:
        require_answering(viewer, rows[0])
    return mine


def _sent_back(request: HttpRequest, form: SendBackForm, asking: SignOffRequest) -> HttpResponse:
    """Send back what a valid form says and answer, whatever comes of it."""
    wanted = form.cleaned_data
    try:
        made = send(viewer=viewer_of(request), key=str(wanted["key"]), asked=form.rows(), comment=wanted["comment"])
    except SendBackInvalid as refusal:
        form.refuse(refusal)
        return _send_back_page(request, form, asking, HTTPStatus.BAD_REQUEST)
    except NotUnderWay:
        quicker = _("Somebody was quicker: not all that you chose waits any longer. What you wrote is kept.")
        return _send_back_page(request, form.over(_answerable(request, asking), quicker), asking, HTTPStatus.CONFLICT)
    except KeyReused:
        again = form.over(form.offered, _("From this page something else was sent back before. Look once more."))
        return _send_back_page(request, again, asking, HTTPStatus.UNPROCESSABLE_ENTITY)
    told = ngettext("Sent back: %(skills)s skill.", "Sent back: %(skills)s skills.", len(made))
    messages.success(request, told % {"skills": len(made)})
    return redirect("sign_off_request", asking.pk)


def _send_back_page(
    request: HttpRequest, form: SendBackForm, asking: SignOffRequest, status: HTTPStatus
) -> HttpResponse:
    waiting = [row for row in form.offered if row.state == AskState.OPEN]
    context = {"form": form, "asking": asking, "book": asking.apprenticeship, "waiting": waiting}
    return render(request, "apprenticeship/send_back.html", context, status=status)
