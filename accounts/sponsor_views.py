"""The pages on which an administrator keeps a sponsor's profile and its logo; and the logo itself."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission
from accounts.logo import logo_bytes, set_logo
from accounts.middleware import viewer_of
from accounts.models import Sponsor
from accounts.pages import page, signed_in, visible_or_404
from accounts.signing_views import get_sponsor
from accounts.sponsor_forms import LogoForm, SponsorProfileForm
from accounts.sponsor_profile import ProfileInvalid, set_profile
from accounts.zones import zone_names
from acts.acting import KeyReused
from acts.pictures import PNG
from acts.refusing import FileRefused
from acts.uploads import let_go


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


@page(Permission.MANAGE_SPONSOR, on=get_sponsor)
@require_http_methods(["GET", "HEAD", "POST"])
def change_logo(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The sponsor's logo; POST keeps another one, or none."""
    form = LogoForm(request.POST, request.FILES) if request.method == "POST" else LogoForm()
    if request.method == "POST" and form.is_valid() and _set_logo(request, sponsor, form):
        messages.success(request, _("Kept. It stands in the head of pages and on papers that are made from now on."))
        return redirect("sponsor_setup")
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "accounts/sponsor_logo.html", {"sponsor": sponsor, "form": form}, status=status)


@signed_in
@require_safe
def sponsor_logo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The picture itself, for everybody of the sponsor; its address names the file, so that browsers may keep it."""
    sponsor = visible_or_404(Sponsor.objects.visible_to(viewer_of(request)).select_related("logo"), pk)
    if sponsor.logo is None:
        raise Http404
    response = HttpResponse(logo_bytes(sponsor.pk, sponsor.logo.sha256), content_type=PNG)
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _set_logo(request: HttpRequest, sponsor: Sponsor, form: LogoForm) -> bool:
    """Whether it is kept; what is refused stands in the form."""
    key, file = str(form.cleaned_data["key"]), None if "remove" in request.POST else form.cleaned_data["file"]
    if file is None and "remove" not in request.POST:
        large = _("The file is too large. Choose a smaller one.")
        form.add_error("file", large if let_go(request).too_large else _("Choose a picture."))
        return False
    try:
        set_logo(viewer=viewer_of(request), key=key, sponsor=sponsor, file=file)
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. Load it again to see what holds now."))
        return False
    return True


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
