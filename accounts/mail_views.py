"""One's personal mail address: add, confirm by the mail's link, remove."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import viewer_of
from accounts.pages import signed_in
from accounts.people_forms import PersonalMailForm
from accounts.personal_mail import (
    MailInvalid,
    MailRefused,
    ask_for_mail,
    confirm_mail,
    personal_mail_of,
    remove_mail,
)
from accounts.proving import Asks, Proving
from accounts.throttling import spend

MAILS_A_MINUTE = 3

forms_methods = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@forms_methods
def personal_mail(request: HttpRequest) -> HttpResponse:
    """The address one has, a form for another, and how to be rid of it."""
    proving = Proving(request, [], Asks.RECENT)
    form = PersonalMailForm(request.POST if request.method == "POST" and "remove" not in request.POST else None)
    if request.method == "POST" and "remove" in request.POST:
        remove_mail(viewer=viewer_of(request))
        messages.success(request, _("Your personal mail address is forgotten."))
        return redirect("personal_mail")
    if form.is_bound and proving.succeeds() & form.is_valid() and _asked(request, form):
        return redirect("personal_mail")
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    context = {"form": form, "personal": personal_mail_of(viewer_of(request).person)}
    return render(request, "accounts/personal_mail.html", context, status=status)


def _asked(request: HttpRequest, form: PersonalMailForm) -> bool:
    viewer, email = viewer_of(request), form.cleaned_data["email"]
    if spend(f"mail:{viewer.user_id}", at=viewer.at, limit=MAILS_A_MINUTE):
        form.add_error("email", _("Too many mails in a short time. Wait a minute, then try again."))
        return False
    try:
        ask_for_mail(viewer=viewer, email=email)
    except MailInvalid as refusal:
        form.add_error("email", refusal.message)
        return False
    told = _("A mail is on its way to %(email)s. Open its link within 24 hours, and the address is yours here.")
    messages.success(request, told % {"email": email})
    return True


@signed_in
@forms_methods
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """What the mail's link opens: one press confirms the address. It answers to its owner alone, logged in."""
    if request.method == "POST":
        try:
            email = confirm_mail(viewer=viewer_of(request), token=token)
        except MailRefused as refusal:
            messages.error(request, refusal.message)
            return redirect("personal_mail")
        messages.success(request, _("Confirmed: %(email)s. You can log in with it from now on.") % {"email": email})
        return redirect("personal_mail")
    response = render(request, "accounts/confirm_mail.html")
    response["Referrer-Policy"] = "strict-origin"
    return response
