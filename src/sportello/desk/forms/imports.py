"""What is said of a file to import: what it holds, and which of its columns is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import EntryForm
from sportello.imports.enums import Kind
from sportello.imports.models import Import
from sportello.imports.rules import FIELDS, NEEDED
from sportello.imports.words import FIELDS as WORDS

_SAMPLE = 40


class UploadForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"file-not-readable": "file"})

    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}))
    kind = forms.ChoiceField(
        label=_("What it holds"), choices=[("", _("find out by its columns")), *Kind.choices], required=False
    )


class ColumnsForm(EntryForm):
    """A choice among the file's columns for each of our fields of this kind."""

    kind = forms.ChoiceField(label=_("What it holds"), choices=Kind.choices)
    is_whole = forms.BooleanField(
        label=_("The file is complete: end what is not in it"),
        help_text=_("Ended, never deleted. Leave it open if the file is only a part."),
        required=False,
    )

    def __init__(self, row: Import, samples: Sequence[Sequence[str]], data: Any = None) -> None:
        super().__init__(data, initial={"kind": row.kind, "is_whole": row.is_whole})
        kind = self._kind(row)
        columns = [("", gettext("– not in the file –")), *((name, _shown(row, samples, name)) for name in row.header)]
        for name in FIELDS.get(kind, ()):
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=str(WORDS[name]), choices=columns, required=name in NEEDED[kind], initial=row.chosen.get(name, "")
            )
        self.order_fields(["kind", *(f"column_{name}" for name in FIELDS.get(kind, ())), "is_whole"])

    @staticmethod
    def _kind(row: Import) -> Any:
        return Kind(row.kind) if row.kind else None

    @property
    def chosen(self) -> dict[str, str]:
        columns = {name: value for name, value in self.cleaned_data.items() if name.startswith("column_")}
        return {name.removeprefix("column_"): value for name, value in columns.items()}


def _shown(row: Import, samples: Sequence[Sequence[str]], name: str) -> str:
    """The column's name, and what stands in it."""
    place = row.header.index(name)
    sample = next((cells[place] for cells in samples if cells[place].strip()), "")
    return f"{name} ({sample[:_SAMPLE]})" if sample else name
