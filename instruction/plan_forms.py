"""The forms of planning: one class with its topics and people, and calling it off."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, Cohort
from apprenticeship.models.work import MOST_HOURS_IN_ONE_DAY
from competencies.models import Topic
from instruction.form_files import FormFiles
from instruction.models import ClassMode, PlannedClass
from instruction.plan_checks import LONGEST_OUTLINE, PlanProblem
from instruction.plan_people import PlanGroup, groups_of, sponsor_people
from instruction.planning import LONGEST_CANCEL_REASON, MOST_WEEKS, ClassPlan
from instruction.sums import plain_hours
from instruction.taught_forms import KeyedForm, TaughtForm, Ticks, class_instructors, class_topics

CLOCK = {"type": "time"}
NOT_THERE = gettext_lazy("Somebody who was chosen cannot be chosen here. Look at the names once more.")


@dataclass(frozen=True)
class TopicField:
    """The field for the hours of one topic, under its course."""

    course: str
    field: Any


class PlanForm(TaughtForm):
    """One class for apprentices of a cohort; several weeks only when it is new."""

    field_order = ("key", "seen", "topics", "day", "begins", "ends", "weeks", "mode")  # as the page has them
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    day = forms.DateField(label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=gettext_lazy("Begins"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    ends = forms.TimeField(label=gettext_lazy("Ends"), widget=forms.TimeInput(attrs=CLOCK, format="%H:%M"))
    weeks = forms.IntegerField(
        label=gettext_lazy("Weeks"),
        help_text=gettext_lazy("1 for once; more for the same day and time in the following weeks."),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        required=False,
    )
    mode = forms.ChoiceField(label=gettext_lazy("How it is given"), choices=ClassMode.choices)
    outline = forms.CharField(
        label=gettext_lazy("Outline"),
        help_text=gettext_lazy("What is taught, and what to read or bring. Everybody expected can read it."),
        max_length=LONGEST_OUTLINE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Room for"),
        help_text=gettext_lazy("How many people; may stay blank."),
        min_value=1,
        max_value=9999,
        required=False,
    )
    topics = forms.CharField(label=gettext_lazy("Topics"), required=False, widget=forms.HiddenInput)
    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who is expected"), queryset=Apprenticeship.objects.none(), widget=Ticks, required=False
    )
    cohorts = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Whole cohorts"), queryset=Cohort.objects.none(), widget=Ticks, required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        cohort: Cohort,
        viewer: Viewer,
        files: FormFiles,
        planned: PlannedClass | None = None,
        new: bool = True,
    ) -> None:
        super().__init__(data, initial=initial_of(planned, new=new) if planned else None)
        self.cohort, self.material, self.is_new = cohort, files, new
        self.book_rows = sponsor_people(cohort, viewer)
        self._field("people").queryset = self.book_rows
        self._field("cohorts").queryset = Cohort.objects.visible_to(viewer).filter(sponsor=cohort.sponsor_id)
        for name in ("people", "cohorts"):  # the same words whether it is of another sponsor or of nobody
            self._field(name).error_messages |= dict.fromkeys(("invalid_choice", "invalid_pk_value"), NOT_THERE)
        since = cohort.sponsor.local_date(planned.starts_at) if planned and not new else viewer.today(cohort.sponsor)
        self._field("instructor").queryset = class_instructors(cohort, since=since)
        if not new:
            del self.fields["weeks"]
        hours = {t.topic_id: plain_hours(t.hours) for t in planned.topics.all()} if planned else {}
        self._topics: list[Topic] = list(class_topics(cohort))
        for topic in self._topics:
            self.fields[f"topic_{topic.pk}"] = _hours_field(topic, hours.get(topic.pk))

    def plan(self) -> ClassPlan:
        """The class that a valid form describes."""
        said = self.cleaned_data
        names = ("day", "begins", "ends", "provider", "instructor_name", "instructor_qualification", "instructor")
        more = ("mode", "place", "outline", "capacity")
        topics = [(topic, said.get(f"topic_{topic.pk}")) for topic in self._topics]
        return ClassPlan(
            topics=[(topic, hours) for topic, hours in topics if hours],
            people=self._people(),
            files=self.material.ids,
            **{name: said[name] for name in (*names, *more)},
        )

    def _people(self) -> list[Apprenticeship]:
        """Who is ticked, and everybody of the cohorts that are."""
        ticked, whole = {book.pk for book in self.cleaned_data["people"]}, set(self.cleaned_data["cohorts"])
        return [book for book in self.book_rows if book.pk in ticked or book.cohort in whole]

    @property
    def how_often(self) -> int:
        """For how many weeks a new class is planned."""
        return self.cleaned_data.get("weeks") or 1

    def refuse(self, problems: Iterable[PlanProblem]) -> None:
        """Show what the transition refused beside its field."""
        for problem in problems:
            if problem.field == "files":
                self.material.errors.append(problem.message)
            else:
                self.add_error(problem.field if problem.field in self.fields else None, problem.message)

    def is_valid(self) -> bool:
        """Whether the fields are well and every file could be taken."""
        return super().is_valid() & self.material.succeeds()

    @property
    def topic_fields(self) -> list[TopicField]:
        """The fields for hours by topic, in the order of the standard."""
        return [TopicField(topic.course.title, self[f"topic_{topic.pk}"]) for topic in self._topics]

    @property
    def groups(self) -> list[PlanGroup]:
        """The apprentices of the sponsor by cohort; all of this one are expected unless somebody chose."""
        if self.is_bound:
            sent: Any = self.data
            ticked, whole = sent.getlist("people"), sent.getlist("cohorts")
        else:
            usual = [book.pk for book in self.book_rows if book.cohort_id == self.cohort.pk]
            ticked, whole = [str(pk) for pk in self.initial.get("people", usual)], []
        return groups_of(self.book_rows, self.cohort, ticked=set(ticked), whole=set(whole))


class CancelForm(KeyedForm):
    """Why a class is called off."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody who was expected can read it."),
        max_length=LONGEST_CANCEL_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def refuse(self, problems: Iterable[PlanProblem]) -> None:
        """Show what the transition refused beside its field."""
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


def initial_of(planned: PlannedClass, *, new: bool) -> dict[str, Any]:
    """What a form begins with: a class to edit, or to copy to a day that is yet to be chosen."""
    zone = planned.sponsor.zone
    starts_at, ends_at = planned.starts_at.astimezone(zone), planned.ends_at.astimezone(zone)
    names = ("mode", "provider", "place", "instructor_name", "instructor_qualification", "outline", "capacity")
    return {
        "seen": planned.version,
        "day": None if new else starts_at.date(),
        "begins": starts_at.time(),
        "ends": ends_at.time(),
        "weeks": 1,
        "instructor": planned.instructor_id,
        "people": [row.apprenticeship_id for row in planned.expected.all()],
        **{name: getattr(planned, name) for name in names},
    }


def _hours_field(topic: Topic, initial: str | None) -> forms.DecimalField:
    return forms.DecimalField(
        label=topic.title,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(MOST_HOURS_IN_ONE_DAY),
        required=False,
        initial=initial,
        widget=forms.NumberInput(attrs={"step": "0.25", "min": "0", "max": "24", "inputmode": "decimal"}),
    )
