"""Customers with their tickets, made of the problems from a fixed seed: what is asked of the desk, and what would be right.

Hard on purpose: other problems of the same service, the same problem in the same words on another service of the same customer, senders
other than the first, services and verdicts that are not known.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations, count

from bench.duplicates.problems import Half, Problem, Text, problems

SEED = 20261128
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
NAMES = (
    "ceramiche",
    "studio",
    "officina",
    "rossi",
    "verdi",
    "pane",
    "arredi",
    "vini",
    "sport",
    "moda",
    "colli",
    "mare",
    "bosco",
    "lago",
)
_WITHOUT_SERVICE = "account"


@dataclass(frozen=True, slots=True)
class Told:
    """A request: a ticket, or a text that asks which ticket it belongs to."""

    key: str
    customer: str
    text: Text
    at: datetime
    service: str | None
    sender: str
    verdict: str
    names: frozenset[str]
    language: str
    closed_at: datetime | None = None


@dataclass(slots=True)
class Scene:
    tickets: list[Told] = field(default_factory=list)
    asked: list[tuple[Told, str | None]] = field(default_factory=list)
    """Each with the ticket it belongs to, or none."""


def scenes(half: Half) -> list[Scene]:
    chosen = random.Random(f"{SEED}{half}")  # noqa: S311 - the same scenes every time
    all_of = problems(half)
    return [
        _Maker(chosen, all_of, f"{half}{number}").scene(problem, first, later)
        for number, (problem, (first, later)) in enumerate(_pairs(all_of))
    ]


def _pairs(all_of: Sequence[Problem]) -> Iterator[tuple[Problem, tuple[int, int]]]:
    for problem in all_of:
        for pair in combinations(range(len(problem.texts)), 2):
            yield problem, pair


class _Maker:
    """Makes the scene of one customer."""

    def __init__(self, chosen: random.Random, all_of: Sequence[Problem], customer: str) -> None:
        self._chosen = chosen
        self._all_of = all_of
        self._customer = customer
        self._numbers = count(1)
        self._services = self._some_services()
        self._scene = Scene()

    def scene(self, problem: Problem, first: int, later: int) -> Scene:
        a, b = self._services[:2]
        begun = BEGIN + timedelta(hours=self._chosen.uniform(0, 24 * 200))
        asked_at = begun + self._delay()
        twin = problem.kind != _WITHOUT_SERVICE and self._chosen.random() < 0.35
        # With the same trouble on two services, who does not say which cannot be understood by anybody.
        right = self._told(problem, first, a, begun, closed=0.1, unknown=0 if twin else 0.05)
        self._scene.tickets.append(right)
        if twin:
            at = begun + timedelta(hours=self._chosen.uniform(-48, 0))
            self._scene.tickets.append(self._told(problem, self._chosen.randrange(3), b, at, closed=0.2, unknown=0))
        others = self._others(problem, asked_at)
        self._scene.asked.append((self._told(problem, later, a, asked_at, unknown=0 if twin else 0.15), right.key))
        self._ask_something_new(problem, others, asked_at, None if twin else (b, later))
        return self._scene

    def _others(self, problem: Problem, until: datetime) -> list[Problem]:
        """Other problems of the same customer, most of them on the same service."""
        same_language = [one for one in self._all_of if one.language == problem.language and one is not problem]
        alike = [one for one in same_language if one.kind == problem.kind]
        number = self._chosen.randint(1, 5)
        drawn = [self._chosen.choice(alike if self._chosen.random() < 0.6 else same_language) for _ in range(number)]
        others = list({one.key: one for one in drawn}.values())
        for other in others:
            at = until - timedelta(hours=self._chosen.expovariate(1 / 120) + 0.2)
            service = self._services[0] if self._chosen.random() < 0.65 else self._chosen.choice(self._services)
            self._scene.tickets.append(self._told(other, self._chosen.randrange(3), service, at, closed=0.4))
        return others

    def _ask_something_new(
        self, problem: Problem, others: Sequence[Problem], at: datetime, same_words: tuple[str, int] | None
    ) -> None:
        known = {problem.key, *(other.key for other in others)}
        new = [one for one in self._all_of if one.language == problem.language and one.key not in known]
        alike = [one for one in new if one.kind == problem.kind] or new
        other = self._chosen.choice(alike)
        self._scene.asked.append((self._told(other, 0, self._services[0], at, unknown=0.15), None))
        if same_words and problem.kind != _WITHOUT_SERVICE:
            service, later = same_words
            self._scene.asked.append((self._told(problem, later, service, at), None))

    def _told(
        self, problem: Problem, text: int, service: str, at: datetime, *, closed: float = 0.0, unknown: float = 0.05
    ) -> Told:
        is_about = problem.kind != _WITHOUT_SERVICE and self._chosen.random() >= unknown
        is_closed = self._chosen.random() < closed
        return Told(
            key=f"{self._customer}-{next(self._numbers)}",
            customer=self._customer,
            text=problem.texts[text].about(service, "web-07"),
            at=at,
            service=service if is_about else None,
            sender=self._chosen.choices(["owner", "office", "webmaster"], weights=[6, 3, 1])[0],
            verdict=problem.verdict if is_about and self._chosen.random() >= 0.2 else "",
            names=frozenset({service}) if is_about else frozenset(),
            language=problem.language,
            closed_at=at + timedelta(hours=2) if is_closed else None,
        )

    def _delay(self) -> timedelta:
        within = self._chosen.choices([4, 48, 240], weights=[5, 3, 2])[0]
        return timedelta(hours=self._chosen.uniform(0.05, within))

    def _some_services(self) -> list[str]:
        firsts = self._chosen.sample(NAMES, 6)
        return [f"{firsts[at]}{firsts[at + 1]}.example" for at in (0, 2, 4)]
