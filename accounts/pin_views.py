"""The page of one's own signing PIN, set with the password at hand."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Permission
from accounts.login_forms import ReauthenticateForm
from accounts.middleware import viewer_of
from accounts.models import SigningPin
from accounts.pages import page
from accounts.pins import LONGEST, PinInvalid, set_pin

DIGITS = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*", "maxlength": LONGEST}


class SetPinForm(forms.Form):
    """The password one has, and the PIN twice; nothing of it is shown again.

    The password is looked at as at a login and counts toward the same limit.
    """

    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    pin = forms.CharField(
        label=gettext_lazy("New PIN"),
        help_text=gettext_lazy("Six digits or more, none that anybody would try first."),
        widget=forms.PasswordInput(attrs=DIGITS),
    )
    again = forms.CharField(label=gettext_lazy("New PIN again"), widget=forms.PasswordInput(attrs=DIGITS))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        """Compare the two PINs; ask for the password only when they are fit to be set."""
        typed = self.cleaned_data
        if "pin" in typed and "again" in typed and typed["pin"] != typed["again"]:
            self.add_error("again", _("The two PINs differ. Type both again."))
        if not self.errors:
            asked = ReauthenticateForm({"password": typed["password"]}, user=self.request.user)
            for texts in asked.errors.values():
                self.add_error("password", texts)
        return typed


@never_cache
@page(Permission.SET_PIN)
@require_http_methods(["GET", "HEAD", "POST"])
def signing_pin(request: HttpRequest) -> HttpResponse:
    """Set or change the PIN with which one signs on shared devices."""
    form = SetPinForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            set_pin(viewer=viewer_of(request), pin=form.cleaned_data["pin"])
        except PinInvalid as refusal:
            form.add_error("pin", refusal.message)
        else:
            messages.success(
                request, _("Your signing PIN is set. It opens your turn on the stations of your worksite.")
            )
            return redirect("profile")
    known = SigningPin.objects.visible_to(viewer_of(request)).first()
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "accounts/pin.html", {"form": form, "known": known}, status=status)
