"""What is to be blotted out of a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.core.telltale import findings
from sportello.desk.forms.entry import EntryForm
from sportello.tickets.models import Attachment, Message

LONGEST_WORDS = 20_000


class Chosen(TypedDict):
    words: list[str]
    files: list[UUID]
    with_notes: bool


class BlotForm(EntryForm):
    """The choices are numbers: what was found is not sent by the browser again."""

    found = forms.MultipleChoiceField(
        label=_("Found in this message"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Other words to blot out"),
        help_text=_("One a line, exactly as they stand; four letters at least."),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    with_notes = forms.BooleanField(label=_("In internal notes as well"), required=False, initial=True)
    away = forms.MultipleChoiceField(label=_("Files to take away"), required=False, widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(
        label=_("I know that this cannot be undone"), error_messages={"required": _("Say that you know it.")}
    )

    def __init__(self, *args: Any, message: Message, files: Sequence[Attachment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.secrets = list(dict.fromkeys(one.text for one in findings(message.text)))
        numbered = [(str(number), text) for number, text in enumerate(self.secrets)]
        self._offer("found", numbered, [number for number, _text in numbered])
        self._offer("away", [(str(file.public_id), file.name) for file in files], [])

    def chosen(self) -> Chosen:
        given = self.cleaned_data
        found = [self.secrets[int(number)] for number in given.get("found", [])]
        return Chosen(
            words=[*found, *given["words"].splitlines()],
            files=[UUID(each) for each in given.get("away", [])],
            with_notes=given["with_notes"],
        )

    def _offer(self, name: str, choices: list[tuple[str, str]], chosen: list[str]) -> None:
        field = self.fields[name]
        if not choices:
            del self.fields[name]
        elif isinstance(field, forms.MultipleChoiceField):
            field.choices, field.initial = choices, chosen
