"""Times in which the clock of an answer stands still."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock of an answer stands still."""

    start: datetime
    end: datetime


def standing_still(works: Iterable[Pause], *, opened_at: datetime, now: datetime) -> tuple[Pause, ...]:
    """When planned work that has begun lets the clock of a request stand still [one.patience]: in order and without overlaps."""
    return joined(
        Pause(max(work.start, opened_at), work.end) for work in works if work.start <= now and work.end > opened_at
    )


def joined(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same times in order, those that overlap or touch as one."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=_start):
        if found and pause.start <= found[-1].end:
            found[-1] = Pause(found[-1].start, max(found[-1].end, pause.end))
        else:
            found.append(pause)
    return tuple(found)


def _start(pause: Pause) -> datetime:
    return pause.start
