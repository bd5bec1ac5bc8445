"""The page on which a coordinator registers one apprentice."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.signing_views import get_sponsor
from acts.acting import KeyReused
from apprenticeship.mentoring import MentoringInvalid
from apprenticeship.models import Apprenticeship
from apprenticeship.registering import RegistrationInvalid, register
from apprenticeship.registering_forms import RegisterForm


@page(Permission.REGISTER_APPRENTICES, on=get_sponsor)
@require_http_methods(["GET", "HEAD", "POST"])
def register_apprentice(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """Register one apprentice: somebody new, who is invited, or somebody who is already with the sponsor."""
    form = RegisterForm(
        request.POST if request.method == "POST" else None, sponsor=sponsor, today=viewer_of(request).today(sponsor)
    )
    if request.method == "POST" and form.is_valid() and (book := _registered(request, sponsor, form)):
        messages.success(request, _("%(name)s is registered.") % {"name": book.apprentice.name})
        return redirect("record", book.pk)
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/register.html", {"sponsor": sponsor, "form": form}, status=status)


def _registered(request: HttpRequest, sponsor: Sponsor, form: RegisterForm) -> Apprenticeship | None:
    """The book; None where it is refused, and the form says why."""
    key = str(form.cleaned_data["key"])
    try:
        return register(viewer=viewer_of(request), key=key, sponsor=sponsor, wanted=form.wanted)
    except RegistrationInvalid as refusal:
        form.refuse(refusal.problems)
    except MentoringInvalid as refusal:
        for _field, message in refusal.problems:
            form.add_error("primary", message)
    except KeyReused:
        form.add_error(None, _("This page was sent before with something else in it. Load it again to go on."))
    return None
