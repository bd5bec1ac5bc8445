"""The form of a decision about one requirement of completion."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from accounts.forms import KeyForm
from apprenticeship.models import LONGEST_AUTHOR, LONGEST_DOCUMENT, Grounds
from apprenticeship.requirement_decisions import Decision, DecisionInvalid


class DecisionForm(KeyForm):
    """By which document a requirement counts as met, or that none does any more."""

    grounds = forms.ChoiceField(
        label=gettext_lazy("On which grounds"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the grounds.")},
    )
    document = forms.CharField(
        label=gettext_lazy("Document"),
        help_text=gettext_lazy("For example: letter of the agency, number 2026-117."),
        max_length=LONGEST_DOCUMENT,
        error_messages={"required": gettext_lazy("Name the document that says so.")},
    )
    decided_by = forms.CharField(
        label=gettext_lazy("Its author"),
        help_text=gettext_lazy("Who decided, with their office."),
        max_length=LONGEST_AUTHOR,
        error_messages={"required": gettext_lazy("Name who decided it.")},
    )
    decided_on = forms.DateField(
        label=gettext_lazy("Its date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the date of the document.")},
    )

    def __init__(self, data: QueryDict | None = None, *, grounds: Sequence[Grounds]) -> None:
        super().__init__(data)
        choices = [(one.value, one.label) for one in grounds]
        self.fields["grounds"].choices = choices  # type: ignore[attr-defined]  # the field's own class, lost in the mapping

    def decision(self, requirement: str) -> Decision:
        """What a valid form says of a requirement."""
        said = self.cleaned_data
        return Decision(requirement, said["grounds"], said["document"], said["decided_by"], said["decided_on"])

    def refuse(self, refusal: DecisionInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
