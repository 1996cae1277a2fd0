"""What suggestions cost, as it is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Suggested:
    """Milliseconds for one: of this process' CPU, of the database's, and by the clock, the slower half and the slowest twentieth."""

    what: str
    own: float
    database: float
    p50: float
    p95: float
