"""The forms of programs and their Terms; they work without scripts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import KeyForm
from apprenticeship.demands import FLAGS, LONGEST_NUMBER, LONGEST_VERSION, MOST_MONTHS, Demands
from apprenticeship.drafting import MOST, Basics
from apprenticeship.limits import DAYS, MOST_DAYS
from apprenticeship.models import Terms
from apprenticeship.programs import LONGEST, ProgramSaid
from apprenticeship.terms_shown import LIMITS
from apprenticeship.wages import LONGEST_LABEL, MOST_STEPS, WageStepsInvalid
from competencies.models import Skill, StandardVersion

BLANK_STEPS = 3
"""How many blank wage steps a page offers below those that are there."""


class ProgramForm(KeyForm):
    """What is said of a program, as it is registered."""

    title = forms.CharField(label=gettext_lazy("Title, as registered"), max_length=LONGEST["title"])
    registration_agency = forms.CharField(
        label=gettext_lazy("Registration agency"),
        help_text=gettext_lazy("For example: New York State Department of Labor."),
        max_length=LONGEST["registration_agency"],
        required=False,
    )
    registration_number = forms.CharField(
        label=gettext_lazy("Registration number of the program"),
        max_length=LONGEST["registration_number"],
        required=False,
    )

    @property
    def said(self) -> ProgramSaid:
        """What a valid form says."""
        return ProgramSaid(**{name: self.cleaned_data[name] for name in LONGEST})


def _number(label: Any, hint: Any = "", *, name: str) -> forms.IntegerField:
    wrong = gettext_lazy("Enter a whole number above 0, or leave it blank.")
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=1,
        max_value=MOST[name],
        required=False,
        error_messages={"invalid": wrong, "min_value": wrong},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class BasicsForm(KeyForm):
    """Which standard is adopted, and the numbers of the registered standards."""

    standard_version = forms.ModelChoiceField(
        label=gettext_lazy("Adopted standard"),
        queryset=StandardVersion.objects.none(),
        empty_label=gettext_lazy("Choose a published version"),
        error_messages={"required": gettext_lazy("Choose the version that the program adopts.")},
    )
    adopted_on = forms.DateField(
        label=gettext_lazy("Adopted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    term_months = _number(gettext_lazy("Expected length, in months"), name="term_months")
    probation_months = _number(
        gettext_lazy("Probation, in months"),
        gettext_lazy("At most a quarter of the length or one year, the shorter (29 CFR 29.5(b)(8))."),
        name="probation_months",
    )
    ratio_apprentices = _number(gettext_lazy("Ratio: apprentices"), name="ratio_apprentices")
    ratio_journeyworkers = _number(
        gettext_lazy("to journeyworkers"), gettext_lazy("For example 1 to 1."), name="ratio_journeyworkers"
    )
    instruction_hours_per_year = forms.DecimalField(
        label=gettext_lazy("Hours of related instruction a year"),
        help_text=gettext_lazy("Blank where the registered standards say nothing."),
        min_value=0.25,
        max_value=MOST["instruction_hours_per_year"],
        max_digits=6,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.25"}),
    )

    def __init__(self, *args: Any, versions: QuerySet[StandardVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standard_version"].queryset = versions  # type: ignore[attr-defined]  # the field's own class, lost in the mapping

    @property
    def basics(self) -> Basics:
        """What a valid form says."""
        return Basics(**{name: self.cleaned_data[name] for name in Basics.__dataclass_fields__})


class AdditionForm(forms.Form):
    """What is added to one skill. What the standard demands already is not offered again."""

    evidence = forms.BooleanField(label=gettext_lazy("Evidence of the work"), required=False)
    practical_test = forms.BooleanField(label=gettext_lazy("Hands-on test"), required=False)
    written_test = forms.BooleanField(label=gettext_lazy("Written test"), required=False)
    counter_signature = forms.BooleanField(label=gettext_lazy("The apprentice's OK"), required=False)
    number = forms.CharField(label=gettext_lazy("Procedure"), max_length=LONGEST_NUMBER, required=False)
    version = forms.CharField(label=gettext_lazy("Its version"), max_length=LONGEST_VERSION, required=False)
    due_again_months = forms.IntegerField(
        label=gettext_lazy("Due again after months"),
        min_value=1,
        max_value=MOST_MONTHS,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, data: Any, *, skill: Skill, added: Mapping[str, Any], demanded: Demands) -> None:
        procedure = added.get("procedure", {})
        now = {**added, "number": procedure.get("number", ""), "version": procedure.get("version", "")}
        super().__init__(data, prefix=f"line-{skill.order}", initial=now)
        self.skill, self.demanded = skill, demanded
        for name in FLAGS:
            if getattr(demanded, name):
                del self.fields[name]
        if demanded.procedure_number:
            del self.fields["number"], self.fields["version"]

    @property
    def ticks(self) -> list[forms.BoundField]:
        """The fields that are ticked."""
        return [self[name] for name in FLAGS if name in self.fields]

    @property
    def typed(self) -> list[forms.BoundField]:
        """The fields that are typed."""
        return [self[name] for name in ("number", "version", "due_again_months") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("version") and not said.get("number"):
            self.add_error("number", _("Enter the procedure that this is a version of."))
        return said

    @property
    def addition(self) -> dict[str, Any]:
        """What a valid form adds; empty where it adds nothing."""
        said = self.cleaned_data
        added: dict[str, Any] = {name: True for name in FLAGS if said.get(name)}
        if said.get("number"):
            added["procedure"] = {"number": said["number"], **({"version": v} if (v := said["version"]) else {})}
        if said.get("due_again_months"):
            added["due_again_months"] = said["due_again_months"]
        return added


class LimitsForm(KeyForm):
    """Days for each signing limit; blank: the default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, usual in DAYS.items():
            self.fields[name] = forms.IntegerField(
                label=str(LIMITS.get(name, name)),
                help_text=_("Blank: %(days)s") % {"days": usual},
                min_value=0,
                max_value=MOST_DAYS,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def limits(self) -> dict[str, int]:
        """What a valid form sets."""
        return {name: self.cleaned_data[name] for name in DAYS if self.cleaned_data[name] is not None}


class WageStepForm(forms.Form):
    """One wage step; one without a name and a wage is left out. What it may say is checked by `wages.py`."""

    label = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_LABEL, required=False)
    wage = forms.CharField(label=gettext_lazy("Wage"), max_length=12, required=False)
    needed = forms.IntegerField(
        label=gettext_lazy("Due after"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    measure = forms.ChoiceField(
        label=gettext_lazy("of what"),
        choices=[
            ("months", gettext_lazy("months")),
            ("hours", gettext_lazy("hours on the job")),
            ("skills", gettext_lazy("skills")),
        ],
    )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered here."""
        said = self.cleaned_data
        return not said.get("label") and not said.get("wage") and said.get("needed") is None

    def step(self, kind: str) -> dict[str, Any]:
        """What a valid form says, as Terms keep it."""
        said = self.cleaned_data
        due = {} if said["needed"] is None else {said["measure"]: said["needed"]}
        return {"label": said["label"], kind: said["wage"].strip().lstrip("$").rstrip("%").strip(), "due": due}


class WageStepsForm(KeyForm):
    """All wage steps: whether percentages or amounts, and a few blank ones to fill."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Wages are"),
        choices=[
            ("percent", gettext_lazy("Percentages of the journeyworker's wage")),
            ("amount", gettext_lazy("Dollars an hour")),
        ],
    )

    def __init__(self, data: Any, *, terms: Terms) -> None:
        steps = terms.wage_steps
        super().__init__(data, initial={"kind": "amount" if steps and "amount" in steps[0] else "percent"})
        offered = min(MOST_STEPS, len(steps) + BLANK_STEPS)
        sent = sum(1 for name in data or () if name.startswith("step-") and name.endswith("-label"))
        number = min(MOST_STEPS, max(offered, sent))
        self.steps = [WageStepForm(data, prefix=f"step-{n}", initial=_now(steps, n)) for n in range(number)]

    def is_valid(self) -> bool:
        """Whether the form and every step of it can be read."""
        return all([super().is_valid(), *(step.is_valid() for step in self.steps)])

    @property
    def filled(self) -> list[WageStepForm]:
        """The steps of a valid form that say something."""
        return [step for step in self.steps if not step.is_blank]

    @property
    def wage_steps(self) -> list[dict[str, Any]]:
        """What a valid form says, as Terms keep it."""
        return [step.step(self.cleaned_data["kind"]) for step in self.filled]

    def refuse(self, refusal: WageStepsInvalid) -> None:
        """Say beside each step what is wrong with it."""
        filled, fields = self.filled, {"label": "label", "wage": "wage", "due": "needed"}
        for problem in refusal.problems:
            if problem.step < len(filled):
                filled[problem.step].add_error(fields.get(problem.field), problem.message)
            else:
                self.add_error(None, problem.message)


def _now(steps: list[dict[str, Any]], place: int) -> dict[str, Any]:
    if place >= len(steps):
        return {}
    step = steps[place]
    ((measure, needed),) = step["due"].items()
    return {
        "label": step["label"],
        "wage": step.get("percent", step.get("amount")),
        "measure": measure,
        "needed": needed,
    }
