"""The forms of logged work: one line or a timesheet of several, each a day, a worksite, a skill set and hours."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from acts.acting import new_key
from apprenticeship.models import Apprenticeship, WorkLog, WorkLogState, Worksite
from apprenticeship.plain_hours import plain_hours
from apprenticeship.work_days import WorkLine, WorkProblem
from competencies.models import SkillSet

LINES_OF_A_TIMESHEET = 7


class Choices:
    """What may be chosen for one book: the worksites of its sponsor and the skill sets of its standard; two queries.

    The book's own worksite and `chosen_before` are offered even if they are archived.
    """

    def __init__(self, book: Apprenticeship, *, chosen_before: uuid.UUID | None = None) -> None:
        offered = Worksite.objects.offered(besides=[book.worksite_id, chosen_before])
        places = offered.filter(employer__sponsor=book.sponsor_id).select_related("employer")
        self.worksites = {str(place.pk): place for place in places.order_by("employer__name", "name")}
        sets = SkillSet.objects.filter(version=book.terms.standard_version_id).order_by("order")
        self.skill_sets = {str(part.pk): part for part in sets}
        several = len({place.employer_id for place in self.worksites.values()}) > 1
        self.of_worksites = [(pk, self._named(place, several)) for pk, place in self.worksites.items()]
        self.of_skill_sets = [(pk, f"{part.order} {part.title}") for pk, part in self.skill_sets.items()]

    def _named(self, place: Worksite, several: bool) -> str:
        return f"{place.employer.name}, {place.name}" if several else place.name


class WorkLineForm(forms.Form):
    """One line. Where `optional`, one without hours is left out."""

    worked_on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    worksite = forms.ChoiceField(label=gettext_lazy("Worksite"))
    skill_set = forms.ChoiceField(label=gettext_lazy("Skill set"))
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"),
        max_digits=4,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0.25", "max": "24", "inputmode": "decimal"}),
    )

    def __init__(
        self, data: Any = None, *, choices: Choices, today: date, optional: bool = False, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.choices = choices
        fields: Any = self.fields
        fields["worksite"].choices = choices.of_worksites
        fields["skill_set"].choices = [("", _("Choose a skill set")), *choices.of_skill_sets]
        fields["worked_on"].widget.attrs["max"] = today.isoformat()
        fields["hours"].error_messages["required"] = _("Enter the hours, for example 7.5.")
        fields["skill_set"].error_messages["required"] = _("Choose the skill set that you worked on.")
        if optional and self.is_bound and not self.data.get(self.add_prefix("hours")):
            for field in self.fields.values():
                field.required = False

    @property
    def is_blank(self) -> bool:
        """Whether no hours were entered here."""
        return self.cleaned_data.get("hours") is None

    def line(self, book: Apprenticeship) -> WorkLine:
        """What a valid line says."""
        said = self.cleaned_data
        return WorkLine(
            apprenticeship=book,
            worked_on=said["worked_on"],
            worksite=self.choices.worksites[said["worksite"]],
            skill_set=self.choices.skill_sets[said["skill_set"]],
            hours=said["hours"],
        )


class WorkSheet:
    """One line for an apprentice's own day, or several for a timesheet, with the key of the act."""

    def __init__(self, data: Any, *, book: Apprenticeship, viewer: Viewer) -> None:
        self.book, self.data = book, data
        self.key = (data or {}).get("key") or new_key()
        self.several = viewer.user_id != book.apprentice_id
        self.problem = ""
        choices, today = Choices(book), viewer.today(book.sponsor)
        latest = latest_logs(book, before=today)
        self.latest = [] if self.several else latest
        days = _week_before(today) if self.several else [today]
        self.forms = [
            WorkLineForm(
                data,
                choices=choices,
                today=today,
                optional=self.several,
                prefix=f"line-{place}",
                initial={"worked_on": day, **_usual(book, latest)},
            )
            for place, day in enumerate(days)
        ]

    @property
    def latest_words(self) -> str:
        """The hours of the last day that was logged."""
        return plain_hours(sum((log.hours for log in self.latest), Decimal(0)))

    def is_valid(self) -> bool:
        """Whether every line can be read, and one has hours; says what is missing."""
        valid = [form.is_valid() for form in self.forms]  # each, so that each says what is wrong with it
        if not all(valid):
            return False
        if all(form.is_blank for form in self.forms):
            self.problem = _("Enter the hours of at least one day.")
        return not self.problem

    def lines(self) -> list[WorkLine]:
        """The lines with hours of a valid sheet."""
        return [form.line(self.book) for form in self._filled()]

    def refuse(self, problems: Iterable[WorkProblem]) -> None:
        """Show what the transition refused beside its field; the sheet gets a key that was not used."""
        filled = self._filled()
        for problem in problems:
            filled[problem.line].add_error(problem.field, problem.message)
        self.key = new_key()

    def _filled(self) -> Sequence[WorkLineForm]:
        return [form for form in self.forms if not form.is_blank]


def latest_logs(book: Apprenticeship, *, before: date) -> list[WorkLog]:
    """What was logged for the last day before `before`, to be logged again by one press; two queries."""
    logs = WorkLog.objects.filter(apprenticeship=book, worked_on__lt=before).exclude(state=WorkLogState.DELETED)
    last = logs.order_by("-worked_on").values_list("worked_on", flat=True).first()
    return list(logs.filter(worked_on=last).with_place().by_day()) if last else []


def again(latest: Iterable[WorkLog], *, book: Apprenticeship, today: date) -> list[WorkLine]:
    """The lines of the last day as those of today."""
    return [WorkLine(book, today, log.worksite, log.skill_set, log.hours) for log in latest]


def _usual(book: Apprenticeship, latest: Sequence[WorkLog]) -> dict[str, uuid.UUID | None]:
    """Where and on what they worked last."""
    if latest:
        return {"worksite": latest[-1].worksite_id, "skill_set": latest[-1].skill_set_id}
    return {"worksite": book.worksite_id}


def _week_before(today: date) -> list[date]:
    """The seven days up to today, the first day first."""
    return [today - timedelta(days=back) for back in reversed(range(LINES_OF_A_TIMESHEET))]
