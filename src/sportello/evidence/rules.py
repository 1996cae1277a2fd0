"""When a service with tickets is looked at again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sportello.diagnostics.enums import Occasion
from sportello.diagnostics.rules import APART

SHARED = timedelta(seconds=20)
"""A request that comes so soon after a look is judged by that look."""
STUCK_EVERY = timedelta(minutes=2)
"""A page of maintenance is looked at so often, until it has stood for too long."""
MOST_OF_A_SERVER = 20
"""Looks at services of one server within a minute: more of them tell nothing more of the server."""

_AGAIN_AFTER = {"once": APART, "hanging": APART, "maintenance": STUCK_EVERY}


@dataclass(frozen=True, slots=True)
class Standing:
    """A service with tickets on the desk, or just solved. `opened_at` and `solved_at` are of the newest of them."""

    opened_at: datetime | None
    solved_at: datetime | None
    asked_at: datetime | None = None
    """Of the newest look; `rule` is what it was judged by, empty while it is not over."""
    rule: str = ""


def due(standing: Standing, *, now: datetime, every: timedelta | None) -> Occasion | None:
    """Why it is to be looked at now; None when it is not. Without `every` nothing is looked at by the clock alone."""
    if standing.asked_at is None:
        return Occasion.OPENING if standing.opened_at else Occasion.SOLVING
    since = now - standing.asked_at
    if since < SHARED or not standing.rule:
        return None
    return _of_tickets(standing, standing.asked_at) or _of_time(standing, since, every)


def _of_tickets(standing: Standing, asked_at: datetime) -> Occasion | None:
    if standing.opened_at and standing.opened_at > asked_at:
        return Occasion.OPENING
    if standing.solved_at and standing.solved_at > asked_at:
        return Occasion.SOLVING
    return None


def _of_time(standing: Standing, since: timedelta, every: timedelta | None) -> Occasion | None:
    if standing.opened_at is None:
        return None
    if since >= _AGAIN_AFTER.get(standing.rule, timedelta.max):
        return Occasion.AGAIN
    return Occasion.SCHEDULE if every is not None and since >= every else None
