"""Files of comma-separated values as billing systems and spreadsheets write them: bytes in, rows out. Nothing of a file is trusted."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

DELIMITERS = (",", ";", "\t")
MOST_BYTES = 1 << 30
LONGEST_CELL = 20_000
MOST_COLUMNS = 500
_PORTION = 1 << 20
_END = re.compile(r"\r\n|\r|\n")


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
            text = _Text(file, self.delimiter)
            reader = csv.reader(text, delimiter=self.delimiter)
            csv.field_size_limit(LONGEST_CELL)
            next(reader, None)
            while text.pass_empty() and (line := _next(reader, text)) is not None:
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


class _Text:
    """The lines of a file, without NUL, as a reader of them asks for one. What is empty between two rows is passed over a portion at a time."""

    def __init__(self, file: IO[str], delimiter: str) -> None:
        self.number = 0
        """Of the line that was read or passed over last, from 1 on."""
        self._file, self._held, self._at = file, "", 0
        self._empty = re.compile(rf"[\r\n\x00 \t{delimiter}]*[\r\n]")

    def __iter__(self) -> Iterator[str]:
        while self._fill():
            most = self._at + LONGEST_CELL
            found = _END.search(self._held, self._at, most)
            line = self._held[self._at : found.end() if found else most]
            self._at += len(line)
            self.number += found is not None
            yield line.replace("\x00", "")

    def pass_empty(self) -> bool:
        """Lines without a letter, or with blanks and delimiters alone, as spreadsheets write below a table. False where nothing else is left."""
        while self._fill():
            found = self._empty.match(self._held, self._at)
            if not found:
                return True
            passed, self._at = found[0], found.end()
            self.number += passed.count("\n") + passed.count("\r") - passed.count("\r\n")
        return False

    def _fill(self) -> bool:
        """Holds more than a line may be long, or all that is left of the file; never half of an end of line."""
        while len(self._held) - self._at <= LONGEST_CELL:
            portion = self._file.read(_PORTION) + self._file.readline(LONGEST_CELL)
            if not portion:
                break
            self._held, self._at = self._held[self._at :] + portion, 0
        return self._at < len(self._held)


def _next(reader: Any, text: _Text) -> Line | None:
    number = text.number + 1
    try:
        return Line(number, next(reader))
    except StopIteration:
        return None
    except csv.Error:
        return Line(text.number, [], "a cell is too long: is a quotation mark left open before it?")
