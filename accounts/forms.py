"""What the frame's own small forms accept."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import IdentityMeans, NoticeGroup, SigningPolicy, Sponsor, Way
from accounts.viewer import Viewer
from acts.acting import LONGEST_KEY, new_key


class LanguageForm(forms.Form):
    """One of the site's languages, and the page to come back to."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False)


class RoleForm(forms.Form):
    """One of one's own memberships."""

    membership = forms.UUIDField()


class TokenForm(forms.Form):
    """A new access token: what it is for, for which of one's sponsors, and how long."""

    key = forms.CharField(max_length=LONGEST_KEY, initial=new_key, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("For example: nightly copy into our HR system."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sponsor = forms.ModelChoiceField(label=_("Sponsor"), queryset=Sponsor.objects.none(), empty_label=None)
    days = forms.TypedChoiceField(
        label=_("How long is it good?"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("One year"))],
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sponsor"].queryset = Sponsor.objects.visible_to(viewer).order_by("name")  # type: ignore[attr-defined]  # the field's own class, lost in the mapping


class RevokeForm(forms.Form):
    """The key of one press of the button."""

    key = forms.CharField(max_length=LONGEST_KEY)


class NoticeChoicesForm(forms.Form):
    """How mail shall come, for each group of notices."""

    waiting = forms.ChoiceField(
        label=_("What waits for you"),
        help_text=_("Somebody asks you for a sign-off, sent one back to you, or needs your OK."),
        choices=Way.choices,
        widget=forms.RadioSelect,
    )
    answers = forms.ChoiceField(
        label=_("What became of it"),
        help_text=_("What you asked for was signed; a signature was taken back."),
        choices=Way.choices,
        widget=forms.RadioSelect,
    )
    due = forms.ChoiceField(
        label=_("What is due again"),
        help_text=_("A skill has to be shown again, 60, 30 and 7 days before."),
        choices=Way.choices,
        widget=forms.RadioSelect,
    )

    def ways(self) -> dict[str, Way]:
        """By group, as chosen in a valid form."""
        return {group: Way(self.cleaned_data[group]) for group in NoticeGroup.values}


class KeyForm(forms.Form):
    """A button and nothing else: the key of one press, from the moment it is shown."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)


class ConfirmIdentityForm(KeyForm):
    """How one made sure who somebody is; nothing is chosen in advance."""

    how = forms.ChoiceField(
        label=_("How did you make sure?"),
        choices=IdentityMeans.choices,
        error_messages={"required": _("Choose how you made sure who it is.")},
    )


class SigningPolicyForm(KeyForm):
    """What a sponsor asks of its signers."""

    policy = forms.ChoiceField(label=_("What signers are asked for"), choices=SigningPolicy.choices)

    @property
    def chosen(self) -> str:
        """The policy of a valid form."""
        return str(self.cleaned_data["policy"])


class PasskeyForm(forms.Form):
    """A new passkey: its name, and what the device answered."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=60)
    credential = forms.CharField(max_length=20_000)
