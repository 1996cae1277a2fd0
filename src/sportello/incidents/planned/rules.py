"""What may be planned, and what of it customers hear by mail and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sportello.incidents.enums import NoticeKind

LONGEST = timedelta(days=14)
SECOND_THOUGHTS = timedelta(minutes=2)
"""After planning and after each change: what is put right within them nobody has heard of."""
REMINDED_BEFORE = timedelta(hours=24)
REMINDED_IF_PLANNED_BEFORE = timedelta(hours=72)
"""Who has been told a day ago needs no reminder."""


class Trouble(StrEnum):
    """Why it cannot be planned so."""

    NOTHING_HIT = "nothing-hit"
    ENDS_FIRST = "window-ends-first"
    PAST = "window-past"
    TOO_LONG = "window-too-long"


@dataclass(frozen=True, slots=True)
class Window:
    starts_at: datetime
    ends_at: datetime


def trouble(window: Window, *, hits_something: bool, now: datetime) -> Trouble | None:
    if not hits_something:
        return Trouble.NOTHING_HIT
    if window.ends_at <= window.starts_at:
        return Trouble.ENDS_FIRST
    if window.ends_at <= now:
        return Trouble.PAST
    return Trouble.TOO_LONG if window.ends_at - window.starts_at > LONGEST else None


def notices(kind: NoticeKind, window: Window, now: datetime) -> Iterator[tuple[NoticeKind, datetime]]:
    """What is to be told of it from now on, and when; the reminder comes once more with each new window."""
    yield kind, now + SECOND_THOUGHTS
    if kind is not NoticeKind.CALLED_OFF and window.starts_at - now >= REMINDED_IF_PLANNED_BEFORE:
        yield NoticeKind.REMINDER, window.starts_at - REMINDED_BEFORE


def kind_for(kind: NoticeKind, *, was_told: bool, is_hit: bool) -> NoticeKind | None:
    """What one person is told when the others are told `kind`; None for nothing.

    Who hears of it for the first time is told that it is planned, whatever has changed; who was told and is not hit any more, that it is off.
    """
    if not is_hit or kind is NoticeKind.CALLED_OFF:
        return NoticeKind.CALLED_OFF if was_told else None
    return kind if was_told else NoticeKind.PLANNED
