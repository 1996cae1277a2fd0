"""How the thresholds follow from what people made of joins and proposals: within bounds, and explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sportello.duplicates.rules.joining import SHIPPED, Thresholds

RIGHT = 0.99
"""The share of joins by itself that must be right."""
WORTH_ASKING = 0.3
"""The share of proposals that must be taken."""
FEWEST = 50
"""Outcomes at or above a threshold, before it is lowered to there: what was right fifty times may be trusted."""
JOIN_STEPS = tuple(step / 100 for step in range(60, 100))
PROPOSE_STEPS = tuple(step / 100 for step in range(10, 61, 5))
LEAST = PROPOSE_STEPS[0]
"""What is less probable is never proposed, and too far behind what joins by itself to stand in its way."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A join or a proposal that somebody has had time to correct.

    `was_certain`: all that joining by itself needs beside the probability was there, whether it joined or was proposed.
    `was_right`: the join stands, or the proposal was taken.
    """

    probability: float
    was_certain: bool
    was_right: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Why a threshold stands where it stands: how many outcomes at or above it were right."""

    threshold: str
    before: float
    after: float
    right: int
    number: int


@dataclass(frozen=True, slots=True)
class Learned:
    thresholds: Thresholds
    changes: tuple[Change, ...]


def learn(outcomes: Iterable[Outcome], thresholds: Thresholds = SHIPPED) -> Learned:
    """The lowest thresholds at which enough was right.

    Joining is made harder at once when too much was wrong, and easier only on fifty outcomes or more, as proposing is in either direction.
    Joining stays between 0.60 and 0.99, proposing between 0.10 and 0.60 and never above joining.
    """
    every = list(outcomes)
    certain = [one for one in every if one.was_certain]
    join = _level(certain, thresholds.join, JOIN_STEPS, RIGHT)
    enough = len(every) >= FEWEST
    propose = _level(every, thresholds.propose, PROPOSE_STEPS, WORTH_ASKING) if enough else thresholds.propose
    propose = min(propose, join)
    changes = (_change("join", thresholds.join, join, certain), _change("propose", thresholds.propose, propose, every))
    told = tuple(change for change in changes if change.before != change.after)
    return Learned(replace(thresholds, join=join, propose=propose), told)


def _level(outcomes: Sequence[Outcome], now: float, steps: Sequence[float], share: float) -> float:
    for step in steps:
        right, number = _right(outcomes, step)
        if step < now and number < FEWEST:
            continue
        if right >= share * number:
            return step
    return steps[-1]


def _right(outcomes: Sequence[Outcome], least: float) -> tuple[int, int]:
    counted = [one.was_right for one in outcomes if one.probability >= least]
    return sum(counted), len(counted)


def _change(threshold: str, before: float, after: float, outcomes: Sequence[Outcome]) -> Change:
    return Change(threshold, before, after, *_right(outcomes, after))
