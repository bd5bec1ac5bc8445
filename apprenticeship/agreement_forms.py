"""The forms by which an apprentice agrees or disagrees, and by which a disagreement is answered."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from acts.acting import new_key
from apprenticeship.agreeing import LONGEST_REASON, AgreementInvalid
from apprenticeship.agreement_sheet import AgreementSheet
from apprenticeship.disagreements import LONGEST_WORDS, AnswerInvalid
from apprenticeship.models import AnswerOutcome, SignOff


class AgreeForm(forms.Form):
    """Which sign-offs the apprentice agrees with; all that are offered come ticked, for each can be read above."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    sign_off = forms.ModelMultipleChoiceField(
        label=gettext_lazy("What you agree with"),
        queryset=SignOff.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose at least one sign-off."),
            "invalid_choice": gettext_lazy("One of these is not in your record. Look once more."),
            "invalid_pk_value": gettext_lazy("One of these is not in your record. Look once more."),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, sheet: AgreementSheet) -> None:
        super().__init__(data)
        self.sheet = sheet
        choices: Any = self.fields["sign_off"]
        choices.queryset = SignOff.objects.filter(apprenticeship=sheet.apprenticeship).select_related(
            "entry", "level", "skill__skill_set", "skill__parent", "apprenticeship__sponsor", "apprenticeship__terms"
        )

    @property
    def ticked(self) -> list[str]:
        """The ids chosen so far; all that are offered, before anything was."""
        if isinstance(self.data, QueryDict):
            return self.data.getlist("sign_off")
        return [str(one.sign_off.pk) for one in self.sheet.offered]

    def refuse(self, refusal: AgreementInvalid) -> None:
        """Show what the transition refused."""
        self.add_error("sign_off", refusal.message)


class DisagreeForm(forms.Form):
    """Why the apprentice disagrees with one sign-off."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why you disagree"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Say why you disagree; your coordinator will read it and answer."),
        },
    )

    def refuse(self, refusal: AgreementInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error("reason" if refusal.field == "reason" else None, refusal.message)


class AnswerForm(forms.Form):
    """What comes of a disagreement, and the words to the apprentice."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What comes of it"),
        choices=AnswerOutcome.choices,
        error_messages={"required": gettext_lazy("Choose what comes of it.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Your words to the apprentice"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Say it in your own words; the apprentice will read them.")},
    )

    def refuse(self, refusal: AnswerInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
