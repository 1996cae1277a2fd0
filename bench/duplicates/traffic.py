"""A month of a provider's requests, simulated from a seed: customers, services, outages of servers, single problems, and those who write again.

What is true is known of each request, so that every join by itself can be called right or wrong. The problems are those that fitting
has never seen. Services fail as their problems say; looking at them sometimes tells nothing.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from bench.duplicates.deciding import Decision, decide
from bench.duplicates.problems import LANGUAGES, Half, Problem, problems
from bench.duplicates.scenes import BEGIN, NAMES
from sportello.duplicates.rules import SHIPPED, Known, Report, Thresholds, Way

DAYS = 30
CUSTOMERS = 400
SERVERS = 12
OUTAGES = 8
PROBLEMS = 2400
AGAIN = 0.3
"""How often somebody writes again about their problem, as a new request."""
UNSEEN = 0.15
"""How often looking at a service tells nothing."""
UNNAMED = 0.2
"""How often a request does not let its service be known."""
SEVERITY = ("unusable", "degraded", "fine")


@dataclass(frozen=True, slots=True)
class Service:
    key: int
    name: str
    server: int


@dataclass(frozen=True, slots=True)
class Happening:
    """A problem of a customer's service, from when until when."""

    key: int
    problem: Problem
    customer: int
    service: Service
    begun: datetime
    ended: datetime
    is_outage: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A request, and what it is truly about."""

    at: datetime
    happening: Happening
    text: str
    sender: int
    names_service: bool


@dataclass(slots=True)
class Ticket:
    happening: int
    known: Known


@dataclass(slots=True)
class Month:
    requests: int = 0
    again: int = 0
    """Requests about a problem that has an open ticket."""
    counted: Counter[str] = field(default_factory=Counter)

    @property
    def joined(self) -> int:
        return self.counted["right"] + self.counted["wrong"]

    @property
    def right_share(self) -> float:
        return self.counted["right"] / self.joined if self.joined else 1.0


def month(
    seed: int,
    thresholds: Thresholds = SHIPPED,
    *,
    half: Half = Half.UNSEEN,
    customers: int = CUSTOMERS,
    number: int = PROBLEMS,
) -> Month:
    return _Provider(random.Random(seed), thresholds, problems(half), customers).month(number)  # noqa: S311 - the same month every time


class _Provider:
    def __init__(
        self, chosen: random.Random, thresholds: Thresholds, all_of: Sequence[Problem], customers: int
    ) -> None:
        self._chosen = chosen
        self._thresholds = thresholds
        self._by_language = {language: [one for one in all_of if one.language == language] for language in LANGUAGES}
        self._keys = count(1)
        numbers = count(1)
        self._services = {customer: self._some_services(numbers) for customer in range(customers)}
        self._tickets: defaultdict[int, list[Ticket]] = defaultdict(list)
        self._numbers = count(1)
        self._by_service: defaultdict[int, list[Happening]] = defaultdict(list)
        self._ends: dict[int, datetime] = {}

    def month(self, number: int) -> Month:
        happenings = [*self._single(number), *self._outages()]
        for one in happenings:
            self._ends[one.key] = one.ended
            self._by_service[one.service.key].append(one)
        found = Month()
        for written in sorted(self._written(happenings), key=_time):
            self._take(written, found)
        return found

    # -- what happens --------------------------------------------------------------------------------------------------
    def _single(self, number: int) -> Iterator[Happening]:
        """Each service has each problem at most once: the same trouble again, while the first is open, would be the same ticket."""
        drawn = set()
        for _ in range(number):
            customer = self._chosen.randrange(len(self._services))
            drawn.add(
                (customer, self._chosen.choice(self._services[customer]), self._chosen.choice(self._own(customer)))
            )
        for customer, service, problem in sorted(drawn, key=_drawn):
            begun = BEGIN + timedelta(days=self._chosen.uniform(0, DAYS))
            ended = begun + timedelta(hours=self._chosen.expovariate(1 / 20) + 0.5)
            yield Happening(next(self._keys), problem, customer, service, begun, ended, is_outage=False)

    def _outages(self) -> Iterator[Happening]:
        """Nothing on a server can be used: each customer reports what they see of it."""
        for _ in range(OUTAGES):
            server = self._chosen.randrange(SERVERS)
            begun = BEGIN + timedelta(days=self._chosen.uniform(0, DAYS))
            ended = begun + timedelta(hours=self._chosen.uniform(0.5, 6))
            for customer, services in self._services.items():
                for service in services:
                    if service.server == server and self._chosen.random() < 0.4:
                        problem = self._chosen.choice([one for one in self._own(customer) if _is_down(one)])
                        yield Happening(next(self._keys), problem, customer, service, begun, ended, is_outage=True)

    def _own(self, customer: int) -> list[Problem]:
        """Problems in the customer's language."""
        return self._by_language["en" if customer % 4 == 0 else "it"]

    def _written(self, happenings: Sequence[Happening]) -> Iterator[Written]:
        for happening in happenings:
            at, first = happening.begun + timedelta(minutes=self._chosen.expovariate(1 / 20)), True
            sender = self._chosen.randrange(3)
            while first or (self._chosen.random() < AGAIN and at < happening.ended):
                text = self._chosen.choice(happening.problem.texts).about(happening.service.name, "web-07")
                who = sender if self._chosen.random() < 0.7 else self._chosen.randrange(3)
                named = self._chosen.random() >= UNNAMED
                yield Written(at, happening, f"{text.subject}\n{text.body}", who, named)
                at, first = at + timedelta(hours=self._chosen.expovariate(1 / 4)), False

    # -- what the desk does --------------------------------------------------------------------------------------------
    def _take(self, written: Written, found: Month) -> None:
        tickets = [one for one in self._tickets[written.happening.customer] if self._is_remembered(one, written.at)]
        known = [self._as_of(one, written.at) for one in tickets]
        report = self._report(written)
        decision = decide(report, known, self._thresholds, incident=self._incident(written.at))
        about = {one.known.key for one in tickets if one.happening == written.happening.key}
        found.requests += 1
        found.again += bool(about)
        found.counted[_called(decision, about)] += 1
        if decision.way == Way.JOIN:
            self._add(written, decision.target)
        else:
            self._open(written, report)

    def _report(self, written: Written) -> Report:
        service = written.happening.service
        named = service.key if written.names_service else None
        return Report(
            text=written.text,
            at=written.at,
            service=named,
            sender=written.happening.customer * 10 + written.sender,
            verdict=self._verdict(service, written.at) if named else "",
            names=frozenset({service.name}) if named else frozenset(),
        )

    def _add(self, written: Written, target: int | None) -> None:
        for ticket in self._tickets[written.happening.customer]:
            if ticket.known.key == target:
                ticket.known = replace(ticket.known, at=written.at)

    def _open(self, written: Written, report: Report) -> None:
        known = Known(
            key=next(self._numbers),
            text=report.text,
            at=written.at,
            service=report.service,
            sender=report.sender,
            verdict=report.verdict,
            names=report.names,
        )
        self._tickets[written.happening.customer].append(Ticket(written.happening.key, known))

    def _verdict(self, service: Service, at: datetime) -> str:
        if self._chosen.random() < UNSEEN:
            return ""
        failing = {one.problem.verdict for one in self._by_service[service.key] if one.begun <= at < one.ended}
        return next((verdict for verdict in SEVERITY if verdict in failing), "fine")

    def _incident(self, at: datetime) -> dict[int, datetime]:
        """Since when each service is hit; known a quarter of an hour after it began."""
        quarter = timedelta(minutes=15)
        return {
            key: one.begun
            for key, happenings in self._by_service.items()
            for one in happenings
            if one.is_outage and one.begun + quarter <= at < one.ended
        }

    def _is_remembered(self, ticket: Ticket, at: datetime) -> bool:
        return at - ticket.known.at < timedelta(days=DAYS)

    def _as_of(self, ticket: Ticket, at: datetime) -> Known:
        """Open until its problem ended, and a little longer."""
        known = ticket.known
        open_until = max(self._ends[ticket.happening], known.at) + timedelta(hours=2)
        return replace(known, is_open=at < open_until)

    def _some_services(self, numbers: Iterator[int]) -> list[Service]:
        number = self._chosen.choices([1, 2, 3, 5], weights=[6, 2, 1, 1])[0]
        firsts = self._chosen.sample(NAMES, 5)
        return [
            Service(key, f"{firsts[at]}{key}.example", self._chosen.randrange(SERVERS))
            for at, key in zip(range(number), numbers, strict=False)
        ]


def _called(decision: Decision, about: set[int]) -> str:
    if decision.way == Way.JOIN:
        return "right" if decision.target in about else "wrong"
    if decision.way == Way.PROPOSE:
        return "proposed right" if about & set(decision.shown) else "proposed wrong"
    return "missed" if about else "new"


def _is_down(problem: Problem) -> bool:
    return problem.verdict == "unusable" and problem.kind in {"web", "mail"}


def _drawn(one: tuple[int, Service, Problem]) -> tuple[int, str]:
    return one[1].key, one[2].key


def _time(written: Written) -> datetime:
    return written.at
