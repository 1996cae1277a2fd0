"""What every billing system is to us. A new one is a module beside `whmcs` that passes `tests/imports/test_sources.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeAlias

from sportello.imports.enums import Kind, Trouble

Row: TypeAlias = tuple[Kind, Mapping[str, str]]
"""What a row is, and its texts by our own names of columns: those of `rules.FIELDS`, and no others."""


Needs: TypeAlias = Callable[[str, Mapping[str, Any]], bool]
"""Whether the details of a customer are to be asked for, which cost a request of their own; by id, and by what the list says of it."""


def always(_external_id: str, _listed: Mapping[str, Any]) -> bool:
    return True


class BillingSource(Protocol):
    """A billing system as it is now."""

    def rows(self, needs: Needs = always) -> Iterator[Row]:
        """All customers, people, servers, services and domains, each once, read page by page; nothing secret among them.

        What only details say is empty where they are not needed, which leaves what is on file.

        Raises SourceError when it cannot be sure to have them all: half a list would end the other half.
        """


class SourceError(Exception):
    """The billing system could not be read. The text is for administrators, without anything secret."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
