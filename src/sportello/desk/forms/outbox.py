"""What the demonstration lets one write as a customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import EntryForm
from sportello.mail.models import Mailbox
from sportello.mail.queries.mailboxes import active_mailboxes

LONGEST_TEXT = 20_000


class AnswerForm(EntryForm):
    text = forms.CharField(label=_("The customer's answer"), max_length=LONGEST_TEXT, widget=forms.Textarea)


class WriteForm(EntryForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    address = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("One of a customer's, or any other: then it is a stranger."),
    )
    mailbox = forms.ModelChoiceField(label=_("To"), queryset=Mailbox.objects.none(), empty_label=None)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Text"), max_length=LONGEST_TEXT, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mailbox"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = active_mailboxes()
