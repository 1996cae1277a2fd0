"""What becomes of the mails that were held back."""

from __future__ import annotations

from django import forms

from sportello.mail.enums import Waiting


class HeldForm(forms.Form):
    waiting = forms.TypedChoiceField(choices=Waiting.choices, coerce=Waiting)
