"""Bad luck: somebody with one open ticket writes of the same service again within minutes, of the same problem in other words or of another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from bench.duplicates.deciding import decide
from bench.duplicates.problems import Half, Problem, problems
from bench.duplicates.scenes import BEGIN
from sportello.duplicates.rules import SHIPPED, Known, Report, Thresholds, Way

SERVICE = "ceramiche12.example"
LATER = timedelta(minutes=10)


@dataclass(slots=True)
class Minutes:
    """How many requests of the same and of another problem there were, and how many of each were joined."""

    same: int = 0
    same_joined: int = 0
    other: int = 0
    other_joined: int = 0


def within_minutes(halves: Iterable[Half] = tuple(Half), thresholds: Thresholds = SHIPPED) -> Minutes:
    """Nothing was seen of the service, so that words decide with who, where and when."""
    found = Minutes()
    for earlier, later in _pairs([problem for half in halves for problem in problems(half)]):
        known = Known(1, _words(earlier, 0), BEGIN, service=1, sender=1, names=frozenset({SERVICE}))
        report = Report(_words(later, 1), BEGIN + LATER, service=1, sender=1, names=known.names)
        joined = decide(report, [known], thresholds).way == Way.JOIN
        if earlier is later:
            found.same, found.same_joined = found.same + 1, found.same_joined + joined
        else:
            found.other, found.other_joined = found.other + 1, found.other_joined + joined
    return found


def _pairs(all_of: Iterable[Problem]) -> Iterator[tuple[Problem, Problem]]:
    for one, other in product(list(all_of), repeat=2):
        if one.language == other.language and one.kind == other.kind:
            yield one, other


def _words(problem: Problem, wording: int) -> str:
    text = problem.texts[wording].about(SERVICE, "web-07")
    return f"{text.subject}\n{text.body}"
