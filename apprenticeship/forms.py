"""The form of signing a skill, and what every form of signing asks.

It carries the key of its act from the moment it is shown, so that pressing twice acts once.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.acting import new_key
from apprenticeship.demands import LONGEST_VERSION, Demands
from apprenticeship.lines import LONGEST_NOTE
from apprenticeship.models import METHODS_OF_MENTORS, Worksite
from apprenticeship.sheet import OTHER_DAY, Sheet, SigningSheet, day_offered, method_offered
from apprenticeship.signoff import SignOffInvalid, SignOffLine
from apprenticeship.testing_forms import TestTakenForm

METHODS = [(method.value, method.label) for method in METHODS_OF_MENTORS]
"""Given to each form when it is made: what stands at a form's class is copied into the depth every time."""


class WorksiteField(forms.ChoiceField):
    """One of the sponsor's worksites. They are read where the field is shown; the usual one is known already."""

    usual: Worksite | None = None
    found: Callable[[str], Worksite | None]

    def offer(self, sheet: SigningSheet) -> None:
        """Let the field choose among the worksites of `sheet`."""
        self.usual = sheet.usual_worksite
        self.choices = lambda: [("", _("Somewhere else")), *((str(site.pk), str(site)) for site in sheet.worksites)]
        self.found = lambda pk: sheet.worksites.filter(pk=pk).first()

    def clean(self, value: Any) -> Worksite | None:
        """The worksite with this id; None for somewhere else."""
        if not value:
            return None
        if self.usual and str(self.usual.pk) == value:
            return self.usual
        try:
            site = self.found(value)
        except ValidationError:  # no id at all
            site = None
        if site is None:
            raise ValidationError(self.error_messages["invalid_choice"], params={"value": value})
        return site


