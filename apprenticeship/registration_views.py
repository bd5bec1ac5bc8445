"""The agreement of one record: what is recorded of it, and recording that the agency registered it."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import Permission, acting_role, permits
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.pages import page
from accounts.proving import Proving
from acts.acting import KeyReused
from apprenticeship.getters import get_apprenticeship
from apprenticeship.meaning import meaning_of_registration
from apprenticeship.models import AgreementForm, Apprenticeship
from apprenticeship.registration import LONGEST_NUMBER, Agreement, AgreementInvalid, registration_of
from apprenticeship.registration import record_registration as record
from apprenticeship.views import forms_methods

DAY = {"type": "date"}


class RegistrationForm(KeyForm):
    """What the signed agreement and the agency's answer say."""

    form = forms.ChoiceField(
        label=gettext_lazy("Form of the agreement"),
        choices=AgreementForm.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the form of the agreement.")},
    )
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day on which it was signed.")},
    )
    by_guardian = forms.BooleanField(
        label=gettext_lazy("A guardian signed it too, because the apprentice was under 18"), required=False
    )
    number = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=LONGEST_NUMBER,
        error_messages={"required": gettext_lazy("Enter the number that the agency gave.")},
    )
    registered_on = forms.DateField(
        label=gettext_lazy("Registered on"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day on which the agency registered it.")},
    )


@page(Permission.READ_RECORD, on=get_apprenticeship)
@require_safe
def record_agreement(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """What is recorded of the agreement of one record, and whom to turn to with a complaint."""
    viewer = viewer_of(request)
    context = {
        "book": apprenticeship,
        "registration": registration_of(apprenticeship),
        "may_keep": permits(viewer, Permission.KEEP_AGREEMENT, on=apprenticeship),
        "may_credit": apprenticeship.is_running and permits(viewer, Permission.GRANT_CREDIT, on=apprenticeship),
    }
    return render(request, "apprenticeship/record_agreement.html", context)


@page(Permission.KEEP_AGREEMENT, on=get_apprenticeship)
@forms_methods
def register_agreement(request: HttpRequest, apprenticeship: Apprenticeship) -> HttpResponse:
    """The form of a registration; POST records it."""
    proving = Proving(request, [apprenticeship.sponsor])
    proving.require_readiness()
    known = {"number": apprenticeship.registration_number}
    form = RegistrationForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method != "POST":
        return _page(request, apprenticeship, form)
    if not (proving.succeeds() & form.is_valid()):
        return _page(request, apprenticeship, form, HTTPStatus.BAD_REQUEST)
    return _recorded(request, apprenticeship, form)


def _recorded(request: HttpRequest, book: Apprenticeship, form: RegistrationForm) -> HttpResponse:
    said = dict(form.cleaned_data)
    key = str(said.pop("key"))
    try:
        record(viewer=viewer_of(request), key=key, apprenticeship=book, agreement=Agreement(**said))
    except AgreementInvalid as refusal:
        form.add_error(refusal.field, refusal.message)
        return _page(request, book, form, HTTPStatus.BAD_REQUEST)
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
        return _page(request, book, form, HTTPStatus.CONFLICT)
    messages.success(request, _("The registration is in the record."))
    return redirect("record_agreement", book.pk)


def _page(
    request: HttpRequest, book: Apprenticeship, form: RegistrationForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "book": book,
        "form": form,
        "meaning": meaning_of_registration(),
        "role": acting_role(viewer_of(request), Permission.KEEP_AGREEMENT, on=book).label,
    }
    return render(request, "apprenticeship/register_agreement.html", context, status=status)
