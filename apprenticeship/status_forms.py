"""The form of one step of the status: as of which day, and why."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from acts.acting import new_key
from apprenticeship.ending import Details
from apprenticeship.models import LONGEST_PROGRAM, Apprenticeship, CancelledBy, Status, StatusStep
from apprenticeship.status import LONGEST_REASON, StatusInvalid

FIELDS_OF = {
    StatusStep.CANCEL: ("cancelled_by", "noticed_on", "correct_by"),
    StatusStep.TRANSFER: ("transferred_to",),
}
"""What a step asks beyond its day and its reason."""

BESIDE = ("cancelled_by", "noticed_on", "correct_by", "transferred_to")


class StatusForm(forms.Form):
    """One step from the status that the page shows."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    seen = forms.ChoiceField(choices=Status.choices, widget=forms.HiddenInput)
    on = forms.DateField(
        label=gettext_lazy("From which day"),
        error_messages={"required": gettext_lazy("Enter the day from which it counts.")},
    )
    cancelled_by = forms.ChoiceField(
        label=gettext_lazy("Whose wish it is"),
        choices=CancelledBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whose wish it is.")},
    )
    noticed_on = forms.DateField(
        label=gettext_lazy("Notice of the cause given on"),
        help_text=gettext_lazy(
            "Only where the sponsor cancels. After probation that needs good cause, with notice to the apprentice."
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    correct_by = forms.DateField(
        label=gettext_lazy("Chance to correct it until"),
        help_text=gettext_lazy("The day the apprentice had to put it right; not after the day of the cancellation."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    transferred_to = forms.CharField(
        label=gettext_lazy("To which program"),
        help_text=gettext_lazy("The program and its sponsor, as everybody who reads the record sees it."),
        max_length=LONGEST_PROGRAM,
        error_messages={"required": gettext_lazy("Name the program and its sponsor.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        book: Apprenticeship,
        step: StatusStep,
        first: date,
        today: date,
    ) -> None:
        super().__init__(data, initial={"seen": book.status, "on": today})
        days: dict[str, Any] = {"type": "date", "min": first.isoformat(), "max": today.isoformat()}
        self.fields["on"].widget = forms.DateInput(attrs=days, format="%Y-%m-%d")
        for name in BESIDE:
            if name not in FIELDS_OF.get(step, ()):
                del self.fields[name]

    @property
    def beside(self) -> list[forms.BoundField]:
        """What this step asks beyond its day and its reason."""
        return [self[name] for name in BESIDE if name in self.fields]

    @property
    def details(self) -> Details:
        """What a valid form says of its step."""
        return Details(**{name: self.cleaned_data[name] for name in BESIDE if name in self.fields})

    def refuse(self, refusal: StatusInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
