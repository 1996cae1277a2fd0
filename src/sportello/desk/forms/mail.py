"""What a person decides about a mail that waits."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import EntryForm


class JoinForm(EntryForm):
    number = forms.IntegerField(label=_("Ticket number"), min_value=1, max_value=(1 << 63) - 1)
