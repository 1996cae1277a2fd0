"""The rows of a file of another system, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of a row, or of something that is in no row any more."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ENDED = "ended"
    CONFLICT = "conflict"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file: its texts by our own names, and what days and yes or no were read from it."""

    line: int
    external_id: str
    texts: Mapping[str, str]
    days: Mapping[str, date | None]
    truths: Mapping[str, bool]

    def text(self, field: str, most: int) -> str:
        """Raises Unfit for one that is longer than the column."""
        written = self.texts.get(field, "")
        if len(written) > most:
            raise Unfit(Outcome.WRONG, f"{field} has more than {most} letters")
        return written

    def given(self, **most: int) -> dict[str, Any]:
        """The texts of these fields that are not empty."""
        return {field: text for field, length in most.items() if (text := self.text(field, length))}

    def verdict(self, outcome: Outcome, why: str = "") -> Verdict:
        return Verdict(self.line, self.external_id or self.texts.get("address", ""), outcome, why)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of it, and why where that is not plain."""

    line: int
    external_id: str
    outcome: Outcome
    why: str = ""


class Unfit(Exception):  # noqa: N818 - it is a verdict on a row, not a fault
    """A row that is not taken."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        super().__init__(why)
        self.outcome, self.why = outcome, why


def each(entries: Iterable[Entry], load: Callable[[Entry], Verdict]) -> list[Verdict]:
    """The verdict on every entry; one that does not fit stops no other."""
    verdicts = []
    for entry in entries:
        try:
            verdicts.append(load(entry))
        except Unfit as unfit:
            verdicts.append(entry.verdict(unfit.outcome, unfit.why))
    return verdicts
