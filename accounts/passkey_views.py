"""The page of one's own passkeys, and the two questions a device answers: make one, and show the one it has."""

from http import HTTPStatus
from typing import Any

from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.addresses import is_ours
from accounts.forms import PasskeyForm
from accounts.middleware import viewer_of
from accounts.pages import public, signed_in
from accounts.passkeys import (
    PasskeyInvalid,
    add_passkey,
    creation_options,
    is_answer,
    passkeys_of,
    remove_passkey,
    rename_passkey,
)
from accounts.proving import Asks, Proving


@never_cache
@signed_in
@require_safe
def passkeys(request: HttpRequest) -> HttpResponse:
    """One's own passkeys, and the button that makes another."""
    Proving(request, [], Asks.RECENT)
    return _page(request, HTTPStatus.OK)


def _page(request: HttpRequest, status: HTTPStatus, wrong: str = "") -> HttpResponse:
    context = {"passkeys": list(passkeys_of(viewer_of(request))), "wrong": wrong}
    return render(request, "accounts/passkeys.html", context, status=status)


@signed_in
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What the device is asked to make, for whoever has just shown who they are."""
    proving = Proving(request, [], Asks.RECENT)
    if not proving.succeeds():
        return JsonResponse({"wrong": proving.wrong}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse(creation_options(viewer=viewer_of(request)))


@signed_in
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the device has made."""
    Proving(request, [], Asks.RECENT)
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        return _page(request, HTTPStatus.BAD_REQUEST, _("Give it a name, then press the button once more."))
    try:
        add_passkey(viewer=viewer_of(request), **form.cleaned_data)
    except PasskeyInvalid as refusal:
        return _page(request, HTTPStatus.BAD_REQUEST, refusal.message)
    messages.success(request, _("The passkey is added. It logs you in here, and you can sign with it."))
    return redirect("passkeys")


@signed_in
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Call one of one's own passkeys otherwise."""
    rename_passkey(passkey=_own(request, pk), name=request.POST.get("name", ""))
    return redirect("passkeys")


@signed_in
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one of one's own passkeys open nothing any more."""
    passkey, proving = _own(request, pk), Proving(request, [], Asks.RECENT)
    if not proving.succeeds():
        return _page(request, HTTPStatus.BAD_REQUEST, proving.wrong)
    remove_passkey(viewer=viewer_of(request), passkey=passkey)
    messages.success(request, _("The passkey is removed. What you signed with it stays signed."))
    return redirect("passkeys")


def _own(request: HttpRequest, pk: int) -> Any:
    found = passkeys_of(viewer_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@public
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """What a device shall sign to show its passkey: one of the person's own, or at the login any for this site."""
    viewer = viewer_of(request)
    if viewer.is_anonymous and not ratelimit.consume(request, app="allauth.mfa", action="webauthn_login"):
        return JsonResponse({"wrong": _("Too many tries. Wait a minute.")}, status=HTTPStatus.TOO_MANY_REQUESTS)
    return JsonResponse(auth.begin_authentication(viewer.user))


@public
@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in whoever's device has answered the challenge of this session."""
    after = request.POST.get("next", "")
    after = after if is_ours(request, after) else ""
    form = LoginWebAuthnForm(request.POST)
    if not is_answer(form):
        messages.error(request, _("No passkey of yours was found for this site. Log in with your password."))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': after})}" if after else "account_login")
    passkey = form.cleaned_data["credential"]
    answer: HttpResponse = flows.perform_passwordless_login(
        request, passkey, Login(user=passkey.user, redirect_url=after or None)
    )
    return answer
