"""What staff take down of a call."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sportello.desk.calls import Caller
from sportello.desk.forms.entry import EntryForm
from sportello.services.models import Service
from sportello.telephone.actions import Said
from sportello.tickets.enums import Claim
from sportello.triage.queries import queues
from sportello.triage.rules import SUPPORT

LONGEST_TEXT = 100_000
NEW = "new"
"""Chosen for a ticket of its own, whatever it looks like."""
NUMBER_LENGTH = 40
MOST_NAMED = 5


class _Call(EntryForm):
    """`once` is the same for every repeat of one sending, so that a double click is one ticket."""

    number = forms.CharField(
        label=_("Calls from"),
        max_length=NUMBER_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    subject = forms.CharField(
        label=_("In a few words"), max_length=300, required=False, widget=forms.TextInput(attrs={"autofocus": True})
    )
    text = forms.CharField(label=_("What was said"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}))
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class CallForm(_Call):
    """`same` is the button beside a ticket that looks like the same problem; it outdoes what was chosen above."""

    ticket = forms.ChoiceField(label=_("Goes into"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    claim = forms.ChoiceField(label=_("How bad it is, as the caller says"), required=False)

    def __init__(self, *args: Any, caller: Caller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caller = caller
        tickets = [(str(each.public_id), str(each)) for each in caller.tickets]
        self._choose(
            "ticket",
            _("a new ticket"),
            [*([(NEW, str(_("a new ticket, another problem")))] if tickets else []), *tickets],
        )
        if caller.has_more_services:
            self.fields["service"] = _called_so()
        else:
            offered = [(str(each.public_id), caller.named(each)) for each in caller.services]
            self._choose("service", _("as the text says"), offered)
        self._choose("claim", _("not said"), [(value, str(label)) for value, label in Claim.choices])
        self.order_fields(["number", "ticket", "service", "claim", "subject", "text"])

    def clean(self) -> None:
        super().clean()
        if str(self.data.get("same", "")) in {str(each.public_id) for each in self.caller.tickets}:
            self.cleaned_data["ticket"] = self.data["same"]
            self.errors.pop("ticket", None)
        if self.cleaned_data.get("ticket", "") in {"", NEW} and not self.cleaned_data.get("subject"):
            self.add_error("subject", _("A new ticket needs a few words that say what it is about."))

    def clean_service(self) -> Service | None:
        written = self.cleaned_data["service"]
        called = self.caller.called(written, text=str(self.data.get("text", "")))
        if written and len(called) != 1:
            raise forms.ValidationError(_which(written, [self.caller.named(each) for each in called]))
        return called[0] if called else None

    def said(self) -> Said:
        given = self.cleaned_data
        tickets = {str(each.public_id): each for each in self.caller.tickets}
        return Said(
            text=given["text"],
            subject=given["subject"],
            ticket=tickets.get(given["ticket"]),
            service=given["service"],
            number=given["number"],
            claim=Claim(given["claim"]) if given["claim"] else None,
            is_new=given["ticket"] == NEW,
        )

    def _choose(self, name: str, none: Any, rows: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.choices = [("", none), *rows]


def _called_so() -> forms.CharField:
    """An agency has a thousand: the caller says which."""
    return forms.CharField(
        label=_("Service"),
        help_text=_("Its domain or name, or a part that no other has; empty: as the text says."),
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _which(written: str, names: list[str]) -> str:
    if not names:
        return gettext("No running service is called %(name)s.") % {"name": written}
    return gettext("Several services are called so: %(names)s") % {"names": ", ".join(names[:MOST_NAMED])}


class UnknownCallForm(_Call):
    name = forms.CharField(label=_("Name"), max_length=160)
    queue = forms.ChoiceField(label=_("Is about"), initial=SUPPORT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["queue"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells the type checker what stands above
        is_italian = get_language() == "it"
        field.choices = [(each.slug, each.name_it if is_italian else each.name_en) for each in queues()]
        self.fields["number"].required = self.fields["subject"].required = True
        self.fields["subject"].widget.attrs.pop("autofocus")
        self.fields["name"].widget.attrs["autofocus"] = True
        self.order_fields(["name", "number", "queue", "subject", "text"])

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(text=given["text"], subject=given["subject"], queue=given["queue"], number=given["number"])


class PinForm(forms.Form):
    """What the caller says; the page never shows the right one."""

    pin = forms.CharField(
        label=_("Support PIN that the caller says"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 8}),
    )


class ExtensionForm(forms.Form):
    """As the telephone system writes it; empty for none."""

    number = forms.RegexField(r"^[\w+*#.-]{1,20}$", required=False)
