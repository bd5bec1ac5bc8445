"""The forms of the conversation: asking for sign-offs, withdrawing, and sending back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from acts.acting import new_key
from apprenticeship.answering import SendBackInvalid
from apprenticeship.ask_sheet import AskSheet
from apprenticeship.asking import AskInvalid, AskLine, CannotBeAsked
from apprenticeship.conversation import LONGEST_COMMENT
from apprenticeship.forms import OTHER_DAY
from apprenticeship.models import RequestedSkill
from competencies.models import RatingLevel, Skill


class AskForm(forms.Form):
    """One skill or several, the day they were done and with whom; today is offered."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    skills = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Skills"),
        queryset=Skill.objects.none(),
        error_messages={"required": gettext_lazy("Choose at least one skill to ask for.")},
    )
    day = forms.CharField(
        label=gettext_lazy("When you did it"),
        error_messages={"required": gettext_lazy("Choose the day on which you did it.")},
    )
    done_on = forms.DateField(label=gettext_lazy("Date"), required=False)
    done_with = forms.ModelChoiceField(
        label=gettext_lazy("With whom"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Somebody else, or alone"),
    )
    level = forms.ModelChoiceField(
        label=gettext_lazy("How well, in your own judgment"),
        queryset=RatingLevel.objects.none(),
        required=False,
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, sheet: AskSheet) -> None:
        place = sheet.only.pk if sheet.only else "several"
        super().__init__(data, initial={"day": sheet.today.isoformat()}, auto_id=f"%s-{place}")
        self.sheet = sheet
        self.place = place
        self._choices("skills").queryset = sheet.skills
        self._choices("level").queryset = sheet.levels
        self._choices("done_with").queryset = sheet.mentors
        self.fields["done_on"].widget = forms.DateInput(
            attrs={
                "type": "date",
                "min": sheet.apprenticeship.starts_on.isoformat(),
                "max": sheet.today.isoformat(),
            }
        )

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Make one date of the day's tile and the date field beside it."""
        cleaned = self.cleaned_data
        day = cleaned.get("day")
        if day and day != OTHER_DAY:
            try:
                cleaned["done_on"] = date.fromisoformat(day)
            except ValueError:
                self.add_error("day", _("Choose the day on which you did it."))
        elif day and not cleaned.get("done_on") and "done_on" not in self.errors:
            self.add_error("done_on", _("Enter the date on which you did it."))
        return cleaned

    def lines(self) -> list[AskLine]:
        """The lines to be asked for that a valid form describes."""
        wanted = self.cleaned_data
        return [AskLine(s, wanted["done_on"], wanted["done_with"], wanted["level"]) for s in wanted["skills"]]

    def refuse(self, refusal: AskInvalid | CannotBeAsked) -> None:
        """Show what the transition refused: beside its field, each thing once, or by the skill's code."""
        if isinstance(refusal, CannotBeAsked):
            skills = list(self.cleaned_data["skills"])
            for place, reason in refusal.reasons.items():
                self.add_error("skills", f"{skills[place].code}: {reason}")
            return
        for field, message in dict.fromkeys((p.field, p.message) for p in refusal.problems):
            self.add_error(field if field in self.fields else None, message)

    def renewed(self) -> "AskForm":
        """The same form with a fresh key, everything typed kept: its first key had served another asking."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        data["key"] = new_key()
        form = AskForm(data, sheet=self.sheet)
        form.add_error(None, _("From this page something else was asked before. Look once more, then ask."))
        return form

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen among tiles and ticks so far, by field."""
        ticked = self.data.getlist("skills") if isinstance(self.data, QueryDict) else []
        return {
            "day": str(self["day"].value() or ""),
            "level": str(self["level"].value() or ""),
            "skills": ticked,
        }


class WithdrawForm(forms.Form):
    """Taking one asking back: nothing but the key of the act."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)


class SendBackForm(forms.Form):
    """Which skills of a request go back to the apprentice, and what is missing."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    asked = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Skills"),
        queryset=RequestedSkill.objects.none(),
        error_messages={"required": gettext_lazy("Choose at least one skill to send back.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("What is missing"),
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what is missing; the apprentice will read it.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, offered: list[RequestedSkill]) -> None:
        super().__init__(data)
        self.offered = offered
        choices: Any = self.fields["asked"]
        choices.queryset = RequestedSkill.objects.filter(request__in={row.request_id for row in offered})

    def rows(self) -> list[RequestedSkill]:
        """The chosen rows as they were offered, with their books loaded."""
        chosen = {row.pk for row in self.cleaned_data["asked"]}
        return [row for row in self.offered if row.pk in chosen]

    def refuse(self, refusal: SendBackInvalid) -> None:
        """Show what the transition refused beside its field."""
        self.add_error("comment" if refusal.field == "comment" else "asked", refusal.message)

    @property
    def ticked(self) -> list[str]:
        """The ids chosen so far; all that wait, before anything was."""
        if isinstance(self.data, QueryDict):
            return self.data.getlist("asked")
        return [str(row.pk) for row in self.offered]
