"""What customers are told about us, as far as it stands in the database."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import EntryForm, LinesField


class NumbersForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"number-not-valid": "numbers", "too-many-numbers": "numbers"}
    )

    numbers = LinesField(
        label=_("Telephone numbers"),
        help_text=_("One a line, the one to call first on top. Customers see them beside their support PIN."),
    )
