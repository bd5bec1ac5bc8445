"""The page on which a sponsor's administrator says how many hours on the job a day may have."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.forms import KeyForm
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page
from accounts.signing_views import get_sponsor
from acts.acting import KeyReused
from apprenticeship.daily_cap import CapInvalid, set_daily_cap
from apprenticeship.plain_hours import plain_hours


class DailyCapForm(KeyForm):
    """How many hours; blank for no limit but the day."""

    hours = forms.DecimalField(
        label=gettext_lazy("Most hours on the job in one day"),
        help_text=gettext_lazy("In quarters, for example 10.5. Blank: only the 24 hours of the day limit it."),
        max_digits=4,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0.25", "max": "24", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"), CapInvalid.message
        ),
    )


@page(Permission.SET_DAILY_CAP, on=get_sponsor)
@require_http_methods(["GET", "HEAD", "POST"])
def daily_cap(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """How many hours on the job one day may have with a sponsor; POST sets it."""
    now = sponsor.most_work_hours_a_day
    initial = {"hours": None if now is None else plain_hours(now)}
    form = DailyCapForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _set(request, sponsor, form):
        return redirect("daily_cap", sponsor.pk)
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "apprenticeship/daily_cap.html", {"sponsor": sponsor, "form": form}, status=status)


def _set(request: HttpRequest, sponsor: Sponsor, form: DailyCapForm) -> bool:
    """Whether it holds now; what is refused stands in the form."""
    key, hours = str(form.cleaned_data["key"]), form.cleaned_data["hours"]
    try:
        set_daily_cap(viewer=viewer_of(request), key=key, sponsor=sponsor, hours=hours)
    except CapInvalid as refusal:
        form.add_error("hours", str(refusal.message))
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
        return False
    messages.success(request, _("Saved. It holds for what is logged and approved from now on."))
    return True
