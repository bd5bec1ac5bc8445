"""allauth's forms in Journeybook's words: visible labels instead of placeholders, one line on passwords."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

PASSWORD_RULE = _("At least 10 characters; not digits alone, and nothing easy to guess.")


class Plain(forms.Form):
    """Takes allauth's placeholders and help away: they vanish while one types, and repeat the label."""

    labels: dict[str, Any] = {}
    help_texts: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


class LoginForm(Plain, allauth_forms.LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Mail address or sign-in name, and password."""

    labels = {"login": _("Sign-in name or mail address"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The password one has, and a new one."""

    labels = {"oldpassword": _("Password now"), "password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": PASSWORD_RULE}


class SetPasswordForm(Plain, allauth_forms.SetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """A first password, for somebody who came in without one."""

    labels = {"password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": PASSWORD_RULE}


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Where to send the link."""

    labels = {"email": _("Mail address")}


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth ships no types
    """The new password, behind the link of the mail."""

    labels = {"password1": _("New password"), "password2": _("New password again")}
    help_texts = {"password1": PASSWORD_RULE}


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The password once more."""

    labels = {"password": _("Password")}
