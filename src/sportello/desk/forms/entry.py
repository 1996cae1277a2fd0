"""What the desk's forms have in common: a refusal stands beside the field it is about, and days are picked, not typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms

from sportello.core.errors import Refused

LONGEST_SEARCH = 200


class EntryForm(forms.Form):
    """`BESIDE` says, by refusal code, beside which field a refusal of an action is shown; the others stand above all."""

    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """A refusal in the body becomes an error of this form, with everything that was typed still in it."""
        try:
            yield
        except Refused as refusal:
            field = self.BESIDE.get(refusal.code)
            self.add_error(field if field in self.fields else None, refusal.message)


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


def searched(query: Mapping[str, str]) -> str:
    """What was typed into a list's own search field, as a query takes it."""
    return query.get("find", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
