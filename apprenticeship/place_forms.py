"""The forms of employers and worksites."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import KeyForm
from apprenticeship.places import LONGEST_ADDRESS, LONGEST_NAME, Said


class PlaceForm(KeyForm):
    """What is said of an employer."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    @property
    def said(self) -> Said:
        """What a valid form says."""
        return Said(**{name: value for name, value in self.cleaned_data.items() if name != "key"})


class WorksiteForm(PlaceForm):
    """What is said of a worksite; whether photographs are allowed only by whoever may switch that."""

    photos_allowed = forms.BooleanField(
        label=_("Photographs may be uploaded as evidence"), required=False, initial=True
    )

    def __init__(self, *args: Any, may_switch: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A disabled field keeps what holds, whatever is sent.
        self.fields["photos_allowed"].disabled = not may_switch
