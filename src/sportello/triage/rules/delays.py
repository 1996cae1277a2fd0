"""Until when somebody has to wait instead, because a service that cannot be used at all comes first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sportello.triage.rules.calendars import OpeningHours, add_working

STEP = timedelta(minutes=5)
MOST_DOUBLINGS = 3


def postponed(now: datetime, within: timedelta, calendar: OpeningHours, *, times: int = 0) -> datetime:
    """The new time [promise.delay]: so much working time from now on, twice as much each time that one has passed too; a round one.

    Raises CalendarNeverOpens.
    """
    at = add_working(now, within * 2 ** min(times, MOST_DOUBLINGS), calendar)
    over = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at + (STEP - over) if over else at
