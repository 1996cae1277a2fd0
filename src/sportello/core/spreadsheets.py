"""What is given out for a spreadsheet: lines of CSV in which nothing that others wrote is a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

_BEGINNING = re.compile(r'^(?=[\t\r])|(?:^|[,;|\t\r\n])[\s"]*(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])')
"""Where a cell begins: at its start, and behind what a spreadsheet in another language takes for the end of one (Italian: the semicolon)."""


class _Line:
    """What a csv writer writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def csv_file(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The same, signed as UTF-8: spreadsheets take a file without it for one of an old code page."""
    yield "\ufeff"
    yield from csv_lines(rows)


def csv_lines(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    for row in rows:
        yield write([safe_cell(cell) for cell in row])


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, in whole or in part."""
    return _BEGINNING.sub(lambda found: f"{found[0]}'", text)
