"""Do these tickets and verdicts look like one outage of a server? Counted by server; words only confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CUSTOMERS = 3
WITHIN = timedelta(minutes=15)
FAILING = 2
"""Services of a server that fail at once, and no fewer than those of it that work."""
QUIET = timedelta(hours=1)
GROWN = 3
"""So many times as many customers as when it was set aside, and it is shown again before that hour is over."""


class Why(StrEnum):
    CUSTOMERS = "customers"
    NEIGHBOURS = "neighbours"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket about a service on the server. `speaks` is whether its words are those of an outage."""

    ticket: int
    customer: int
    opened_at: datetime
    speaks: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """All of one server: tickets that are still on the desk, and what looking at its services gave, each service once."""

    cases: Sequence[Case]
    failing: int = 0
    working: int = 0


Reason = tuple[Why, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Judged:
    customers: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    quiet_until: datetime
    customers: int


def judge(seen: Seen, *, now: datetime) -> Judged | None:
    """None where it does not look like an outage of the server."""
    recent = [case for case in seen.cases if now - WITHIN <= case.opened_at <= now]
    customers = len({case.customer for case in recent})
    reasons: list[Reason] = []
    if customers >= CUSTOMERS:
        reasons.append((Why.CUSTOMERS, {"customers": customers, "minutes": int(WITHIN.total_seconds() // 60)}))
    if seen.failing >= FAILING and seen.failing >= seen.working:
        reasons.append((Why.NEIGHBOURS, {"failing": seen.failing, "examined": seen.failing + seen.working}))
    if not reasons:
        return None
    if speaking := sum(case.speaks for case in recent):
        reasons.append((Why.WORDS, {"speaking": speaking, "tickets": len(recent)}))
    return Judged(customers, tuple(reasons))


def may_come_back(judged: Judged, aside: SetAside | None, *, now: datetime) -> bool:
    """Whether what somebody set aside is shown again: after an hour, or once it is far larger."""
    return aside is None or now >= aside.quiet_until or judged.customers >= GROWN * max(aside.customers, CUSTOMERS)
