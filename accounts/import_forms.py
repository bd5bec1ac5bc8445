"""The form by which a file is brought in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.keyed_forms import KeyedForm
from accounts.models import Sponsor


class ImportForm(KeyedForm):
    """A file, and for whoever works for several sponsors whose it is."""

    sponsor = forms.ModelChoiceField(label=gettext_lazy("Sponsor"), queryset=Sponsor.objects.none())
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX. Of a workbook, the first sheet is read."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file.")},
    )

    def __init__(self, *given: Any, sponsors: list[Sponsor], **options: Any) -> None:
        super().__init__(*given, **options)
        field: Any = self.fields["sponsor"]
        field.queryset = Sponsor.objects.filter(pk__in=[sponsor.pk for sponsor in sponsors]).order_by("name")
        if len(sponsors) == 1:
            del self.fields["sponsor"]
        self.only = sponsors[0]

    @property
    def chosen(self) -> Sponsor:
        """The sponsor of a valid form."""
        found: Sponsor = self.cleaned_data.get("sponsor", self.only)
        return found
