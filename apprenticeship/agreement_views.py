"""The apprentice's OK, their disagreement, and the answer to it. What shows them is in `reports`."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import Reach, at_station, page
from accounts.proving import Proving
from acts.acting import KeyReused, new_key
from apprenticeship import agreeing
from apprenticeship.agreeing import AgreementInvalid, AlreadySaid, NotLive, answer_due
from apprenticeship.agreement_forms import AgreeForm, AnswerForm, DisagreeForm
from apprenticeship.agreement_sheet import AgreementSheet
from apprenticeship.disagreements import AnswerInvalid, NotOpen, require_answering
from apprenticeship.disagreements import answer_disagreement as answer
from apprenticeship.getters import get_apprenticeship, get_disagreement, get_sign_off
from apprenticeship.meaning import meaning_of_agreement, meaning_of_answer
from apprenticeship.models import AnswerOutcome, Apprenticeship, CounterSignature, SignOff, SkillStanding

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@page(Permission.AGREE, on=get_apprenticeship)
@at_station(Reach.TURN)
@forms_methods
def agree(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """What waits for the apprentice's OK, to be read; POST agrees with what is ticked."""
    sheet = AgreementSheet(viewer_of(request), apprenticeship, only=_named(request))
    proving = _proving(request, apprenticeship)
    if request.method != "POST":
        return _agree_page(request, AgreeForm(sheet=sheet), HTTPStatus.OK)
    form = AgreeForm(request.POST, sheet=sheet)
    if not (proving.succeeds() & form.is_valid()):
        return _agree_page(request, form, HTTPStatus.BAD_REQUEST)
    return _agreed(request, form)


def _proving(request: HttpRequest, apprenticeship: Apprenticeship) -> Proving:
    """Asks who signs, once it is sure that they may."""
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    return proving


def _agreed(request: HttpRequest, form: AgreeForm) -> HttpResponse:
    """Agree with what a valid form says and answer, whatever comes of it."""
    chosen = list(form.cleaned_data["sign_off"])
    try:
        made = agreeing.agree(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), sign_offs=chosen)
    except AgreementInvalid as refusal:
        form.refuse(refusal)
        return _agree_page(request, form, HTTPStatus.BAD_REQUEST)
    except (NotLive, AlreadySaid, KeyReused) as refusal:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(refusal, KeyReused) else HTTPStatus.CONFLICT
        return _agree_page(request, _anew(form), status)
    told = ngettext("You agreed with %(count)s sign-off.", "You agreed with %(count)s sign-offs.", len(made))
    messages.success(request, told % {"count": len(made)})
    return redirect("record", form.sheet.apprenticeship.pk)


def _anew(form: AgreeForm) -> AgreeForm:
    """A form with a fresh key over what is offered now; what was unticked stays so."""
    sheet = AgreementSheet(form.sheet.viewer, form.sheet.apprenticeship, only=form.sheet.only)
    data = form.data.copy() if isinstance(form.data, QueryDict) else QueryDict(mutable=True)
    data["key"] = new_key()
    return AgreeForm(data, sheet=sheet)


def _agree_page(request: HttpRequest, form: AgreeForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "form": form,
        "sheet": form.sheet,
        "book": form.sheet.apprenticeship,
        "stale": status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    }
    return render(request, "apprenticeship/agree.html", context, status=status)


def _named(request: HttpRequest) -> uuid.UUID | None:
    """The sign-off that the address names, if it names one at all."""
    try:
        return uuid.UUID(request.GET.get("sign_off", ""))
    except ValueError:
        return None


@page(Permission.AGREE, on=get_sign_off)
@at_station(Reach.TURN)
@forms_methods
def disagree(request: HttpRequest, sign_off: SignOff) -> HttpResponse:
    """Ask why the apprentice disagrees with one sign-off; POST says it."""
    proving = _proving(request, sign_off.apprenticeship)
    form = DisagreeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _disagree_page(request, form, sign_off, HTTPStatus.OK)
    if not (proving.succeeds() & form.is_valid()):
        return _disagree_page(request, form, sign_off, HTTPStatus.BAD_REQUEST)
    return _disagreed(request, form, sign_off)


