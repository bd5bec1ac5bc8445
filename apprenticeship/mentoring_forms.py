"""The forms by which apprentices get their mentors, are handed on, and lose them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import KeyForm
from accounts.models import User
from apprenticeship.mentoring import MentoringInvalid
from apprenticeship.models import MentorshipRole


def day_field(label: Any, **rest: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day from which it counts.")},
        **rest,
    )


class TickedForm(KeyForm):
    """Acts on what is ticked in a list."""

    ticked = forms.MultipleChoiceField(
        required=True, error_messages={"required": gettext_lazy("Tick at least one apprentice.")}
    )

    def offer(self, ids: Iterable[Any]) -> None:
        """Take nothing but these rows; one that is gone meanwhile is told."""
        field = self.fields["ticked"]
        field.choices = [(str(pk), str(pk)) for pk in ids]  # type: ignore[attr-defined]  # the field's own class
        field.error_messages["invalid_choice"] = _("Somebody who is ticked is not in the list any more. Look again.")

    def refuse(self, refusal: MentoringInvalid) -> None:
        """Show what the transition refused, beside its field where the form has it."""
        for name, message in refusal.problems:
            self.add_error(name if name in self.fields else None, message)

    @property
    def ticks(self) -> list[str]:
        """What is ticked, also in a form that was refused."""
        return self.data.getlist("ticked") if isinstance(self.data, QueryDict) else []


class MentorFields(forms.Form):
    """Who, as what, and from when."""

    mentor = forms.ModelChoiceField(
        label=gettext_lazy("Mentor"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a mentor"),
        error_messages={"required": gettext_lazy("Choose a mentor.")},
    )
    role = forms.ChoiceField(label=gettext_lazy("As"), choices=MentorshipRole.choices, initial=MentorshipRole.PRIMARY)
    since = day_field(gettext_lazy("From"))
    until = day_field(
        gettext_lazy("Until (if it ends)"),
        required=False,
        help_text=gettext_lazy("From that day on they sign no more."),
    )


class AssignForm(TickedForm, MentorFields):
    """One mentor for everybody who is ticked."""

    def __init__(self, data: QueryDict | None = None, *, mentors: "QuerySet[User]", today: date, **rest: Any) -> None:
        super().__init__(data, initial={"since": today}, **rest)
        self.fields["mentor"].queryset = mentors  # type: ignore[attr-defined]  # the field's own class


class HandOverForm(TickedForm):
    """To whom and from when those who are ticked are handed over, or when their mentorship ends."""

    act = forms.ChoiceField(choices=[("hand_over", ""), ("end", "")], required=False, initial="hand_over")
    to = forms.ModelChoiceField(
        label=gettext_lazy("Hand over to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose a mentor"),
    )
    on = day_field(
        gettext_lazy("From"), help_text=gettext_lazy("On that day the new mentor signs, and the old one no more.")
    )
    confirmed = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict | None = None, *, mentors: "QuerySet[User]", today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["to"].queryset = mentors  # type: ignore[attr-defined]  # the field's own class
        self.fields["on"].widget.attrs["min"] = today.isoformat()

    @property
    def only_ends(self) -> bool:
        return bool(self.data) and self.data.get("act") == "end"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.only_ends and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose to whom you hand them over."))
        return cleaned


class EndForm(KeyForm):
    """From when one mentorship holds no more."""

    on = day_field(gettext_lazy("From"), help_text=gettext_lazy("From that day on they sign no more."))

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.fields["on"].widget.attrs["min"] = today.isoformat()

    def refuse(self, refusal: MentoringInvalid) -> None:
        for name, message in refusal.problems:
            self.add_error(name if name in self.fields else None, message)
