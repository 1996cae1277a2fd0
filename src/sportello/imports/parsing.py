"""Files of comma-separated values as billing systems and spreadsheets write them: bytes in, rows out. Nothing of a file is trusted."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

DELIMITERS = (",", ";", "\t")
MOST_BYTES = 1 << 30
LONGEST_CELL = 20_000
MOST_COLUMNS = 500
_PORTION = 1 << 20


class UnreadableError(ValueError):
    """The file is none that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file. `problem` says why it could not be read; then there are no cells."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`size` in bytes. The rows are read while they are asked for, so that a large file takes no memory."""

    path: Path
    header: list[str]
    encoding: str
    delimiter: str
    size: int

    def lines(self) -> Iterator[Line]:
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            reader = csv.reader(_without_nul(file), delimiter=self.delimiter)
            csv.field_size_limit(LONGEST_CELL)
            next(reader, None)
            while (line := _next(reader)) is not None:
                if line.cells or line.problem:
                    yield line


def open_table(path: Path) -> Table:
    """Raises UnreadableError."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise UnreadableError(f"the file has more than {MOST_BYTES >> 20} MiB")
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline(LONGEST_CELL).replace("\x00", "")
    delimiter = max(DELIMITERS, key=first.count)
    try:
        header = next(csv.reader([first], delimiter=delimiter), [])
    except csv.Error:
        header = []
    if len(header) < 2 or len(header) > MOST_COLUMNS:
        raise UnreadableError("its first line does not name columns, parted by comma, semicolon or tab")
    return Table(path, [name.strip() for name in header], encoding, delimiter, size)


def encoding_of(path: Path) -> str:
    """UTF-16 where it begins as what spreadsheets call Unicode text; UTF-8 where all of it is; else CP1252, which spreadsheets in Italy write."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while portion := file.read(_PORTION):
                decoder.decode(portion)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _without_nul(file: IO[str]) -> Iterator[str]:
    while line := file.readline(LONGEST_CELL):
        yield line.replace("\x00", "")


def _next(reader: Any) -> Line | None:
    try:
        return Line(reader.line_num + 1, next(reader))
    except StopIteration:
        return None
    except csv.Error:
        return Line(reader.line_num, [], "a cell is too long: is a quotation mark left open before it?")
