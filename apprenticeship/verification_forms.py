"""The forms of the sponsor's verification: what was seen, and why one is taken back."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from acts.acting import new_key
from apprenticeship.verification import VerificationInvalid


class SeenField(forms.MultipleChoiceField):
    """The ids of the sign-offs that the page showed; whether they stand is asked under the lock."""

    def valid_value(self, value: Any) -> bool:
        try:
            uuid.UUID(value)
        except ValueError:
            return False
        return True

    def clean(self, value: Any) -> Any:
        return [uuid.UUID(one) for one in super().clean(value)]


class VerifyForm(forms.Form):
    """One press verifies what was seen."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    seen = SeenField()


class VoidForm(forms.Form):
    """Why a verification is taken back."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def refuse(self, refusal: VerificationInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
