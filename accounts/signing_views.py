"""The pages on which signatures rest: accepting what one's own stands for, and confirming who somebody is."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.acceptance import (
    IdentityInvalid,
    accept_signature,
    confirm_identity,
    people_of,
    statement_of,
    who_may_confirm,
)
from accounts.access import NotPermitted, Permission, permits, require
from accounts.addresses import is_ours
from accounts.forms import ConfirmIdentityForm, KeyForm, SigningPolicyForm
from accounts.middleware import viewer_of
from accounts.models import IdentityConfirmation, SignatureAcceptance, SigningPolicy, Sponsor, User
from accounts.pages import page, signed_in, visible_or_404
from accounts.proving import Asks, Proving
from accounts.signing_policy import WORTH, PolicyUnknown, set_signing_policy
from accounts.viewer import Viewer
from acts.acting import KeyReused

MOST_PEOPLE = 100
"""How many people one page lists; the search finds the others."""

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


def get_sponsor(viewer: Viewer, pk: uuid.UUID) -> Sponsor:
    """A sponsor with whom the viewer holds a role."""
    return visible_or_404(Sponsor.objects.visible_to(viewer), pk)


@page(Permission.ACCEPT_SIGNATURE, on=get_sponsor)
@forms_methods
def accept(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """What one's electronic signature stands for; POST accepts it and leads back to where one came from."""
    proving = Proving(request, [sponsor], Asks.RECENT)
    back = request.POST.get("next") or request.GET.get("next", "")
    back = back if is_ours(request, back) else reverse("home")
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _accept_page(request, sponsor, form, back, HTTPStatus.OK)
    if not (proving.succeeds() & form.is_valid()):
        return _accept_page(request, sponsor, form, back, HTTPStatus.BAD_REQUEST)
    accept_signature(viewer=viewer_of(request), key=str(form.cleaned_data["key"]), sponsor=sponsor)
    messages.success(request, _("Accepted. Your electronic signature with %(name)s counts.") % {"name": sponsor.name})
    return redirect(back)


def _accept_page(request: HttpRequest, sponsor: Sponsor, form: KeyForm, back: str, status: HTTPStatus) -> HttpResponse:
    viewer = viewer_of(request)
    mine = {"sponsor": sponsor, "person": viewer.person}
    confirmed = IdentityConfirmation.objects.filter(**mine).select_related("confirmed_by").order_by("-confirmed_at")
    context = {
        "sponsor": sponsor,
        "form": form,
        "back": back,
        "statement": statement_of(viewer.person, sponsor),
        "accepted": SignatureAcceptance.objects.filter(**mine).first(),
        "confirmed": confirmed.first(),
        "may_confirm": who_may_confirm(viewer, sponsor),
    }
    return render(request, "accounts/accept_signature.html", context, status=status)


@page(Permission.CONFIRM_IDENTITY, on=get_sponsor)
@require_safe
def identities(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """The people of a sponsor: who confirmed who they are, and when; `?q=` narrows them down."""
    query = request.GET.get("q", "").strip()
    found = people_of(viewer_of(request), sponsor)
    for word in query.split():
        found = found.filter(Q(name__icontains=word) | Q(username__icontains=word))
    shown, total = list(found[:MOST_PEOPLE]), found.count()
    context = {"sponsor": sponsor, "people": shown, "total": total, "query": query}
    return render(request, "accounts/identities.html", context)


@page(Permission.CONFIRM_IDENTITY, on=get_sponsor)
@forms_methods
def confirm(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Say how one made sure that an account is that person's; POST writes it down. Never for oneself."""
    person = visible_or_404(people_of(viewer_of(request), sponsor), person_pk)
    if person.pk == viewer_of(request).user_id:
        raise NotPermitted(Permission.CONFIRM_IDENTITY)
    proving = Proving(request, [sponsor], Asks.RECENT)
    form = ConfirmIdentityForm(request.POST if request.method == "POST" else None)
    context = {"sponsor": sponsor, "person": person, "form": form}
    if request.method == "POST" and proving.succeeds() & form.is_valid() and _confirmed(request, sponsor, person, form):
        messages.success(request, _("Confirmed: %(name)s.") % {"name": person.name})
        return redirect("identities", sponsor.pk)
    status = HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK
    return render(request, "accounts/confirm_identity.html", context, status=status)


def _confirmed(request: HttpRequest, sponsor: Sponsor, person: User, form: ConfirmIdentityForm) -> bool:
    """Whether it is written down; what is refused stands in the form."""
    key, how = str(form.cleaned_data["key"]), form.cleaned_data["how"]
    try:
        confirm_identity(viewer=viewer_of(request), key=key, sponsor=sponsor, person=person, how=how)
    except IdentityInvalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See in the list how it stands now."))
        return False
    return True


@signed_in
@forms_methods
def signing_policy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a sponsor asks of its signers, in plain words, for everybody there; POST changes it."""
    viewer = viewer_of(request)
    sponsor = get_sponsor(viewer, pk)
    form = SigningPolicyForm(
        request.POST if request.method == "POST" else None, initial={"policy": sponsor.signing_policy}
    )
    if request.method != "POST":
        Proving(request, [sponsor], Asks.FRESH)
        return _policy_page(request, sponsor, form, HTTPStatus.OK)
    require(viewer, Permission.SET_SIGNING_POLICY, on=sponsor)
    proving = Proving(request, [sponsor], Asks.FRESH)
    if proving.succeeds() & form.is_valid() and _set_policy(request, sponsor, form):
        messages.success(request, _("From now on: %(policy)s.") % {"policy": SigningPolicy(form.chosen).label})
        return redirect("signing_policy", sponsor.pk)
    return _policy_page(request, sponsor, form, HTTPStatus.BAD_REQUEST)


def _set_policy(request: HttpRequest, sponsor: Sponsor, form: SigningPolicyForm) -> bool:
    """Whether it holds now; what is refused stands in the form."""
    try:
        set_signing_policy(
            viewer=viewer_of(request), key=str(form.cleaned_data["key"]), sponsor=sponsor, policy=form.chosen
        )
    except PolicyUnknown as refusal:
        form.add_error("policy", str(refusal.message))
        return False
    except KeyReused:
        form.add_error(None, _("This page was sent before. See below what holds now."))
        return False
    return True


def _policy_page(request: HttpRequest, sponsor: Sponsor, form: SigningPolicyForm, status: HTTPStatus) -> HttpResponse:
    context = {
        "sponsor": sponsor,
        "form": form,
        "policies": [(policy, WORTH[policy], policy == sponsor.signing_policy) for policy in SigningPolicy],
        "may_set": permits(viewer_of(request), Permission.SET_SIGNING_POLICY, on=sponsor),
    }
    return render(request, "accounts/signing_policy.html", context, status=status)
