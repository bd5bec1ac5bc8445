"""The page on which an administrator keeps a sponsor's profile."""

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
from accounts.sponsor_forms import SponsorProfileForm
from accounts.sponsor_profile import ProfileInvalid, set_profile
from accounts.zones import zone_names
from acts.acting import KeyReused


@page(Permission.MANAGE_SPONSOR, on=get_sponsor)
@require_http_methods(["GET", "HEAD", "POST"])
def sponsor_profile(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """Name, contacts, zone, language and what is usual; POST keeps them."""
    form = SponsorProfileForm(request.POST if request.method == "POST" else None, sponsor=sponsor)
    if request.method == "POST" and form.is_valid() and _set(request, sponsor, form):
        messages.success(request, _("Kept. What was signed and printed before stays as it is."))
        return redirect("sponsor_setup")
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    context = {"sponsor": sponsor, "form": form, "zones": zone_names()}
    return render(request, "accounts/sponsor_profile.html", context, status=status)


def _set(request: HttpRequest, sponsor: Sponsor, form: SponsorProfileForm) -> bool:
    """Whether it is kept; what is refused stands in the form."""
    key = str(form.cleaned_data["key"])
    try:
        set_profile(viewer=viewer_of(request), key=key, sponsor=sponsor, profile=form.profile)
    except ProfileInvalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
        return False
    return True
