"""How the provider has kept its promise so far [promise.first]."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from sportello.triage.rules.calendars import instant, zone

WEEK_DAYS = 7
MONTH_DAYS = 30


class Case(NamedTuple):
    """One promise: when the answer was due, and when a person gave it."""

    due: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    kept: int
    missed: int

    @property
    def percentage(self) -> int | None:
        """Whole per cent, rounded down: 100 means that not one was missed. None when there was no case."""
        cases = self.kept + self.missed
        return self.kept * 100 // cases if cases else None


@dataclass(frozen=True, slots=True)
class Promise:
    today: Kept
    week: Kept
    month: Kept


def kept_promise(cases: Iterable[Case], now: datetime, timezone: str) -> Promise:
    """The figures of today, of 7 and of 30 days, today included, each from local midnight.

    A case counts on the day it was decided: when it was answered in time, or else when it fell due. Cases still
    open in time do not count.
    """
    decided = [verdict for verdict in (_verdict(case, now) for case in cases) if verdict]
    today, week, month = (
        _kept_since(decided, window_start(now, days, timezone)) for days in (1, WEEK_DAYS, MONTH_DAYS)
    )
    return Promise(today, week, month)


def window_start(now: datetime, days: int, timezone: str) -> datetime:
    """The first instant, in UTC, of the last `days` local days, of which today is one."""
    tz = zone(timezone)
    first = instant(now).astimezone(tz).date() - timedelta(days=days - 1)
    return instant(datetime.combine(first, time(0), tz))


class _Verdict(NamedTuple):
    at: datetime
    kept: bool


def _verdict(case: Case, now: datetime) -> _Verdict | None:
    answered_at = case.answered_at if case.answered_at and case.answered_at <= now else None
    if answered_at and answered_at <= case.due:
        return _Verdict(answered_at, kept=True)
    return _Verdict(case.due, kept=False) if case.due < now else None


def _kept_since(decided: list[_Verdict], start: datetime) -> Kept:
    verdicts = [verdict.kept for verdict in decided if verdict.at >= start]
    return Kept(kept=sum(verdicts), missed=len(verdicts) - sum(verdicts))
