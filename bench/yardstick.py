"""How fast the machine is at a moment, by a piece of work that is always the same.

A virtual machine whose neighbours are busy takes up to three times as much CPU time for the same work, and another share of it a minute later. What
was measured at two moments, or on two machines, is compared in this measure.
"""

from __future__ import annotations

import json
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

WORDS = 30_000
ROUNDS = 8


def yardstick() -> float:
    """CPU milliseconds of the work, the mean of a few rounds. Nothing of Sportello's is in it, so no change of ours changes it."""
    begun = time.process_time()
    for _ in range(ROUNDS):
        _work()
    return (time.process_time() - begun) / ROUNDS * 1000


@dataclass
class Measured:
    """`taken` is the yardstick before and after, once the body has ended."""

    taken: float = 0.0


@contextmanager
def beside() -> Iterator[Measured]:
    """What the yardstick takes around a measurement, in CPU milliseconds."""
    measured, before = Measured(), yardstick()
    yield measured
    measured.taken = (before + yardstick()) / 2


def _work() -> None:
    """Of what pages and mails are made: texts put together, counted, sorted, written as JSON, compressed."""
    words = [f"parola-{place * 7919 % 10007}" for place in range(WORDS)]
    written = json.dumps(sorted(Counter(words).items()))
    zlib.compress(written.encode(), level=1)
