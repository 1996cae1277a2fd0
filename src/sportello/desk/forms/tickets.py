"""What staff send from the desk. A form names every field it takes; nothing else of a request reaches an action."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.tickets.enums import OrderKind
from sportello.triage.enums import Overrule
from sportello.ui.files import FilesField


class WindowForm(forms.Form):
    """Which open page asks: `began_from` says which draft their `tab` showed."""

    tab = forms.CharField(required=False, max_length=40)
    began_from = forms.DateTimeField(required=False)


class DraftForm(WindowForm):
    """`seen_version` is the ticket's version when the writer last looked."""

    text = forms.CharField(required=False, strip=False, max_length=200_000)
    seen_version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    uploads = FilesField(required=False)


class ReplyForm(DraftForm):
    then = forms.ChoiceField(choices=[("keep", ""), ("wait", ""), ("solve", "")], required=False)
    confirm = forms.BooleanField(required=False)


class AssignForm(forms.Form):
    to = forms.UUIDField()


class MomentForm(forms.Form):
    """A moment of the future, in the desk's time zone; may be left empty."""

    at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


class NumberForm(forms.Form):
    """A ticket's number as people write it, with or without the hash."""

    number = forms.RegexField(r"^\s*#?\s*\d{1,18}\s*$", error_messages={"invalid": _("Write the number of a ticket.")})

    def clean_number(self) -> int:
        return int(self.cleaned_data["number"].strip().lstrip("#"))


class SubjectForm(forms.Form):
    subject = forms.CharField(max_length=300)


class SplitForm(SubjectForm):
    """Which service the message names, where that is another one than the ticket's."""

    service = forms.CharField(max_length=40, required=False)


class TagForm(forms.Form):
    name = forms.CharField(max_length=40)


class OverruleForm(forms.Form):
    """What a person says instead of the rule, and why."""

    word = forms.ChoiceField(choices=[(word.value, word.value) for word in Overrule])
    reason = forms.CharField(max_length=300)


class ChoiceForm(forms.Form):
    """The public id or slug of a row chosen from a list; empty for none."""

    chosen = forms.CharField(max_length=60, required=False)


class CustomerForm(forms.Form):
    """A customer by name or code, as far as somebody typed it."""

    customer = forms.CharField(max_length=160)


class OrderForm(forms.Form):
    """What cannot be undone, for the customer to confirm."""

    kind = forms.ChoiceField(choices=OrderKind.choices)
    text = forms.CharField(max_length=2_000)
