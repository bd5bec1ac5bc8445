"""Acts about the people of a sponsor: invite them, give and end roles, show a link, close and open an account."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, permits
from accounts.closing import CloseInvalid, close_account, reopen_account
from accounts.invitations import InvitationRefused, invite_again, show_link, withdraw_invitation
from accounts.middleware import viewer_of
from accounts.models import Invitation, Membership, Role, Sponsor, User
from accounts.pages import page, visible_or_404
from accounts.people import PeopleInvalid, invite
from accounts.people_forms import CloseForm, EndRoleForm, GiveRoleForm, InviteForm, SendAgainForm
from accounts.qr import svg_of
from accounts.roles import OFFICES, RoleInvalid, RoleRefused, end_role, give_role
from accounts.signing_views import get_sponsor
from accounts.viewer import Viewer
from acts.acting import KeyReused

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


def offered(viewer: Viewer, sponsor: Sponsor) -> list[tuple[str, str]]:
    """The roles that `viewer` may give there."""
    all_of_them = permits(viewer, Permission.GIVE_OFFICE, on=sponsor)
    return [(role.value, str(role.label)) for role in Role if all_of_them or role not in OFFICES]


def person_of(viewer: Viewer, sponsor: Sponsor, pk: uuid.UUID) -> User:
    """Somebody who holds or held a role with `sponsor`; 404 for everybody else."""
    held = Membership.objects.visible_to(viewer).filter(sponsor=sponsor)
    return visible_or_404(User.objects.filter(pk__in=held.values("user")), pk)


def name_here(sponsor: Sponsor, person: User) -> str:
    """What `sponsor` calls somebody: before they have come, as it typed."""
    if Membership.objects.filter(sponsor=sponsor, user=person).accepted().exists():
        return person.name
    typed = Invitation.objects.filter(sponsor=sponsor, person=person).newest_first().first()
    return typed.name if typed else person.name


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@forms_methods
def invite_person(request: HttpRequest, sponsor: Sponsor) -> HttpResponse:
    """Bring somebody in: name, mail, role; POST invites them and leads to their page."""
    viewer = viewer_of(request)
    posted = request.POST if request.method == "POST" else None
    form = InviteForm(posted, roles=offered(viewer, sponsor), initial={"since": viewer.today(sponsor)})
    if posted is not None and form.is_valid() and (person := _invited(request, sponsor, form)):
        return redirect("person", sponsor.pk, person.pk)
    status = HTTPStatus.BAD_REQUEST if posted is not None else HTTPStatus.OK
    return render(request, "accounts/invite_person.html", {"sponsor": sponsor, "form": form}, status=status)


def _invited(request: HttpRequest, sponsor: Sponsor, form: InviteForm) -> User | None:
    """Whose page to show now; what is refused stands in the form."""
    key, asked = str(form.cleaned_data["key"]), form.person
    try:
        brought = invite(viewer=viewer_of(request), key=key, sponsor=sponsor, person=asked)
    except PeopleInvalid as refusal:
        for wrong in refusal.wrong:
            form.add_error(wrong.field if wrong.field in form.fields else None, wrong.message)
        return None
    except KeyReused:
        form.add_error(None, _("This page was sent before with something else in it. Load it again."))
        return None
    if not brought.is_new:
        messages.info(request, _("%(name)s was with you before. What was missing is there now.") % {"name": asked.name})
    elif asked.email:
        told = _("%(name)s is invited: a mail is on its way to %(email)s.")
        messages.success(request, told % {"name": asked.name, "email": asked.email})
    else:
        messages.success(
            request, _("%(name)s is invited. Hand them the link or the code below.") % {"name": asked.name}
        )
    return brought.person


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@forms_methods
def give(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Give somebody another role."""
    viewer = viewer_of(request)
    person = person_of(viewer, sponsor, person_pk)
    posted = request.POST if request.method == "POST" else None
    form = GiveRoleForm(posted, roles=offered(viewer, sponsor), initial={"since": viewer.today(sponsor)})
    if posted is not None and form.is_valid() and _given(request, sponsor, person, form):
        return redirect("person", sponsor.pk, person.pk)
    context = {"sponsor": sponsor, "person_pk": person.pk, "name": name_here(sponsor, person), "form": form}
    return render(request, "accounts/give_role.html", context, status=_status(form))


def _given(request: HttpRequest, sponsor: Sponsor, person: User, form: GiveRoleForm) -> bool:
    key = str(form.cleaned_data["key"])
    try:
        give_role(viewer=viewer_of(request), key=key, sponsor=sponsor, person=person, new=form.new)
    except RoleInvalid as refusal:
        form.add_error(refusal.field, refusal.message)
    except RoleRefused as refusal:
        form.refused = refusal.message
        form.add_error(None, refusal.message)
    except KeyReused:
        form.add_error(None, _("This page was sent before with something else in it. Load it again."))
    else:
        messages.success(request, _("Given: %(role)s.") % {"role": form.new.role.label})
        return True
    return False


def _status(form: "GiveRoleForm | EndRoleForm | CloseForm") -> HTTPStatus:
    if form.refused:
        return HTTPStatus.CONFLICT
    return HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@forms_methods
