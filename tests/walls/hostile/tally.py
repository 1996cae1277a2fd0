"""How many bad inputs a test tried and how many came out wrong, for the end of the run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
IS_LONG = os.environ.get("WALLS") == "long"
"""`make walls` tries everything; `make test` an even sample of it."""
SHOWN = 12


@dataclass
class Tally:
    check: str
    tried: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, what: object, harms: Iterable[object]) -> None:
        """One input, and what it did that it must not."""
        self.tried += 1
        self.wrong += [f"{str(what)[:300]} -> {harm}" for harm in harms]

    def __str__(self) -> str:
        return f"walls {self.check}: bad inputs {self.tried}, wrong outcomes {len(self.wrong)}"

    def settle(self) -> None:
        """Fails with the first of what was wrong; a run that tried nothing has shown nothing."""
        assert self.tried, f"{self.check} tried nothing"
        assert not self.wrong, "\n".join([f"{len(self.wrong)} wrong", *self.wrong[:SHOWN]])


def sample(everything: Sequence[T], most: int) -> Sequence[T]:
    """All of them in the long form; else at most so many, evenly spread."""
    if IS_LONG or len(everything) <= most:
        return everything
    return list(islice(everything, 0, None, -(-len(everything) // most)))
