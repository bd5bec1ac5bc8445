"""The form of a roll: who was present, and the exceptions; it corrects what was recorded as well."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship
from apprenticeship.plain_hours import typed_hours
from instruction.hours import HoursProblem, meaning_of_class_hours
from instruction.models import PlannedClass, PlannedTopic
from instruction.planning import attendance_of
from instruction.rollcall import RollLine
from instruction.sums import plain_hours
from instruction.taught_forms import KeyedForm
from instruction.voiding import LONGEST_REASON


@dataclass
class TopicCell:
    """The hours of one topic on a person's row: `value` as typed, `now` what stands."""

    name: str
    title: str
    value: str
    most: str
    now: str
    topic: PlannedTopic


@dataclass
class PersonRow:
    """One person of the roll, whether they are ticked as present, and what is wrong."""

    book: Apprenticeship
    present: bool
    cells: list[TopicCell]
    problems: list[str] = field(default_factory=list)

    @property
    def input_id(self) -> str:
        return f"present-{self.book.pk}"

    @property
    def is_partial(self) -> bool:
        """Whether not all hours of the class are given: the row is shown open."""
        return bool(self.problems) or (self.present and any(cell.value != cell.most for cell in self.cells))

    @property
    def now(self) -> str:
        """The hours that stand, together; blank where nothing does."""
        standing = [Decimal(cell.now) for cell in self.cells if cell.now]
        return plain_hours(sum(standing, Decimal(0))) if standing else ""


class RollForm(KeyedForm):
    """Everybody who is expected. Whoever isn't ticked gets no hours; hours can be less than those of the class."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why what was recorded is changed"),
        help_text=gettext_lazy("The apprentice and those who run the program can read it; it is not printed."),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, planned: PlannedClass, viewer: Viewer, all_present: bool = False) -> None:
        super().__init__(data)
        self.planned = planned
        books = Apprenticeship.objects.filter(classes_expected__planned=planned).exclude(apprentice=viewer.user_id)
        self.books = list(
            books.select_related("apprentice", "sponsor", "terms__standard_version__standard").order_by(
                "apprentice__name", "pk"
            )
        )
        topics = planned.topics.select_related("topic__course").order_by("topic__course__order", "topic__order")
        self.topics: list[PlannedTopic] = list(topics)
        standing = {(a.apprenticeship_id, a.class_topic.topic_id): a for a in attendance_of(planned).with_class()}
        self.corrects = bool(standing)
        self.initial["seen"] = " ".join(str(a.pk) for a in standing.values())
        rows = [self._row(book, standing, all_present) for book in self.books]
        self.rows = [row for row in rows if row.cells]
        self.chosen = self._chosen_topics()

    def _row(self, book: Apprenticeship, standing: dict[Any, Any], all_present: bool) -> PersonRow:
        """One person with the topics of the standard that they follow: in a mixed class others have other ones."""
        version, cells = book.terms.standard_version_id, []
        for topic in (topic for topic in self.topics if topic.topic.course.version_id == version):
            row = standing.get((book.pk, topic.topic_id))
            name, most = f"hours_{book.pk}_{topic.topic_id}", plain_hours(topic.hours)
            now = plain_hours(row.hours) if row else ""
            has_some = any((book.pk, other.topic_id) in standing for other in self.topics)
            value = now or ("0" if has_some and not all_present else most)
            if self.is_bound:
                value = str(self.data.get(name, value)).strip()
            cells.append(TopicCell(name, topic.topic.title, value, most, now, topic))
        if self.is_bound:
            present = str(book.pk) in self.data.getlist("present")  # type: ignore[attr-defined]  # a QueryDict
        else:
            present = all_present or any(cell.now for cell in cells)
        return PersonRow(book, present, cells)

    def _chosen_topics(self) -> set[uuid.UUID]:
        """The topics that are recorded now; all, unless a big class is recorded topic by topic."""
        if not self.is_bound or len(self.topics) == 1:
            return {topic.topic_id for topic in self.topics}
        named = set(self.data.getlist("topics"))  # type: ignore[attr-defined]  # a QueryDict
        return {topic.topic_id for topic in self.topics if str(topic.topic_id) in named}

    def clean(self) -> dict[str, Any]:
        """Read the hours of whoever is present; what is no number is said beside the person."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.chosen:
            self.add_error(None, _("Choose at least one topic."))
        for row in self.rows:
            for cell in row.cells:
                if row.present and typed_hours(cell.value) is None:
                    self._complain(row, _("Enter the hours as a number, for example 1.25."))
        try:
            cleaned["seen"] = [uuid.UUID(text) for text in cleaned.get("seen", "").split()]
        except ValueError:
            self.add_error(None, _("Load the page again: what it carried was cut off."))
        return cleaned

    def lines(self) -> list[RollLine]:
        """What a valid form says shall stand."""
        return [
            RollLine(row.book, cell.topic.topic, (typed_hours(cell.value) or Decimal(0)) if row.present else Decimal(0))
            for row in self.rows
            for cell in row.cells
            if cell.topic.topic_id in self.chosen
        ]

    def seen_standing(self) -> Sequence[uuid.UUID]:
        """The attendances that the page showed as standing."""
        seen: list[uuid.UUID] = self.cleaned_data["seen"]
        return seen

    def refuse(self, problems: Iterable[HoursProblem]) -> None:
        """Show what the transition refused: beside the person, beside the reason, or above all."""
        rows = {row.book.pk: row for row in self.rows}
        for problem in problems:
            if problem.apprenticeship and problem.apprenticeship.pk in rows:
                self._complain(rows[problem.apprenticeship.pk], problem.message)
            else:
                self.add_error("reason" if problem.field == "reason" else None, problem.message)

    def _complain(self, row: PersonRow, message: str) -> None:
        if message not in row.problems:
            row.problems.append(message)
            self.add_error(None, f"{row.book.apprentice}: {message}")

    @property
    def meaning(self) -> str:
        """What recording will say."""
        return meaning_of_class_hours()
