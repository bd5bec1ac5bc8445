"""Forms about people: coming in, and what an administrator or a coordinator says of them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms import KeyForm
from accounts.login_forms import PASSWORD_RULE
from accounts.models import Role
from accounts.people import NewPerson
from accounts.roles import NewRole


class ComeInForm(forms.Form):
    """The name to be printed, a language, and a password that nobody else knows."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As it shall be printed beside signatures. Correct it where it is wrong."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_RULE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "again" in cleaned and cleaned.get("password") != cleaned["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return cleaned


class _Refusable(KeyForm):
    """A form whose act may be refused by how things stand: the page then answers 409."""

    refused = ""


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


def _until() -> forms.DateField:
    return forms.DateField(
        label=_("First day without the role"),
        help_text=_("Blank: it holds until somebody ends it."),
        required=False,
        widget=_Day(),
    )


class GiveRoleForm(_Refusable):
    """A role, its first day, and the first day without it."""

    role = forms.ChoiceField(label=_("Role"))
    since = forms.DateField(label=_("First day of the role"), widget=_Day())
    until = _until()

    def __init__(self, *args: Any, roles: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Choose a role")), *roles]  # type: ignore[attr-defined]  # the field's own class, lost in the mapping

    @property
    def new(self) -> NewRole:
        """The role of a valid form."""
        said = self.cleaned_data
        return NewRole(Role(said["role"]), said["since"], said["until"])


class InviteForm(GiveRoleForm):
    """Somebody to bring in."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As it shall be printed beside signatures."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Mail address"),
        help_text=_("The invitation goes there. Blank: you hand over the link or the QR code yourself."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)
    field_order = ("key", "name", "email", "language", "role", "since", "until")

    @property
    def person(self) -> NewPerson:
        """The person of a valid form."""
        said = self.cleaned_data
        return NewPerson(said["name"], said["email"], (self.new,), said["language"])


class EndRoleForm(_Refusable):
    """The first day without a role."""

    until = forms.DateField(
        label=_("First day without the role"), help_text=_("Today: it ends at once."), widget=_Day()
    )


class SendAgainForm(KeyForm):
    """The key of one press, and where to send a new link; blank: nowhere."""

    email = forms.EmailField(required=False)


class CloseForm(_Refusable):
    """Why an account is closed."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For example: the account was made twice. It stands in the audit log."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PersonalMailForm(forms.Form):
    """An address of one's own."""

    email = forms.CharField(
        label=_("Mail address"),
        help_text=_("One that stays yours when you change jobs. We send a link there."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
