"""Erasing a person, keeping a ticket, and how long things are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.customers.models import Contact
from sportello.desk.forms.entry import EntryForm
from sportello.privacy.actions import Due
from sportello.privacy.enums import Ground
from sportello.privacy.rules import LONGEST_DAYS


class EraseForm(EntryForm):
    typed = forms.CharField(
        label=_("Type the person's name or mail address"),
        max_length=320,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        addresses = contact.addresses.values_list("address", flat=True)
        self.names = {name.lower() for name in (contact.name, *addresses, str(contact.public_id)) if name}

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip().lower() not in self.names:
            raise forms.ValidationError(gettext("That is neither their name nor an address of theirs."))
        return typed


class KeepForm(forms.Form):
    ground = forms.ChoiceField(choices=[("", ""), *Ground.choices], required=False)


class RetentionForm(EntryForm):
    """Days, one field for each kind."""

    def __init__(self, *args: Any, due: Sequence[Due], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in due:
            self.fields[each.kind.name.lower()] = forms.IntegerField(
                label=each.words, min_value=0, max_value=LONGEST_DAYS, initial=each.days
            )
