"""The two forms of this layer: class hours of a cohort, and taking hours back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, Cohort
from apprenticeship.plain_hours import is_within_a_day
from competencies.models import Topic
from instruction.hours import QUARTERS_ONLY, HeldClass, HoursProblem, meaning_of_class_hours
from instruction.taught_forms import KeyedForm, TaughtForm, Ticks, class_instructors, class_people, class_topics
from instruction.voiding import LONGEST_REASON, meaning_of_void


@dataclass(frozen=True)
class Line:
    """One apprentice of the form: whether they are ticked, and what is wrong with them."""

    apprenticeship: Apprenticeship
    ticked: bool
    problems: tuple[str, ...]

    @property
    def input_id(self) -> str:
        return f"apprentice-{self.apprenticeship.pk}"


class ClassHoursForm(TaughtForm):
    """One class for the ticked apprentices of a cohort. Nobody finds their own book among them."""

    field_order = ("key", "held_on", "topic", "hours")  # as the page has them, for the list of errors
    held_on = forms.DateField(
        label=gettext_lazy("Date of the class"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    topic = forms.ModelChoiceField(
        label=gettext_lazy("Topic"), queryset=Topic.objects.none(), empty_label=gettext_lazy("Choose a topic")
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"),
        help_text=gettext_lazy("For each ticked apprentice; in quarters, for example 1.25."),
        max_digits=5,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0.25", "max": "24", "inputmode": "decimal"}),
    )
    apprenticeships = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Apprentices"), queryset=Apprenticeship.objects.none(), widget=Ticks
    )

    def __init__(self, data: Any = None, *, cohort: Cohort, viewer: Viewer) -> None:
        super().__init__(data)
        self.cohort = cohort
        self.people = class_people(cohort, viewer)
        self._problems: dict[uuid.UUID, list[str]] = {}
        self._field("apprenticeships").queryset = self.people
        self._field("apprenticeships").error_messages["required"] = _("Tick at least one apprentice.")
        self._field("instructor").queryset = class_instructors(cohort)
        self.fields["instructor"].help_text = _("If the instructor has one, they see this class on their own page.")
        self.fields["place"].help_text = _("May stay blank.")
        topics = class_topics(cohort)
        self._field("topic").queryset = topics
        self._field("topic").choices = _grouped(topics)
        self.fields["held_on"].widget.attrs["max"] = viewer.today(cohort.sponsor).isoformat()

    def clean_hours(self) -> Decimal:
        """Say early what the transition would refuse, beside what else is wrong in the form."""
        hours: Decimal = self.cleaned_data["hours"]
        if not is_within_a_day(hours):
            raise forms.ValidationError(QUARTERS_ONLY)
        return hours

    def held(self) -> HeldClass:
        """The class that a valid form describes."""
        names = (
            "topic",
            "hours",
            "held_on",
            "provider",
            "place",
            "instructor",
            "instructor_name",
            "instructor_qualification",
        )
        return HeldClass(**{name: self.cleaned_data[name] for name in names})

    def refuse(self, problems: Iterable[HoursProblem]) -> None:
        """Show what the transition refused: beside its field, or beside the apprentice it is about."""
        for problem in problems:
            if problem.apprenticeship is None:
                self.add_error(problem.field, problem.message)
            else:
                self._problems.setdefault(problem.apprenticeship.pk, []).append(problem.message)
                self.add_error("apprenticeships", str(problem))

    @property
    def lines(self) -> list[Line]:
        """The apprentices of the cohort by name, as they stand in the form."""
        ticked = set(self.data.getlist("apprenticeships")) if self.is_bound else set()  # type: ignore[attr-defined]  # a QueryDict
        return [Line(a, str(a.pk) in ticked, tuple(self._problems.get(a.pk, ()))) for a in self.people]

    @property
    def meaning(self) -> str:
        """What recording will say."""
        return meaning_of_class_hours()


class VoidForm(KeyedForm):
    """Which hours of one class are taken back, and why."""

    attendances = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Hours to take back"), coerce=uuid.UUID, widget=Ticks
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "The apprentice, their mentors and those who run the program can read it; it is not printed."
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, choices: Iterable[uuid.UUID] = ()) -> None:
        super().__init__(data)
        field: Any = self.fields["attendances"]
        field.choices = [(str(choice), str(choice)) for choice in choices]
        field.error_messages["required"] = _("Tick the hours to take back.")
        field.error_messages["invalid_choice"] = _("These hours are not of this class, or were taken back before.")
        self.fields["reason"].error_messages["required"] = _("Say why these hours are taken back.")

    @property
    def ticked(self) -> set[uuid.UUID]:
        """The attendances that were ticked when the form was sent."""
        return set(self.cleaned_data.get("attendances", ())) if self.is_bound else set()

    @property
    def meaning(self) -> str:
        """What taking back will say."""
        return meaning_of_void()


def _grouped(topics: Iterable[Topic]) -> list[Any]:
    """The choices of a topic, under the titles of their courses; the version only where there are several."""
    topics = list(topics)
    several = len({topic.course.version_id for topic in topics}) > 1
    groups: dict[uuid.UUID, tuple[str, list[tuple[str, str]]]] = {}
    for topic in topics:
        title = f"{topic.course.title} ({topic.course.version})" if several else topic.course.title
        group = groups.setdefault(topic.course_id, (title, []))
        group[1].append((str(topic.pk), topic.title))
    return [("", _("Choose a topic")), *groups.values()]
