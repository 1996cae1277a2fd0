"""The one clock. Faces and tasks read it once and pass `now` down; rules and actions never ask for the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAY_DIFFER_SECONDS = 5.0


@dataclass(slots=True)
class _Difference:
    """Between this machine's clock and the database's, as this process saw it last."""

    ahead: timedelta = timedelta(0)


_difference = _Difference()


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def note_difference(seconds: float) -> None:
    """By so much this machine's clock is ahead of the database's. A little is how long it took to ask."""
    _difference.ahead = timedelta(seconds=seconds if abs(seconds) > MAY_DIFFER_SECONDS else 0.0)


def by_database(instant: datetime) -> datetime:
    """What the database's clock says at that instant: jobs that were put off begin by that one."""
    return instant - _difference.ahead
