"""The form of a sponsor's profile."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms import KeyForm
from accounts.logo import TAKEN
from accounts.models import NoticeGroup, Sponsor, Way
from accounts.notices import usual_ways
from accounts.sponsor_profile import LONGEST_NAME, LONGEST_TEXT, MOST_UNDO_MINUTES, Profile

MAIL = "mail_"
"""What the fields of the usual mail begin with, before the group."""


class SponsorProfileForm(KeyForm):
    """What a sponsor says of itself, and what is usual there."""

    name = forms.CharField(label=_("Name, as registered"), max_length=LONGEST_NAME)
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=_("Contact"),
        help_text=_("Whom people and agencies reach: name, telephone, mail."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    complaint_contact = forms.CharField(
        label=_("Contact for complaints"),
        help_text=_("Printed on records (29 CFR 29.5(b)): who takes complaints, and how to reach them."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        help_text=_("Type a part of it and choose from the list, for example America/New_York."),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    default_language = forms.ChoiceField(
        label=_("Language of mail"),
        help_text=_("For people who have not chosen a language."),
        required=False,
        choices=[("", _("The language of this site")), *settings.LANGUAGES],
    )
    undo_minutes = forms.IntegerField(
        label=_("Minutes to undo a signature"),
        help_text=_("How long signers may take back what they signed as entered by mistake."),
        min_value=0,
        max_value=MOST_UNDO_MINUTES,
        error_messages={
            name: _("Enter whole minutes from 0 to 1440, which is one day.")
            for name in ("invalid", "min_value", "max_value")
        },
    )

    def __init__(self, data: Any = None, *, sponsor: Sponsor) -> None:
        usual = {f"{MAIL}{group}": way for group, way in usual_ways(sponsor).items()}
        super().__init__(data, initial={**vars(Profile.of(sponsor)), **usual})
        for group in NoticeGroup:
            self.fields[f"{MAIL}{group}"] = forms.ChoiceField(label=group.label, choices=Way.choices)

    @property
    def mail_fields(self) -> list[forms.BoundField]:
        """How mail comes, group by group."""
        return [self[f"{MAIL}{group}"] for group in NoticeGroup]

    @property
    def profile(self) -> Profile:
        """What a valid form says."""
        said = {name: self.cleaned_data[name] for name in Profile.__dataclass_fields__ if name != "usual_mail"}
        return Profile(**said, usual_mail={str(group): self.cleaned_data[f"{MAIL}{group}"] for group in NoticeGroup})


class LogoForm(KeyForm):
    """A new logo; whether the old one is to go says the button that was pressed."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG or JPEG. It is made at most 600 dots wide and 200 high, on white."),
        required=False,
        widget=forms.FileInput(attrs={"accept": TAKEN}),
    )
