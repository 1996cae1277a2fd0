"""What the desk's forms have in common: a refusal stands beside the field it is about, and days are picked, not typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms

from sportello.core.errors import Refused

LONGEST_SEARCH = 200
LONGEST_LINES = 10_000
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


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
    """A day that somebody means, with the browser's calendar. There is a day before each and one after it, also in every other time zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class LinesField(forms.CharField):
    """Several values, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_LINES, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """Parted after the text was checked: of a tuple, no check would see a NUL or how long it is."""
        return tuple(line for each in super().clean(value).splitlines() if (line := each.strip()))


def searched(query: Mapping[str, str], name: str = "find") -> str:
    """What was typed into a list's own search field, as a query takes it."""
    return query.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]
