"""The form of one step of the status: as of which day, and why."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from acts.acting import new_key
from apprenticeship.models import Apprenticeship, Status
from apprenticeship.status import LONGEST_REASON, StatusInvalid


class StatusForm(forms.Form):
    """One step from the status that the page shows."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    seen = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    on = forms.DateField(
        label=gettext_lazy("From which day"),
        error_messages={"required": gettext_lazy("Enter the day from which it counts.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: QueryDict | None = None, *, book: Apprenticeship, first: date, today: date) -> None:
        super().__init__(data, initial={"seen": book.status, "on": today})
        days: dict[str, Any] = {"type": "date", "min": first.isoformat(), "max": today.isoformat()}
        self.fields["on"].widget = forms.DateInput(attrs=days, format="%Y-%m-%d")

    def refuse(self, refusal: StatusInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field, refusal.message)
