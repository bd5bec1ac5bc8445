"""The forms for hours earned otherwise and for waivers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from apprenticeship.models import Apprenticeship
from competencies.models import Topic
from instruction.certificate_forms import DAY, RefusableForm
from instruction.earning import LONGEST_REASON, Earned
from instruction.models import LONGEST_PROVIDER, MOST_HOURS_AT_ONCE, Way


class TopicForm(RefusableForm):
    """A form about one topic of the standard that an apprentice is held to."""

    topic = forms.ModelChoiceField(
        label=gettext_lazy("Topic"),
        queryset=Topic.objects.none(),
        empty_label=gettext_lazy("Choose a topic"),
        error_messages={"required": gettext_lazy("Choose a topic.")},
    )

    def __init__(self, data: Any = None, *, book: Apprenticeship) -> None:
        super().__init__(data)
        topics = Topic.objects.filter(course__version=book.terms.standard_version_id).select_related("course")
        field: Any = self.fields["topic"]
        field.queryset = self.among(topics).order_by("course__order", "order")

    def among(self, topics: Any) -> Any:
        """Those of `topics` that can be chosen."""
        return topics


class OtherHoursForm(TopicForm):
    """Hours that a document shows; the document is `Attachments`, beside this form. Nothing is chosen in advance."""

    way = forms.ChoiceField(
        label=gettext_lazy("How the hours were earned"),
        choices=Way.choices,
        error_messages={"required": gettext_lazy("Choose how the hours were earned.")},
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Hours"),
        help_text=gettext_lazy("In quarters, for example 6.5. Credit or a test-out accepted without hours: 0."),
        min_value=0,
        max_value=MOST_HOURS_AT_ONCE,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"}),
        error_messages={"required": gettext_lazy("Enter the hours.")},
    )
    earned_on = forms.DateField(
        label=gettext_lazy("Date of the document"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the date of the document.")},
    )
    provider = forms.CharField(
        label=gettext_lazy("Issued by"),
        help_text=gettext_lazy("The school, agency or company that issued the document."),
        max_length=LONGEST_PROVIDER,
        error_messages={"required": gettext_lazy("Say who issued the document.")},
    )

    field_order = ("key", "topic", "way", "hours", "earned_on", "provider")

    def __init__(self, data: Any = None, *, book: Apprenticeship, today: date) -> None:
        super().__init__(data, book=book)
        self.fields["earned_on"].widget.attrs["max"] = today.isoformat()

    def earned(self) -> Earned:
        """What a valid form says."""
        return Earned(**{name: self.cleaned_data[name] for name in ("topic", "way", "hours", "earned_on", "provider")})


class WaiverForm(TopicForm):
    """Which conditional topic is not appropriate, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "The apprentice, their mentors and those who run the program can read it; it is not printed."
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Say why this topic is not appropriate; the apprentice will read it.")
        },
    )

    def among(self, topics: Any) -> Any:
        """Only those printed "where appropriate"."""
        return topics.filter(conditional=True)
