"""The forms of the conversation: asking for sign-offs, withdrawing, and sending back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from acts.acting import new_key
from apprenticeship.answering import SendBackInvalid
from apprenticeship.ask_sheet import Askable, AskableSet, AskSheet
from apprenticeship.asking import AskedWhileNotRunning, AskInvalid, AskLine, CannotBeAsked
from apprenticeship.models import RequestedSkill
from apprenticeship.sheet import OTHER_DAY
from competencies.models import RatingLevel, Skill

NOT_ON_THE_SCALE = gettext_lazy("This level is not on the scale of this skill.")
NO_MENTOR_OF_YOURS = gettext_lazy("Choose one of your mentors, or nobody.")
NOBODY = "nobody"
"""Said of one line: nobody, though the others were done with a mentor."""


@dataclass(frozen=True)
class OwnWords:
    """What is said of one skill alone, as it was sent: another day, another person, one's own judgment."""

    day: str
    person: str
    level: str

    @property
    def any(self) -> bool:
        return bool(self.day or self.person or self.level)


@dataclass(frozen=True)
class ShownAskable:
    """One skill of the list with its tick and what was said of it alone."""

    askable: Askable
    ticked: bool
    own: OwnWords


@dataclass(frozen=True)
class ShownAskableSet:
    """One set of the list."""

    part: AskableSet
    skills: tuple[ShownAskable, ...]

    @property
    def opened(self) -> bool:
        return any(shown.ticked for shown in self.skills)


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Several rows by their ids; what is no id at all is refused in the same words as an id of elsewhere."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except ValidationError as error:
            if getattr(error, "code", "") != "invalid":
                raise
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from error


