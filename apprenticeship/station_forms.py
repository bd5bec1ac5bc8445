"""The forms of shared devices: a PIN on the device, and the administrator's list of them."""

import math
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import Permission, permits
from accounts.viewer import Viewer
from acts.acting import LONGEST_KEY, new_key
from apprenticeship.models import Worksite
from apprenticeship.stations import LONGEST_NAME, StationInvalid


def waiting_words(wait: timedelta) -> str:
    """How long the next try waits, in words, and what one can do meanwhile."""
    seconds = math.ceil(wait.total_seconds())
    if seconds < 120:
        told = ngettext(
            "Too many wrong tries. The next one counts in %(seconds)s second.",
            "Too many wrong tries. The next one counts in %(seconds)s seconds.",
            seconds,
        ) % {"seconds": seconds}
    else:
        minutes = math.ceil(seconds / 60)
        told = _("Too many wrong tries. The next one counts in %(minutes)s minutes.") % {"minutes": minutes}
    return f"{told} {_('Logging in with your password on a device of your own works all the same.')}"


class PinForm(forms.Form):
    """A PIN as it was typed; it is never shown again."""

    pin = forms.CharField(
        label=gettext_lazy("Your PIN"),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter your PIN.")},
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*", "autofocus": True}
        ),
    )

    def refuse(self, message: str) -> None:
        """Say beside the field why the PIN opens nothing."""
        self.add_error("pin", message)


class StationForm(forms.Form):
    """The key of the act and the device's name."""

    key = forms.CharField(max_length=LONGEST_KEY, initial=new_key, widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name of the device"),
        help_text=gettext_lazy("As people at the worksite call it. Everybody who reads a record signed on it sees it."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def refuse(self, refusal: StationInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class RegisterForm(StationForm):
    """A new station: for which worksite, too."""

    worksite = forms.ModelChoiceField(
        label=gettext_lazy("Worksite"),
        queryset=Worksite.objects.none(),
        empty_label=gettext_lazy("Choose a worksite"),
        help_text=gettext_lazy("Only records of apprentices who are assigned to it can be signed there."),
    )

    field_order = ("key", "worksite", "name")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managed = [s.pk for s in viewer.sponsors if permits(viewer, Permission.MANAGE_STATIONS, on=s)]
        sites = Worksite.objects.offered().filter(employer__sponsor__in=managed).select_related("employer__sponsor")
        self.fields["worksite"].queryset = sites.order_by("employer__name", "name")  # type: ignore[attr-defined]  # the field's own class, lost in the mapping
        self.fields["worksite"].label_from_instance = lambda site: f"{site.name} · {site.employer.name}"  # type: ignore[attr-defined]  # as above


class KeyForm(forms.Form):
    """The key of one press of the button."""

    key = forms.CharField(max_length=LONGEST_KEY)
