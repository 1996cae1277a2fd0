"""Who begins with which tests: the slow ones wait for started programs much of the time, the quick ones keep a core busy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pytest

SECONDS = 20.0
"""What a slow test takes that does not say it."""


def seconds_of(item: pytest.Item) -> float:
    """About how long it takes on a busy machine; 0 for the many that nobody has to wait for."""
    marker = item.get_closest_marker("slow")
    return 0.0 if marker is None else float(next(iter(marker.args), SECONDS))


def dealt(items: Sequence[pytest.Item], *, workers: int, cores: int) -> list[pytest.Item]:
    """The order in which `--dist worksteal` hands them out: each worker in turn gets as many as the others.

    As many workers as there are cores begin with quick ones, and later take over quick ones from the ends of the other hands. Those begin with the
    slow ones, the longest first.
    """
    slow = [item for item in items if seconds_of(item)]
    quick = [item for item in items if not seconds_of(item)]
    hands = _shared_out(slow, hands=max(1, workers - cores)) + [[] for _ in range(min(cores, workers - 1))]
    order: list[pytest.Item] = []
    for number, hand in enumerate(hands):
        size = (len(items) - len(order)) // (len(hands) - number)
        fill = max(0, size - len(hand))
        order += [*hand, *quick[:fill]]
        del quick[:fill]
    return order


def _shared_out(slow: Sequence[pytest.Item], *, hands: int) -> list[list[pytest.Item]]:
    """To each about as many seconds. A module's tests stay together, for the sake of what they share."""
    modules = [list(pile) for _path, pile in groupby(slow, key=lambda item: item.path)]
    found: list[list[pytest.Item]] = [[] for _ in range(hands)]
    for pile in sorted(modules, key=_sum, reverse=True):
        min(found, key=_sum).extend(sorted(pile, key=seconds_of, reverse=True))
    return found


def _sum(pile: Sequence[pytest.Item]) -> float:
    return sum(map(seconds_of, pile))