class AskForm(forms.Form):
    """One skill or several, the day they were done and with whom; for each of several these may differ."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    skills = RowsField(
        label=gettext_lazy("Skills"),
        queryset=Skill.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose at least one skill to ask for."),
            "invalid_choice": gettext_lazy("A skill that was sent is not part of the standard you follow."),
        },
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
        error_messages={"invalid_choice": NO_MENTOR_OF_YOURS},
    )
    level = forms.ModelChoiceField(
        label=gettext_lazy("How well, in your own judgment"),
        queryset=RatingLevel.objects.none(),
        required=False,
        error_messages={"invalid_choice": NOT_ON_THE_SCALE},
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, sheet: AskSheet) -> None:
        place = sheet.only.pk if sheet.only else "several"
        # A document has the date that stands on it; of work, today is the likeliest day.
        initial = {"day": OTHER_DAY if sheet.is_for_credit else sheet.today.isoformat()}
        super().__init__(data, initial=initial, auto_id=f"%s-{place}")
        self.sheet = sheet
        self.place = place
        self._choices("skills").queryset = sheet.skills
        self._choices("level").queryset = sheet.levels
        self._choices("done_with").queryset = sheet.mentors
        first = {} if sheet.is_for_credit else {"min": sheet.apprenticeship.starts_on.isoformat()}
        self.fields["done_on"].widget = forms.DateInput(attrs={"type": "date", "max": sheet.today.isoformat(), **first})
        if sheet.is_for_credit:
            self.fields["day"].label = self.fields["done_on"].label = gettext_lazy("Date of the documents")
            self.fields["comment"].label = gettext_lazy("What you learned, where, and what shows it")
            self.fields["comment"].required = True
            self.fields["comment"].error_messages["required"] = gettext_lazy("Say what shows it.")

    @property
    def _asks_the_date(self) -> str:
        if self.sheet.is_for_credit:
            return _("Enter the date of the documents.")
        return _("Enter the date on which you did it.")

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Make one date of the day's tile and the date field beside it; look at what differs line by line."""
        cleaned = self.cleaned_data
        day = cleaned.get("day")
        if day and day != OTHER_DAY:
            try:
                cleaned["done_on"] = date.fromisoformat(day)
            except ValueError:
                self.add_error("day", _("Choose the day on which you did it."))
        elif day and not cleaned.get("done_on") and "done_on" not in self.errors:
            self.add_error("done_on", self._asks_the_date)
        if not self.sheet.only:
            self._look_at_each(cleaned.get("skills") or ())
        return cleaned

    def _look_at_each(self, skills: Iterable[Skill]) -> None:
        for skill in skills:
            own = self.own_words(skill)
            if own.day and _date(own.day) is None:
                self.add_error("skills", f"{skill.code}: {self._asks_the_date}")
            if own.person not in ("", NOBODY) and own.person not in self.sheet.people:
                self.add_error("skills", f"{skill.code}: {NO_MENTOR_OF_YOURS}")
            if own.level and own.level not in {str(level.pk) for level in self.sheet.levels_of(skill)}:
                self.add_error("skills", f"{skill.code}: {NOT_ON_THE_SCALE}")

    def own_words(self, skill: Skill) -> OwnWords:
        """What was said of this one of several, as it was sent."""
        return OwnWords(*(str(self.data.get(f"own-{part}-{skill.pk}", "")) for part in ("day", "person", "level")))

    def lines(self) -> list[AskLine]:
        """The lines to be asked for that a valid form describes."""
        if self.sheet.only:
            wanted = self.cleaned_data
            return [AskLine(s, wanted["done_on"], wanted["done_with"], wanted["level"]) for s in wanted["skills"]]
        return [self._line(skill) for skill in self.cleaned_data["skills"]]

    def _line(self, skill: Skill) -> AskLine:
        own, wanted = self.own_words(skill), self.cleaned_data
        person = None if own.person == NOBODY else self.sheet.people.get(own.person, wanted["done_with"])
        level = next((level for level in self.sheet.levels_of(skill) if str(level.pk) == own.level), None)
        return AskLine(skill, _date(own.day) or wanted["done_on"], person, level)

    def refuse(self, refusal: AskInvalid | CannotBeAsked) -> None:
        """Show what the transition refused: beside its field, each thing once, or by the skill's code."""
        skills = list(self.cleaned_data["skills"])
        if isinstance(refusal, AskedWhileNotRunning):
            self.add_error(None, refusal.told)
            return
        if isinstance(refusal, CannotBeAsked):
            for place, reason in refusal.reasons.items():
                self.add_error("skills", f"{skills[place].code}: {reason}")
            return
        own = {place for place, skill in enumerate(skills) if self.own_words(skill).any}
        for problem in refusal.problems:
            if problem.line in own and not self.sheet.only:
                self.add_error("skills", f"{skills[problem.line].code}: {problem.message}")
        for field, message in dict.fromkeys(
            (p.field, p.message) for p in refusal.problems if self.sheet.only or p.line not in own
        ):
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
        return {
            "day": str(self["day"].value() or ""),
            "level": str(self["level"].value() or ""),
            "skills": self._ticked,
        }

    @property
    def _ticked(self) -> set[str]:
        if isinstance(self.data, QueryDict):
            return set(self.data.getlist("skills"))
        return {str(pk) for pk in self.sheet.ticked}

    @property
    def sets(self) -> list[ShownAskableSet]:
        """The list as it is shown: each set, its skills with what was said of each; opened where one is ticked."""
        ticked = self._ticked
        return [
            ShownAskableSet(
                part,
                tuple(
                    ShownAskable(askable, str(askable.skill.pk) in ticked, self.own_words(askable.skill))
                    for askable in part.skills
                ),
            )
            for part in self.sheet.sets
        ]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class WithdrawForm(forms.Form):
    """Taking one asking back: nothing but the key of the act."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)


class SendBackForm(forms.Form):
    """Which skills of a request go back to the apprentice, and what is missing."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    asked = RowsField(
        label=gettext_lazy("Skills"),
        queryset=RequestedSkill.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose at least one skill to send back."),
            "invalid_choice": gettext_lazy("A skill that was sent is no part of this request."),
        },
    )
    comment = forms.CharField(
        label=gettext_lazy("What is missing"),
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

    def over(self, offered: list[RequestedSkill], said: str) -> "SendBackForm":
        """The same form on the rows as they are now, everything typed kept, with what happened; a fresh key."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        data["key"] = new_key()
        form = SendBackForm(data, offered=offered)
        form.add_error(None, said)
        return form

    @property
    def ticked(self) -> list[str]:
        """The ids chosen so far; all that wait, before anything was."""
        if isinstance(self.data, QueryDict):
            return self.data.getlist("asked")
        return [str(row.pk) for row in self.offered]
