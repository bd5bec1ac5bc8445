"""What the pages of documents accept."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from acts.acting import new_key
from reports.models import DocumentKind
from reports.paper_kinds import Wanted
from reports.papers import A4, LETTER

PAPER_CHOICES = [(LETTER, _("US Letter")), (A4, _("A4"))]


class DocumentForm(forms.Form):
    """An order for a document; without a choice the progress record, in the page's language and on US Letter."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False, widget=forms.HiddenInput)
    paper = forms.ChoiceField(choices=PAPER_CHOICES, required=False, widget=forms.HiddenInput)

    kind = forms.ChoiceField(choices=DocumentKind.choices, required=False, widget=forms.HiddenInput)
    month = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_month(self) -> date | None:
        """The first day of the month that "2026-02" names."""
        code = self.cleaned_data["month"]
        try:
            return datetime.strptime(code, "%Y-%m").date() if code else None  # noqa: DTZ007  # a month has no zone
        except ValueError as error:
            raise forms.ValidationError(_("This is no month.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wanted = Wanted(cleaned.get("kind") or DocumentKind.PROGRESS_RECORD, cleaned.get("month"))
        if not wanted.is_known:
            raise forms.ValidationError(_("There is no such document."))
        return {
            **cleaned,
            "wanted": wanted,
            "language": cleaned.get("language") or get_language() or settings.LANGUAGE_CODE,
            "paper": cleaned.get("paper") or LETTER,
        }
