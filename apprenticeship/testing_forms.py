"""The forms of tests: reporting that one was taken, alone or on the sheet of a signature, and taking a result back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from acts.acting import new_key
from apprenticeship.models import Apprenticeship, TestKind
from apprenticeship.models.testing import LONGEST
from apprenticeship.taken import MOST_POINTS, TestTaken
from apprenticeship.testing import LONGEST_REASON

PASSED, NOT_PASSED = "yes", "no"


class TestTakenForm(forms.Form):
    """How a test went, by whom it was given, and by which instrument. Nothing is chosen in advance."""

    passed = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[(PASSED, gettext_lazy("Passed")), (NOT_PASSED, gettext_lazy("Not passed"))],
        error_messages={"required": gettext_lazy("Choose how the test went.")},
    )
    taken_on = forms.DateField(
        label=gettext_lazy("Date of the test"),
        error_messages={"required": gettext_lazy("Enter the day of the test.")},
    )
    instrument = forms.CharField(
        label=gettext_lazy("Test or checklist"),
        help_text=gettext_lazy("Its name, with its number or revision."),
        max_length=LONGEST["instrument"],
        error_messages={"required": gettext_lazy("Name the test or checklist that was used.")},
    )
    examiner_name = forms.CharField(
        label=gettext_lazy("Examiner"),
        help_text=gettext_lazy(
            "Who gave the test, as it shall be printed. Not the apprentice and, where it is demanded, not who signs."
        ),
        max_length=LONGEST["examiner_name"],
        error_messages={"required": gettext_lazy("Name the person who gave the test.")},
    )
    examiner_organization = forms.CharField(
        label=gettext_lazy("Examiner's organization"),
        max_length=LONGEST["examiner_organization"],
        error_messages={"required": gettext_lazy("Name the organization of the examiner.")},
    )
    score = forms.DecimalField(
        label=gettext_lazy("Score"),
        help_text=gettext_lazy("May stay blank, with the pass mark."),
        required=False,
        min_value=0,
        max_value=MOST_POINTS,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    pass_mark = forms.DecimalField(
        label=gettext_lazy("Pass mark"),
        required=False,
        min_value=0,
        max_value=MOST_POINTS,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )
    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date, of_kind: str = "", **rest: Any) -> None:
        super().__init__(data, **rest)
        self.of_kind = of_kind
        self.fields["taken_on"].widget = forms.DateInput(
            attrs={"type": "date", "max": today.isoformat()}, format="%Y-%m-%d"
        )

    @property
    def kind_words(self) -> str:
        return str(TestKind(self.of_kind).label)

    @property
    def is_filled(self) -> bool:
        """Whether anything was entered: on a sheet, a test that nobody touched is none."""
        return self.is_bound and self.has_changed()

    def taken(self) -> TestTaken:
        """The test that a valid form reports."""
        told = self.cleaned_data
        return TestTaken(
            kind=self.of_kind or told["kind"],
            taken_on=told["taken_on"],
            passed=told["passed"] == PASSED,
            instrument=told["instrument"],
            examiner_name=told["examiner_name"],
            examiner_organization=told["examiner_organization"],
            score=told["score"],
            pass_mark=told["pass_mark"],
            examiner=told.get("examiner"),
        )

    def refuse(self, problems: Sequence[tuple[str, str]]) -> None:
        """Show what the transition refused, each beside its field."""
        for name, message in problems:
            self.add_error(name if name in self.fields else None, message)


class RecordTestForm(TestTakenForm):
    """The same on a page of its own: with the kind, and the examiner's account where they have one."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of test"),
        choices=TestKind.choices,
        error_messages={"required": gettext_lazy("Choose which kind of test it was.")},
    )
    examiner = forms.ModelChoiceField(
        label=gettext_lazy("Examiner's account"),
        help_text=gettext_lazy("Only if they have one here; their name is then taken from it."),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("No account"),
    )

    field_order = ("key", "kind", "passed", "taken_on", "instrument", "examiner_name", "examiner_organization")

    def __init__(self, data: Mapping[str, Any] | None = None, *, book: Apprenticeship, today: date) -> None:
        super().__init__(data, today=today)
        accounts: Any = self.fields["examiner"]
        accounts.queryset = _examiners(book, today)
        self.fields["examiner_name"].required = False
        self.book, self.today = book, today

    def with_a_new_key(self) -> "RecordTestForm":
        """The same form, everything typed kept, under a key that was not used yet."""
        data = {name: self.data.get(name) for name in self.data}
        form = RecordTestForm({**data, "key": new_key()}, book=self.book, today=self.today)
        form.is_valid()
        return form

    def clean(self) -> dict[str, Any]:
        """Take the name from the account where one is chosen and none was typed."""
        cleaned = self.cleaned_data
        if not cleaned.get("examiner_name"):
            if cleaned.get("examiner"):
                cleaned["examiner_name"] = cleaned["examiner"].name
            elif "examiner_name" not in self.errors:
                self.add_error("examiner_name", _("Name the person who gave the test."))
        return cleaned


class VoidTestForm(forms.Form):
    """Why a test result is taken back."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why this result is taken back; the apprentice will read it.")},
    )

    def refuse(self, problems: Sequence[tuple[str, str]]) -> None:
        """Show what the transition refused, each beside its field."""
        for name, message in problems:
            self.add_error(name if name in self.fields else None, message)


def _examiners(book: Apprenticeship, today: date) -> Any:
    """The sponsor's people who may have given the test: everybody but the apprentice themselves."""
    held = User.objects.filter(memberships__sponsor=book.sponsor_id, memberships__since__lte=today)
    return held.exclude(pk=book.apprentice_id).exclude(memberships__role=Role.APPRENTICE).order_by("name").distinct()
