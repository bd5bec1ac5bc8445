"""The forms of certificates: bringing one, declining one, adding a kind, and taking an entry back."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Sponsor
from apprenticeship.models import Apprenticeship
from competencies.models import Recurrence, Topic
from instruction.certificate_kinds import MOST_MONTHS
from instruction.certificates import CertificateFacts
from instruction.confirming import LONGEST_REASON
from instruction.models import LONGEST_CERTIFICATE, OTHER, Certificate, CertificateKind
from instruction.taught_forms import KeyedForm

DAY = {"type": "date"}


class RefusableForm(KeyedForm):
    """A form that shows what a transition refused, each beside its field."""

    use_required_attribute = False

    def refuse(self, problems: Iterable[tuple[str, str]]) -> None:
        for name, message in problems:
            self.add_error(name if name in self.fields else None, message)


class CertificateForm(RefusableForm):
    """What stands on a certificate. Its files are `Attachments`, beside this form."""

    kind = forms.ModelChoiceField(
        label=gettext_lazy("Kind"),
        queryset=CertificateKind.objects.none(),
        empty_label=gettext_lazy("Choose what it is"),
        error_messages={"required": gettext_lazy("Choose what kind of certificate it is.")},
    )
    title = forms.CharField(
        label=gettext_lazy("What it is called"),
        help_text=gettext_lazy("Only for another certificate than those in the list."),
        required=False,
        max_length=LONGEST_CERTIFICATE["title"],
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issued by"),
        help_text=gettext_lazy("For example American Red Cross."),
        max_length=LONGEST_CERTIFICATE["issuer"],
        error_messages={"required": gettext_lazy("Say who issued the certificate.")},
    )
    number = forms.CharField(
        label=gettext_lazy("Number"),
        help_text=gettext_lazy("May stay blank."),
        required=False,
        max_length=LONGEST_CERTIFICATE["number"],
    )
    issued_on = forms.DateField(
        label=gettext_lazy("Issued on"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day on which it was issued.")},
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Expires on"),
        help_text=gettext_lazy("Blank if it names no last day."),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    topic = forms.ModelChoiceField(
        label=gettext_lazy("For a topic of the standard"),
        help_text=gettext_lazy("May stay blank. What the topic says about repeating it then counts."),
        queryset=Topic.objects.none(),
        required=False,
        empty_label=gettext_lazy("For no topic"),
    )
    renews = forms.ModelChoiceField(
        label=gettext_lazy("Renews"),
        queryset=Certificate.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: it is the first of its kind"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        sponsor: Sponsor,
        today: date,
        former: Iterable[Certificate],
        book: Apprenticeship | None = None,
        renews: Certificate | None = None,
    ) -> None:
        super().__init__(data, initial={"kind": renews.kind_id, "renews": renews.pk} if renews else None)
        self._choices("kind", CertificateKind.objects.of(sponsor.pk).order_by("sponsor", "title"))
        self._choices("renews", former)
        if not self.fields["renews"].choices[1:]:  # type: ignore[attr-defined]  # of a choice field
            del self.fields["renews"]
        if book is None:
            del self.fields["topic"]
        else:
            version = book.terms.standard_version_id
            self._choices("topic", Topic.objects.filter(course__version=version).order_by("course__order", "order"))
        self.fields["issued_on"].widget.attrs["max"] = today.isoformat()

    def _choices(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """Say early what another certificate is called."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind and kind.code == OTHER and kind.sponsor_id is None and not cleaned.get("title"):
            self.add_error("title", _("Say what the certificate is called."))
        return cleaned

    def facts(self) -> CertificateFacts:
        """What a valid form says."""
        told = self.cleaned_data
        return CertificateFacts(
            kind=told["kind"],
            issuer=told["issuer"],
            issued_on=told["issued_on"],
            number=told["number"],
            title=told["title"],
            expires_on=told["expires_on"],
            topic=told.get("topic"),
            renews=told.get("renews"),
        )


class ReasonForm(RefusableForm):
    """Why a certificate is declined, or an entry taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why; whoever it is about will read it.")},
    )


class KindForm(forms.Form):
    """A kind of certificate of the sponsor's own."""

    title = forms.CharField(
        label=pgettext_lazy("certificate", "Title"),
        max_length=LONGEST_CERTIFICATE["title"],
        error_messages={"required": gettext_lazy("Enter a title.")},
    )
    recurrence = forms.ChoiceField(
        label=gettext_lazy("To be repeated"), choices=Recurrence.choices, required=False, initial=Recurrence.NONE
    )
    months = forms.IntegerField(
        label=gettext_lazy("Months"),
        help_text=gettext_lazy("Only for “Within a number of months”."),
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
    )
    use_required_attribute = False

    def refuse(self, problems: Sequence[tuple[str, str]]) -> None:
        for name, message in problems:
            self.add_error(name, message)
