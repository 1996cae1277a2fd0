"""The rows that another system lists, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from django.utils.translation import gettext_noop

Said: TypeAlias = tuple[str, Mapping[str, Any]]
"""A sentence of the catalogue, in English, and what is put into it: read by people of either language, later."""

Ending: TypeAlias = Mapping[str, Any]
"""The columns that end a row, and what stands in them then."""

TOO_LONG = gettext_noop("%(field)s has more than %(most)d letters")
LEFT_OUT = gettext_noop("%(field)s cannot be right and was left out")
CHANGED = gettext_noop("changed: %(fields)s")


class Outcome(StrEnum):
    """What became of a row, or of something that is in no row any more."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ENDED = "ended"
    WAITS = "waits"  # would end, with so many others that somebody is to say that it is meant
    CONFLICT = "conflict"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through the rows. A trial stores nothing; the customers (by id) and servers (by name) that it would have entered count as there.

    `changes` gathers the rows on file that changed: each with what its columns held before, and hold now.
    """

    now: datetime
    is_trial: bool = False
    customers: set[str] = field(default_factory=set)
    servers: set[str] = field(default_factory=set)
    changes: list[tuple[Any, dict[str, list[Any]]]] = field(default_factory=list)


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
            raise Unfit(Outcome.WRONG, TOO_LONG, field=field, most=most)
        return written

    def given(self, **most: int) -> dict[str, Any]:
        """The texts of these fields that are not empty."""
        return {field: text for field, length in most.items() if (text := self.text(field, length))}

    def verdict(self, outcome: Outcome, *why: Said) -> Verdict:
        return Verdict(self.line, self.external_id, outcome, why)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of it, and why where that is not plain."""

    line: int
    external_id: str
    outcome: Outcome
    why: Sequence[Said] = ()


class Unfit(Exception):  # noqa: N818 - it is a verdict on a row, not a fault
    """A row that is not taken, and why: a sentence of the catalogue and what is put into it."""

    def __init__(self, outcome: Outcome, why: str, **params: Any) -> None:
        super().__init__(why)
        self.outcome, self.why = outcome, (why, params)


def each(entries: Iterable[Entry], load: Callable[[Entry], Verdict]) -> list[Verdict]:
    """The verdict on every entry; one that does not fit stops no other."""
    verdicts = []
    for entry in entries:
        try:
            verdicts.append(load(entry))
        except Unfit as unfit:
            verdicts.append(entry.verdict(unfit.outcome, unfit.why))
    return verdicts
