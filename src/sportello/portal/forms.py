"""What customers write in their area."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REPLY = 100_000  # characters


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        return address.strip().lower()


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Your message"), max_length=LONGEST_REPLY, widget=forms.Textarea(attrs={"rows": 6}))
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    """The same for every repeat of one sending, so that a double click is one message."""
