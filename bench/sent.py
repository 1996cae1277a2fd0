"""What sending costs, as it is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """CPU milliseconds a receipt of the sending thread and of the database, and milliseconds by the clock."""

    receipts: int
    own: float
    database: float
    p50: float
    p95: float