def _disagreed(request: HttpRequest, form: DisagreeForm, sign_off: SignOff) -> HttpResponse:
    """Say what a valid form says and answer, whatever comes of it."""
    key, reason = str(form.cleaned_data["key"]), str(form.cleaned_data["reason"])
    try:
        agreeing.disagree(viewer=viewer_of(request), key=key, sign_off=sign_off, reason=reason)
    except AgreementInvalid as refusal:
        form.refuse(refusal)
        return _disagree_page(request, form, sign_off, HTTPStatus.BAD_REQUEST)
    except (NotLive, AlreadySaid):
        return _disagree_page(request, form, sign_off, HTTPStatus.CONFLICT)
    messages.success(request, _("You disagreed. Your coordinator reads why and answers."))
    return redirect("record_skill", sign_off.apprenticeship_id, sign_off.skill_id)


def _disagree_page(request: HttpRequest, form: DisagreeForm, sign_off: SignOff, status: HTTPStatus) -> HttpResponse:
    rows = SkillStanding.objects.filter(sign_off=sign_off).select_related("counter_signature__answer")
    standing = rows.first()
    last = standing.counter_signature if standing else None
    context = {
        "form": form,
        "sign_off": sign_off,
        "stands": standing is not None,
        "waiting": last if last and not last.agrees and not hasattr(last, "answer") else None,
        "due": answer_due(viewer_of(request), sign_off),
        "meaning": meaning_of_agreement(agrees=False),
    }
    return render(request, "apprenticeship/disagree.html", context, status=status)


@page(Permission.ANSWER_DISAGREEMENT, on=get_disagreement)
@forms_methods
def answer_disagreement(request: HttpRequest, disagreement: CounterSignature) -> HttpResponse:
    """One disagreement with its reason; POST answers it."""
    require_answering(viewer_of(request), disagreement)
    proving = _proving(request, disagreement.sign_off.apprenticeship)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _answer_page(request, form, disagreement, HTTPStatus.OK)
    if not (proving.succeeds() & form.is_valid()):
        return _answer_page(request, form, disagreement, HTTPStatus.BAD_REQUEST)
    return _answered(request, form, disagreement)


def _answered(request: HttpRequest, form: AnswerForm, disagreement: CounterSignature) -> HttpResponse:
    """Answer what a valid form says, whatever comes of it."""
    key, outcome, words = (str(form.cleaned_data[name]) for name in ("key", "outcome", "words"))
    try:
        answer(viewer=viewer_of(request), key=key, disagreement=disagreement, outcome=outcome, words=words)
    except AnswerInvalid as refusal:
        form.refuse(refusal)
        return _answer_page(request, form, disagreement, HTTPStatus.BAD_REQUEST)
    except NotOpen:
        return _answer_page(request, form, disagreement, HTTPStatus.CONFLICT)
    messages.success(request, _("Answered. The apprentice and the signer can read it in the record."))
    return redirect("disagreements")


def _answer_page(
    request: HttpRequest, form: AnswerForm, disagreement: CounterSignature, status: HTTPStatus
) -> HttpResponse:
    sign_off = disagreement.sign_off
    context = {
        "form": form,
        "disagreement": disagreement,
        "sign_off": sign_off,
        "book": sign_off.apprenticeship,
        "meanings": [{"outcome": outcome.value, "text": meaning_of_answer(outcome)} for outcome in AnswerOutcome],
        "open": CounterSignature.objects.open().filter(pk=disagreement.pk).exists(),
        "skill_page": reverse("record_skill", args=[sign_off.apprenticeship_id, sign_off.skill_id]),
    }
    return render(request, "apprenticeship/answer_disagreement.html", context, status=status)
