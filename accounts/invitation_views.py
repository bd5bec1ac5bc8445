"""The page behind an invitation's link: public by its secret address, limited, kept by no cache and no index."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.coming_in import (
    CannotJoin,
    ComingInInvalid,
    InvitationClosed,
    Standing,
    come_in,
    find,
    join,
    standing_of,
)
from accounts.middleware import viewer_of
from accounts.models import Invitation, Membership
from accounts.pages import public
from accounts.people_forms import ComeInForm
from accounts.throttling import spend
from acts.auditing import note_event

TRIES_A_MINUTE = 60
"""From one address, which may be a whole worksite: enough for a class, too few to guess at 256 bits."""

PageView = Callable[..., HttpResponse]


def by_secret_address(view: PageView) -> PageView:
    """A public page whose address lets in whoever has it: limited, and told to nobody further."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        who = f"secret:{get_adapter(request).get_client_ip(request)}"[:140]
        if spend(who, at=viewer_of(request).at, limit=TRIES_A_MINUTE):
            response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        else:
            response = view(request, token)
        response._has_been_logged = True  # type: ignore[attr-defined]  # else Django logs a refused address, token and all
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "strict-origin"  # with none at all a browser's forms come from nowhere
        return response

    return wrapped


@public
@by_secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Come in: with a new password, or (logged in) with the account that one has. Closed links say what to do."""
    invitation = find(token)
    if invitation is None:
        raise Http404
    standing = standing_of(invitation, viewer_of(request).at)
    if standing is not Standing.OPEN:
        return _closed(request, invitation, standing)
    if request.method == "POST":
        return _joined(request, invitation) if "join" in request.POST else _came_in(request, invitation)
    return _page(request, invitation, _form(invitation), HTTPStatus.OK)


def _form(invitation: Invitation) -> ComeInForm:
    return ComeInForm(initial={"name": invitation.name, "language": invitation.language or get_language()})


def _came_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = ComeInForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, form, HTTPStatus.BAD_REQUEST)
    said = {name: form.cleaned_data[name] for name in ("name", "language", "password")}
    at = viewer_of(request).at
    try:
        person = come_in(invitation=invitation, at=at, **said)
    except ComingInInvalid as refusal:
        for field, wrong in refusal.wrong.items():
            form.add_error(field, wrong)
        return _page(request, invitation, form, HTTPStatus.BAD_REQUEST)
    except CannotJoin as refusal:
        form.add_error(None, refusal.message)
        return _page(request, invitation, form, HTTPStatus.CONFLICT)
    except InvitationClosed as refusal:
        return _closed(request, invitation, refusal.standing)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    note_event("login", at=at, actor_id=person.pk)
    told = _("Welcome. Your sign-in name is %(name)s; with it and your password you log in from now on.")
    messages.success(request, told % {"name": person.username})
    return redirect("home")


def _joined(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    viewer = viewer_of(request)
    if viewer.is_anonymous:
        return _page(request, invitation, _form(invitation), HTTPStatus.BAD_REQUEST)
    try:
        join(viewer=viewer, invitation=invitation)
    except CannotJoin as refusal:
        messages.error(request, refusal.message)
        return _page(request, invitation, _form(invitation), HTTPStatus.CONFLICT)
    except InvitationClosed as refusal:
        return _closed(request, invitation, refusal.standing)
    messages.success(request, _("You are with %(sponsor)s now.") % {"sponsor": invitation.sponsor.name})
    return redirect("home")


def _page(request: HttpRequest, invitation: Invitation, form: ComeInForm, status: HTTPStatus) -> HttpResponse:
    roles = Membership.objects.filter(sponsor=invitation.sponsor, user=invitation.person, pending=True)
    context = {
        "invitation": invitation,
        "sponsor": invitation.sponsor,
        "form": form,
        "roles": [row.get_role_display() for row in roles.order_by("since", "pk")],
        "until": invitation.sponsor.local_date(invitation.expires_at),
    }
    return render(request, "accounts/accept_invitation.html", context, status=status)


def _closed(request: HttpRequest, invitation: Invitation, standing: Standing) -> HttpResponse:
    """What to do with a link that lets nobody in; whoever used it a moment ago is let on."""
    if standing is Standing.USED and request.method == "POST" and not viewer_of(request).is_anonymous:
        return redirect("home")
    context = {"sponsor": invitation.sponsor, "made_by": invitation.made_by, "standing": standing.value}
    return render(request, "accounts/invitation_closed.html", context, status=HTTPStatus.GONE)
