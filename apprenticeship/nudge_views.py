"""The act of reminding those who have a request."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission
from accounts.middleware import viewer_of
from accounts.pages import page
from acts.acting import KeyReused
from apprenticeship.conversation import NotUnderWay
from apprenticeship.getters import get_request
from apprenticeship.models import SignOffRequest
from apprenticeship.nudging import TooEarly
from apprenticeship.nudging import nudge as remind
from apprenticeship.request_forms import WithdrawForm


@page(Permission.ASK, on=get_request)
@require_POST
def nudge(request: HttpRequest, asking: SignOffRequest) -> HttpResponse:
    """Remind everybody who has the request and lead back to it."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("That did not arrive whole. Nothing was changed; press it again."))
        return redirect("sign_off_request", asking.pk)
    try:
        remind(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), asking=asking)
    except TooEarly:
        messages.warning(request, _("It is too early to remind anybody. Nobody was told again."))
    except (NotUnderWay, KeyReused):
        messages.warning(request, _("Nothing of this waits any longer. Nobody was reminded."))
    else:
        messages.success(request, _("Everybody who has it was reminded."))
    return redirect("sign_off_request", asking.pk)
