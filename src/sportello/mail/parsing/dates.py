"""The Date header, as UTC or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)


def read(value: str) -> datetime | None:
    """None for what is missing, unreadable or before there was such mail; the reader knows no clock, so that the future is the caller's."""
    try:
        moment = parsedate_to_datetime(value.strip()[:100])
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if _FIRST <= moment <= datetime.max.replace(tzinfo=UTC) - timedelta(days=366) else None
