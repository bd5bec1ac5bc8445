"""Forms that carry the key of their act from the moment they are shown."""

from typing import Any

from django import forms

from acts.acting import new_key


class KeyedForm(forms.Form):
    """A form that carries the key of its act."""

    key = forms.UUIDField(initial=new_key, widget=forms.HiddenInput)

    def with_new_key(self) -> None:
        """Give the form, when it is shown again, a key that was not used yet."""
        sent: Any = self.data
        self.data = sent.copy()
        self.data["key"] = new_key()  # type: ignore[index]  # the copy of a QueryDict may be changed
