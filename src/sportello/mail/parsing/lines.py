"""A body as lines, each knowing whether its HTML said that it is quoted or a signature."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

_NO_WIDTH = " \t\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff"


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
    return [Line(visible(line.rstrip())) for line in text.split("\n")]


def visible(line: str) -> str:
    """Nothing for a line of characters without width, with which newsletters pad."""
    return line if line.strip(_NO_WIDTH) else ""


def joined(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines).strip("\n")
