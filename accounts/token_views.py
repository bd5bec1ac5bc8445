"""The page of one's own access tokens: to make, list and revoke them."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, permits
from accounts.forms import RevokeForm, TokenForm
from accounts.middleware import viewer_of
from accounts.models import ApiToken, TokenScope
from accounts.pages import page, signed_in, visible_or_404
from accounts.tokens import AlreadyRevoked, MadeToken, make_token, revoke_token
from accounts.viewer import Viewer
from acts.acting import new_key


def get_token(viewer: Viewer, pk: uuid.UUID) -> ApiToken:
    """One's own token with its sponsor."""
    return visible_or_404(ApiToken.objects.visible_to(viewer).select_related("sponsor"), pk)


def show(request: HttpRequest, form: TokenForm, *, made: MadeToken | None = None, status: int = 200) -> HttpResponse:
    """The list with the form beneath it; `made` is shown above them, this one time."""
    viewer = viewer_of(request)
    listed = ApiToken.objects.visible_to(viewer).newest_first().select_related("sponsor")
    rows = [(token, token.is_live(viewer.at), new_key()) for token in listed]
    may_make = any(permits(viewer, Permission.MANAGE_TOKENS, on=sponsor) for sponsor in viewer.sponsors)
    context = {"rows": rows, "form": form, "made": made, "may_make": may_make}
    return render(request, "accounts/tokens.html", context, status=status)


@never_cache
@signed_in
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, also of sponsors that one has left, and the form for another."""
    return show(request, TokenForm(viewer=viewer_of(request)))


@never_cache
@page(Permission.MANAGE_TOKENS)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this one time: no redirect, so that it is stored nowhere on the way."""
    viewer = viewer_of(request)
    form = TokenForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return show(request, form, status=HTTPStatus.BAD_REQUEST)
    made = make_token(viewer=viewer, scopes=[TokenScope.READ], **form.cleaned_data)
    return show(request, TokenForm(viewer=viewer), made=made)


@signed_in
@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Revoke one of one's own tokens."""
    token = get_token(viewer_of(request), pk)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Go back, load the page again and press the button once more."))
    try:
        revoke_token(viewer=viewer_of(request), key=form.cleaned_data["key"], token=token)
    except AlreadyRevoked:
        messages.info(request, _("“%(name)s” had been revoked before.") % {"name": token.name})
    else:
        messages.success(request, _("“%(name)s” is revoked. It opens nothing any more.") % {"name": token.name})
    return redirect("tokens")
