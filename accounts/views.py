"""The pages about oneself: language, role, profile; and the glossary."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, permits
from accounts.forms import LanguageForm, RoleForm
from accounts.glossary import find
from accounts.middleware import viewer_of
from accounts.models import User
from accounts.navigation import choose
from accounts.pages import Reach, at_station, public, signed_in
from accounts.viewer import Viewer


def back(request: HttpRequest, address: str) -> str:
    """`address` where it lies on this site, else the front page."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else reverse("home")


@public
@at_station(Reach.ALWAYS)
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Show pages in another language: kept with the person who is logged in, in a cookie for anybody else."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest("a language that is not offered")
    language = form.cleaned_data["language"]
    response = redirect(back(request, form.cleaned_data["next"]))
    if isinstance(request.user, User):
        request.user.language = language
        request.user.save(update_fields=["language"])
    _remember(response, language)
    return response


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


@signed_in
@require_POST
def choose_role(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own roles; leads to that role's first page."""
    form = RoleForm(request.POST)
    if not form.is_valid() or not choose(viewer_of(request), request.session, form.cleaned_data["membership"]):
        raise Http404
    return redirect("home")


@signed_in
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is to Journeybook: name, sign-in name, mail, language, roles and signature."""
    viewer = viewer_of(request)
    context = {
        "languages": settings.LANGUAGES,
        "signing": _signing(viewer),
        "may_set_pin": any(permits(viewer, Permission.SET_PIN, on=sponsor) for sponsor in viewer.sponsors),
    }
    return render(request, "accounts/profile.html", context)


def _signing(viewer: Viewer) -> list[dict[str, object]]:
    """For each sponsor with whom one may sign: whether one's signature can stand, and what one may do about others'."""
    return [
        {
            "sponsor": sponsor,
            "accepted": sponsor.pk in viewer.accepted_with,
            "identified": sponsor.pk in viewer.identified_by,
            "confirms": permits(viewer, Permission.CONFIRM_IDENTITY, on=sponsor),
        }
        for sponsor in viewer.sponsors
        if permits(viewer, Permission.ACCEPT_SIGNATURE, on=sponsor)
    ]


@public
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The field's words in plain ones; `?q=` narrows them down."""
    query = request.GET.get("q", "").strip()
    return render(request, "glossary/glossary.html", {"terms": find(query), "query": query})
