"""The form by which one apprentice is registered. What was typed stays, whatever is refused."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import KeyForm
from accounts.models import Membership, Role, Sponsor, User
from apprenticeship.models import Cohort, Employer, Terms, Worksite
from apprenticeship.registering import LONGEST_NUMBER, Problem, Registration, as_apprentice
from competencies.models import SkillSet

EMPLOYER, WORKSITE = "employer", "worksite"
FIELDS = {"worksite": "place", EMPLOYER: "place", "deputies": "deputy", "role": "name"}
"""Where a refusal of another name stands in the form."""


class RegisterForm(KeyForm):
    """Who, by which terms, where and since when, and who mentors them."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Already with you"),
        help_text=gettext_lazy("People who hold the role of an apprentice. Blank for somebody new."),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Somebody new"),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("As it shall be printed in the record."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        help_text=gettext_lazy("They are invited by mail at once. Blank: you hand over the link or its QR code."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False)
    terms = forms.ModelChoiceField(
        label=gettext_lazy("Program and terms"),
        queryset=Terms.objects.none(),
        empty_label=gettext_lazy("Choose the terms"),
        error_messages={"required": gettext_lazy("Choose the terms by which they learn.")},
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Apprenticeship begins"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day on which the apprenticeship begins.")},
    )
    registration_number = forms.CharField(
        label=gettext_lazy("Registration number"),
        help_text=gettext_lazy("Of the agency. May stay blank until it is known."),
        max_length=LONGEST_NUMBER,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Employer and worksite"),
        error_messages={"required": gettext_lazy("Choose where they work.")},
    )
    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Cohort"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=gettext_lazy("In no cohort"),
    )
    role_track = forms.ChoiceField(label=gettext_lazy("Role track"), required=False)
    primary = forms.ModelChoiceField(
        label=gettext_lazy("Primary mentor"),
        help_text=gettext_lazy("Signs from today on, or from the day on which the apprenticeship begins."),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Deputy mentor"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )
    second_deputy = forms.ModelChoiceField(
        label=gettext_lazy("Another deputy"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )

    def __init__(self, data: QueryDict | None = None, *, sponsor: Sponsor, today: date) -> None:
        super().__init__(data)
        self.today = today
        terms = Terms.objects.in_force().filter(program__sponsor=sponsor)
        terms = terms.select_related("program__sponsor", "standard_version")
        self._offer("terms", terms.order_by("program__title", "-number"))
        self._offer("cohort", Cohort.objects.filter(sponsor=sponsor, archived_at=None).order_by("name"))
        self._offer("person", _holders(sponsor, Role.APPRENTICE, today))
        for name in ("primary", "deputy", "second_deputy"):
            self._offer(name, _holders(sponsor, Role.MENTOR, today))
        self.employers = Employer.objects.filter(sponsor=sponsor, archived_at=None).in_bulk()
        places = Worksite.objects.filter(employer__in=self.employers, archived_at=None).order_by("name")
        self.worksites = {worksite.pk: worksite for worksite in places}
        field: Any = self.fields["place"]
        field.choices = [("", _("Choose the worksite")), *self._places()]
        tracks = SkillSet.objects.filter(version__terms__in=terms).exclude(role_track="")
        names = tracks.order_by("role_track").values_list("role_track", flat=True).distinct()
        field = self.fields["role_track"]
        field.choices = [("", _("No track: the whole occupation")), *((name, name) for name in names)]

    def _offer(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def _places(self) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """By employer: each worksite, and the employer without one."""
        for employer in sorted(self.employers.values(), key=lambda one: one.name):
            own = [one for one in self.worksites.values() if one.employer_id == employer.pk]
            sites = [(f"{WORKSITE}:{one.pk}", one.name) for one in own]
            yield (
                employer.name,
                [*sites, (f"{EMPLOYER}:{employer.pk}", _("%(name)s, no fixed worksite") % {"name": employer.name})],
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("person") and cleaned.get("name"):
            self.add_error("name", _("Choose somebody above, or enter somebody new: not both."))
        elif not cleaned.get("person") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Enter the name, or choose somebody who is already with you."))
        return cleaned

    @property
    def wanted(self) -> Registration:
        """What a valid form asks for."""
        said = self.cleaned_data
        kind, _colon, pk = said["place"].partition(":")
        worksite = next((one for one in self.worksites.values() if kind == WORKSITE and str(one.pk) == pk), None)
        employers = (
            one for one in self.employers.values() if str(one.pk) in (pk, str(worksite and worksite.employer_id))
        )
        new = {"name": said["name"], "email": said["email"], "language": said["language"]}
        return Registration(
            apprentice=said["person"] or as_apprentice(**new, starts_on=said["starts_on"], today=self.today),
            terms=said["terms"],
            employer=next(employers),
            worksite=worksite,
            cohort=said["cohort"],
            role_track=said["role_track"],
            registration_number=said["registration_number"],
            starts_on=said["starts_on"],
            primary=said["primary"],
            deputies=tuple(one for one in (said["deputy"], said["second_deputy"]) if one),
        )

    def refuse(self, found: Iterable[Problem]) -> None:
        """Show what the transition refused beside its field."""
        for one in found:
            name = FIELDS.get(one.field, one.field)
            self.add_error(name if name in self.fields else None, one.message)


def _holders(sponsor: Sponsor, role: Role, today: date) -> Any:
    """Those who hold a role with the sponsor now or later, also where they are invited and have not come yet."""
    held = Membership.objects.filter(sponsor=sponsor, role=role).exclude(until__lte=today)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")
