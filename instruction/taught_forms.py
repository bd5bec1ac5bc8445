"""What forms of classes share: the key of their act, and who teaches where."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.keyed_forms import KeyedForm as KeyedForm
from accounts.models import Membership, Role, User
from accounts.viewer import Viewer
from apprenticeship.models import Apprenticeship, Cohort
from competencies.models import Topic
from instruction.models import LONGEST, ClassSession


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes that a template draws itself in a fieldset; an error's link leads to that fieldset."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index) if index else id_


class TaughtForm(KeyedForm):
    """A form of one class: who offers it, who teaches it, and where."""

    provider = forms.CharField(
        label=gettext_lazy("Provider"),
        help_text=gettext_lazy("Who offers the class: a school, an agency, your own company."),
        max_length=LONGEST["provider"],
        widget=forms.TextInput(attrs={"list": "providers", "autocomplete": "off"}),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("A room, or the address of the online class. May stay blank."),
        max_length=LONGEST["place"],
        required=False,
    )
    instructor = forms.ModelChoiceField(
        label=gettext_lazy("Instructor's account"),
        help_text=gettext_lazy("Whoever is chosen sees this class and takes its attendance."),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("No account"),
    )
    instructor_name = forms.CharField(
        label=gettext_lazy("Instructor's name"),
        help_text=gettext_lazy("As it shall be printed. May stay blank if an account is chosen."),
        max_length=LONGEST["instructor_name"],
        required=False,
    )
    instructor_qualification = forms.CharField(
        label=gettext_lazy("Instructor's qualification"),
        help_text=gettext_lazy("May stay blank."),
        max_length=LONGEST["instructor_qualification"],
        required=False,
    )
    cohort: Cohort

    def clean(self) -> dict[str, Any]:
        """Take the printed name from the account where it was left blank."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("instructor_name"):
            if cleaned.get("instructor"):
                cleaned["instructor_name"] = cleaned["instructor"].name
            elif "instructor_name" not in self.errors:
                self.add_error("instructor_name", _("Give the name of the instructor, or choose their account."))
        return cleaned

    @property
    def providers(self) -> list[str]:
        """Providers named before, so that nobody types a name twice in two ways."""
        known = ClassSession.objects.filter(sponsor=self.cohort.sponsor_id).order_by("provider")
        return list(known.values_list("provider", flat=True).distinct()[:100])

    def _field(self, name: str) -> Any:
        return self.fields[name]


def class_people(cohort: Cohort, viewer: Viewer) -> Any:
    """The apprentices of a cohort by name, but for oneself."""
    return (
        Apprenticeship.objects.visible_to(viewer)
        .filter(cohort=cohort)
        .exclude(apprentice=viewer.user_id)
        .with_context()
        .order_by("apprentice__name", "pk")
    )


def class_instructors(cohort: Cohort, *, since: date | None = None) -> Any:
    """The instructors of the cohort's sponsor by name; from the day `since` on, only whose role has not ended."""
    held = Membership.objects.filter(sponsor=cohort.sponsor_id, role=Role.INSTRUCTOR)
    if since:
        held = held.filter(Q(until=None) | Q(until__gt=since))
    return User.objects.filter(memberships__in=held).distinct().order_by("name", "pk")


def class_topics(cohort: Cohort) -> Any:
    """The topics of every standard version that somebody of the cohort is held to."""
    versions = Apprenticeship.objects.filter(cohort=cohort).values("terms__standard_version")
    return (
        Topic.objects.filter(course__version__in=versions)
        .select_related("course__version__standard")
        .order_by("course__version__standard__title", "course__version__number", "course__order", "order")
    )
