"""What the frame's own small forms accept."""

from django import forms
from django.conf import settings


class LanguageForm(forms.Form):
    """One of the site's languages, and the page to come back to."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
    next = forms.CharField(required=False)


class RoleForm(forms.Form):
    """One of one's own memberships."""

    membership = forms.UUIDField()
