"""The forms of taking back: one sign-off, a whole act, asking a coordinator, and the coordinator's answer.

Each carries the key of its act from the moment it is shown, so that pressing twice acts once.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from acts.acting import new_key
from apprenticeship.models import RevocationKind, SignOff
from apprenticeship.take_back_asking import TakeBackAskInvalid
from apprenticeship.takingback import TakeBackInvalid


class TakeBackForm(forms.Form):
    """Why one sign-off is taken back: a slip of the finger, or because it no longer holds."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Why you take it back"),
        choices=RevocationKind.choices,
        error_messages={"required": gettext_lazy("Choose why you take it back.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def refuse(self, refusal: TakeBackInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class UndoAllForm(forms.Form):
    """Which sign-offs of one act are undone together: those that stood when the page was shown."""

    key = forms.UUIDField()
    sign_off = forms.ModelMultipleChoiceField(queryset=SignOff.objects.none())

    def __init__(self, data: Mapping[str, Any], *, made: Iterable[SignOff]) -> None:
        super().__init__(data)
        field: Any = self.fields["sign_off"]
        field.queryset = SignOff.objects.filter(pk__in=[sign_off.pk for sign_off in made])


class AskTakeBackForm(forms.Form):
    """What a mentor tells the coordinator: why a sign-off should no longer stand."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it should no longer stand"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def refuse(self, refusal: TakeBackAskInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class DeclineForm(AskTakeBackForm):
    """Why the coordinator leaves the sign-off as it is."""

    reason = None  # type: ignore[assignment]  # Django's way to leave out an inherited field
    answer = forms.CharField(
        label=gettext_lazy("Why it stays as it is"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
