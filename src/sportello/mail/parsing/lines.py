"""A body as lines, each knowing whether its HTML said that it is quoted or a signature."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    NONE = 0
    QUOTE = 1
    """Somebody's mail program set this apart as the older mail."""
    SIGNATURE = 2
    CITED = 3
    """A blockquote that a mail program made for quoting."""


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    mark: Mark = Mark.NONE

    @property
    def probe(self) -> str:
        """As much of it as a pattern may look at."""
        return self.text[:500]


def of_text(text: str) -> list[Line]:
    return [Line(line.rstrip()) for line in text.split("\n")]


def joined(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines).strip("\n")