def end(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID, role_pk: uuid.UUID) -> HttpResponse:
    """End one role of somebody: the first day on which it no longer holds."""
    viewer = viewer_of(request)
    person = person_of(viewer, sponsor, person_pk)
    held = Membership.objects.filter(sponsor=sponsor, user=person).select_related("sponsor")
    role = visible_or_404(held, role_pk)
    posted = request.POST if request.method == "POST" else None
    form = EndRoleForm(posted, initial={"until": max(viewer.today(sponsor), role.since)})
    if posted is not None and form.is_valid() and _ended(request, role, form):
        return redirect("person", sponsor.pk, person.pk)
    context = {"sponsor": sponsor, "person_pk": person.pk, "name": name_here(sponsor, person), "role": role}
    return render(request, "accounts/end_role.html", {**context, "form": form}, status=_status(form))


def _ended(request: HttpRequest, role: Membership, form: EndRoleForm) -> bool:
    key, until = str(form.cleaned_data["key"]), form.cleaned_data["until"]
    try:
        end_role(viewer=viewer_of(request), key=key, membership=role, until=until)
    except RoleInvalid as refusal:
        form.add_error(refusal.field, refusal.message)
    except RoleRefused as refusal:
        form.refused = refusal.message
        form.add_error(None, refusal.message)
    except KeyReused:
        form.add_error(None, _("This page was sent before with something else in it. Load it again."))
    else:
        messages.success(request, _("Ended: %(role)s.") % {"role": role.get_role_display()})
        return True
    return False


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@require_POST
def send_again(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """A new link for somebody who has not come yet; the one before opens nothing any more."""
    person = person_of(viewer_of(request), sponsor, person_pk)
    form = SendAgainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is no mail address. Correct it, or leave it blank."))
        return redirect("person", sponsor.pk, person.pk)
    key, email = str(form.cleaned_data["key"]), form.cleaned_data["email"].lower()
    try:
        invite_again(viewer=viewer_of(request), key=key, sponsor=sponsor, person=person, email=email)
    except InvitationRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("A new link is made. The one before opens nothing any more."))
    return redirect("person", sponsor.pk, person.pk)


def _invitation_of(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> Invitation:
    person = person_of(viewer_of(request), sponsor, person_pk)
    rows = Invitation.objects.filter(sponsor=sponsor, person=person).select_related("sponsor", "person")
    newest: models.QuerySet[Invitation] = rows.newest_first()[:1]
    found = newest.first()
    return found if found else visible_or_404(rows, uuid.UUID(int=0))


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@require_POST
def withdraw(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Let somebody's link open nothing any more."""
    invitation = _invitation_of(request, sponsor, person_pk)
    form = SendAgainForm(request.POST)
    if form.is_valid():
        key = str(form.cleaned_data["key"])
        try:
            withdraw_invitation(viewer=viewer_of(request), key=key, invitation=invitation)
        except InvitationRefused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The invitation is withdrawn. Its link opens nothing any more."))
    return redirect("person", sponsor.pk, person_pk)


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@require_POST
def link(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Show somebody's link and its QR code, to hand over: no redirect, so that it is stored nowhere on the way."""
    invitation = _invitation_of(request, sponsor, person_pk)
    try:
        shown = show_link(viewer=viewer_of(request), invitation=invitation)
    except InvitationRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("person", sponsor.pk, person_pk)
    context = {"sponsor": sponsor, "invitation": invitation, "link": shown, "code": svg_of(shown)}
    context["until"] = sponsor.local_date(invitation.expires_at)
    response = render(request, "accounts/invitation_link.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@forms_methods
def close(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Close somebody's account: what that ends stands there in numbers."""
    viewer = viewer_of(request)
    person = person_of(viewer, sponsor, person_pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _closed(request, sponsor, person, form):
        return redirect("person", sponsor.pk, person.pk)
    today, held = viewer.today(sponsor), Membership.objects.filter(sponsor=sponsor, user=person)
    lasting = [one for one in held if one.until is None or one.until > today]
    context = {"sponsor": sponsor, "person_pk": person.pk, "name": name_here(sponsor, person), "ending": lasting}
    return render(request, "accounts/close_account.html", {**context, "form": form}, status=_status(form))


def _closed(request: HttpRequest, sponsor: Sponsor, person: User, form: CloseForm) -> bool:
    key, reason = str(form.cleaned_data["key"]), form.cleaned_data["reason"]
    try:
        close_account(viewer=viewer_of(request), key=key, sponsor=sponsor, person=person, reason=reason)
    except CloseInvalid as refusal:
        form.add_error("reason", refusal.message)
    except RoleRefused as refusal:
        form.refused = refusal.message
        form.add_error(None, refusal.message)
    except KeyReused:
        form.add_error(None, _("This page was sent before with something else in it. Load it again."))
    else:
        messages.success(request, _("The account is closed."))
        return True
    return False


@page(Permission.MANAGE_PEOPLE, on=get_sponsor)
@require_POST
def reopen(request: HttpRequest, sponsor: Sponsor, person_pk: uuid.UUID) -> HttpResponse:
    """Open somebody's account again, without any role."""
    person = person_of(viewer_of(request), sponsor, person_pk)
    form = SendAgainForm(request.POST)
    if form.is_valid():
        key = str(form.cleaned_data["key"])
        try:
            reopen_account(viewer=viewer_of(request), key=key, sponsor=sponsor, person=person)
        except RoleRefused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The account is open again, without any role. Give one below."))
    return redirect("person", sponsor.pk, person.pk)
