"""The one clock. Faces and tasks read it once and pass `now` down; rules and actions never ask for the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
