"""What administrators enter about the support policy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import EntryForm
from sportello.policy.actions import Wording
from sportello.policy.models import Clause

LONGEST_TEXT = 4_000


class ClauseForm(EntryForm):
    text_it = forms.CharField(
        label=_("Text in Italian"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5, "lang": "it"})
    )
    text_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 5, "lang": "en"})
    )

    @classmethod
    def of(cls, clause: Clause) -> ClauseForm:
        return cls(initial={"text_it": clause.text_it, "text_en": clause.text_en})

    def wording(self) -> Wording:
        return Wording(text_it=self.cleaned_data["text_it"], text_en=self.cleaned_data["text_en"])


class NewClauseForm(ClauseForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"clause-id-not-valid": "code", "clause-id-taken": "code"})

    code = forms.CharField(
        label=_("Id"), max_length=60, help_text=_("The part, a dot and a few words: cover.mail. It stays for ever.")
    )
    field_order = ("code", "text_it", "text_en")
