"""How a countdown is written. `static/ui/sportello.js` writes the same once the page runs; tests hold the two together."""

from __future__ import annotations

from datetime import timedelta

SOON = timedelta(minutes=5)
_HOUR, _DAY = 3600, 86_400


def countdown(left: timedelta, *, hour: str, day: str) -> str | None:
    """`02:41` below an hour, `1 h 20` below a day, with a minus sign once it is over; None when more than a day is left.

    `hour` and `day` are the reader's abbreviations. What is over by more than a day is told in days.
    """
    seconds = int(left.total_seconds() // 1)
    if seconds >= _DAY:
        return None
    sign, size = ("−", -seconds) if seconds < 0 else ("", seconds)
    if size >= _DAY:
        return f"{sign}{size // _DAY} {day}"
    if size >= _HOUR:
        return f"{sign}{size // _HOUR} {hour} {size % _HOUR // 60:02}"
    return f"{sign}{size // 60:02}:{size % 60:02}"


def urgency(left: timedelta) -> str:
    """The class of a countdown: late, soon, or nothing."""
    if left < timedelta(0):
        return "late"
    return "soon" if left <= SOON else ""