class HowAndWhenForm(forms.Form):
    """What every signing form asks: how the signer knows, which day, where, and a note.

    A day and a method are chosen in advance only where the apprentice named them when asking.
    """

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    method = forms.ChoiceField(
        label=gettext_lazy("How you know"),
        error_messages={"required": gettext_lazy("Choose how you came to your judgment.")},
    )
    day = forms.CharField(
        label=gettext_lazy("When it was shown to you"),
        error_messages={"required": gettext_lazy("Choose the day on which it was shown to you.")},
    )
    observed_on = forms.DateField(label=gettext_lazy("Date"), required=False)
    late_reason = forms.CharField(
        label=gettext_lazy("Why it is signed only now"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    worksite = WorksiteField(
        label=gettext_lazy("Where"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the places in the list.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, sheet: SigningSheet, suffix: str, initial: Mapping[str, Any]
    ) -> None:
        usual = sheet.usual_worksite
        super().__init__(data, initial={"worksite": usual and usual.pk, **initial}, auto_id=f"%s-{suffix}")
        self._asked_on: SigningSheet = sheet
        self.suffix = suffix
        self._choices("worksite").offer(sheet)
        self._choices("method").choices = METHODS
        self.fields["observed_on"].widget = forms.DateInput(
            attrs={"type": "date", "min": sheet.first_day.isoformat(), "max": sheet.today.isoformat()}
        )
        self.fields["late_reason"].widget.attrs["data-late-before"] = sheet.late_before.isoformat()

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Make one date of the day's tile and the date field beside it."""
        cleaned = self.cleaned_data
        day = cleaned.get("day")
        if day and day != OTHER_DAY:
            try:
                cleaned["observed_on"] = date.fromisoformat(day)
            except ValueError:
                self.add_error("day", _("Choose the day on which it was shown to you."))
        elif day and not cleaned.get("observed_on") and "observed_on" not in self.errors:
            self.add_error("observed_on", _("Enter the date on which it was shown to you."))
        return cleaned

    @property
    def signs_by_method(self) -> bool:
        """Whether the ways to know are the buttons that sign: where the asking said all the rest, but not this."""
        return self._asked_on.was_asked and not self.chosen["method"]

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen among the tiles so far, by field."""
        return {name: str(self[name].value() or "") for name in ("level", "method", "day") if name in self.fields}


class SignOffForm(HowAndWhenForm):
    """One skill at one level, which is not chosen in advance either."""

    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        error_messages={
            "required": gettext_lazy("Choose the level that was shown."),
            "invalid_choice": gettext_lazy("This level is not on the scale of this skill."),
        },
    )

    field_order = ("key", "replaces", "level")

    def __init__(self, data: Mapping[str, Any] | None = None, *, sheet: Sheet) -> None:
        initial = self._first_shown(sheet) if data is None else {}
        super().__init__(data, sheet=sheet, suffix=str(sheet.skill.pk), initial=initial)
        self.sheet = sheet
        levels = {str(level.pk): level for level in sheet.levels}
        self._choices("level").choices = [(pk, level.label) for pk, level in levels.items()]
        self._choices("level").coerce = levels.__getitem__
        if sheet.demanded.procedure_number:
            self.fields |= procedure_fields()
        self.tests = [
            TestTakenForm(data, of_kind=kind.value, today=sheet.today, prefix=kind.value, empty_permitted=True)
            for kind in sheet.lacking_tests
        ]

    @staticmethod
    def _first_shown(sheet: Sheet) -> dict[str, Any]:
        """What the sheet says before anybody typed: what it would take the place of, and the day that was asked for."""
        named = day_offered(sheet, sheet.asked.done_on) if sheet.asked else {}
        known = method_offered(sheet.viewer, sheet.asked)
        return {"replaces": sheet.live.pk if sheet.live else None, "method": known, **named}

    def is_valid(self) -> bool:
        """Whether the sheet and every test that was reported on it are filled in."""
        tests = [test.is_valid() for test in self.tests]
        return super().is_valid() and all(tests)

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(test.errors for test in self.tests)

    def line(self) -> SignOffLine:
        """The line to be signed that a valid form describes."""
        wanted = self.cleaned_data
        return SignOffLine(
            apprenticeship=self.sheet.apprenticeship,
            skill=self.sheet.skill,
            level=wanted["level"],
            method=wanted["method"],
            observed_on=wanted["observed_on"],
            replaces=wanted["replaces"],
            worksite=wanted["worksite"],
            note=wanted["note"],
            late_reason=wanted["late_reason"],
            tests=tuple(test.taken() for test in self.tests if test.is_filled),
            **procedure_of(wanted, self.sheet.demanded),
        )

    def refuse(self, refusal: SignOffInvalid) -> None:
        """Show what the transition refused, each beside its field."""
        tests = {test.of_kind: test for test in self.tests}
        for problem in refusal.problems:
            kind, _dash, of_test = problem.field.partition("-")
            kind = kind.removesuffix("_test")
            field = "procedure" if problem.field == "procedure_version" else problem.field
            if kind in tests:
                tests[kind].refuse([(of_test, problem.message)])
            else:
                self.add_error(field if field in self.fields else None, problem.message)

    def over(self, sheet: Sheet) -> "SignOffForm":
        """The same form, everything typed kept, for signing over what stands on the newer `sheet`; a fresh key."""
        data = {name: self.data.get(name) for name in self.data}
        data.pop("password", None)
        data.pop("passkey", None)
        return SignOffForm({**data, "key": new_key(), "replaces": sheet.live.pk if sheet.live else ""}, sheet=sheet)


ANOTHER_VERSION = "another"
"""The tile beside which the version of a procedure is entered."""


def procedure_fields() -> dict[str, forms.Field]:
    """What confirms the procedure: the demanded version or another one. Neither is chosen in advance."""
    return {
        "procedure": forms.CharField(label=gettext_lazy("Procedure"), required=False),
        "another_version": forms.CharField(
            label=gettext_lazy("Version"), required=False, max_length=LONGEST_VERSION, strip=True
        ),
    }


def procedure_of(wanted: Mapping[str, Any], demanded: Demands) -> dict[str, Any]:
    """The procedure and the version that the signer confirmed; nothing where they confirmed none."""
    chosen = wanted.get("procedure", "")
    if not chosen:
        return {}
    version = wanted["another_version"] if chosen == ANOTHER_VERSION else demanded.procedure_version
    return {"procedure_number": demanded.procedure_number, "procedure_version": version}
