"""What the pages of documents accept."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from acts.acting import new_key
from reports.papers import A4, LETTER

PAPER_CHOICES = [(LETTER, _("US Letter")), (A4, _("A4"))]


class DocumentForm(forms.Form):
    """An order for a document; without a choice it is in the page's language and on US Letter."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False, widget=forms.HiddenInput)
    paper = forms.ChoiceField(choices=PAPER_CHOICES, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {
            **cleaned,
            "language": cleaned.get("language") or get_language() or settings.LANGUAGE_CODE,
            "paper": cleaned.get("paper") or LETTER,
        }
