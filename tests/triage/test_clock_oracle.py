"""The clocks against a slow second opinion that shares nothing with them.

The oracle knows the law on holidays, the European rule for summer time and how to count minutes one by one. It uses
neither zoneinfo nor the holidays package.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytest
from dateutil.easter import easter
from dateutil.relativedelta import SU, relativedelta

from sportello.triage.enums import ClockState, DueKind
from sportello.triage.holidays import HolidayRule, public_holidays
from sportello.triage.rules import ClockFacts, OpeningHours, Targets, respond_by, week_from, working_between

MINUTE = timedelta(minutes=1)
MINUTES_AROUND = 2880
SPRING = datetime(2027, 3, 28, 1, tzinfo=UTC)
AUTUMN = datetime(2027, 10, 31, 1, tzinfo=UTC)
FIRST_YEAR_OF_SAINT_FRANCIS = 2026

Open = Callable[[datetime], bool]


@lru_cache
def holidays_by_law(year: int) -> frozenset[date]:
    """Law 260/1949 as amended: by law 54/1977 (4 November moved to a Sunday) and law 151/2025 (4 October is back)."""
    fixed = {(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)}
    if year >= FIRST_YEAR_OF_SAINT_FRANCIS:
        fixed.add((10, 4))
    days = {date(year, month, day) for month, day in fixed}
    unity = date(year, 11, 1) + relativedelta(weekday=SU(1))
    return frozenset(days | {unity, easter(year), easter(year) + timedelta(days=1)})


@lru_cache
def summer_time(year: int) -> tuple[datetime, datetime]:
    begins, ends = (datetime(year, month, 31, 1, tzinfo=UTC) + relativedelta(weekday=SU(-1)) for month in (3, 10))
    return begins, ends


def wall_clock(instant: datetime) -> datetime:
    """What a clock in Rome shows: two hours ahead of UTC between the last Sundays of March and October, else one."""
    begins, ends = summer_time(instant.year)
    return instant + timedelta(hours=2 if begins <= instant < ends else 1)


def always(_instant: datetime) -> bool:
    return True


def office(instant: datetime) -> bool:
    wall = wall_clock(instant)
    return wall.weekday() < 5 and 9 <= wall.hour < 18 and wall.date() not in holidays_by_law(wall.year)


def shop(instant: datetime) -> bool:
    """Every day, holidays too, but for a lunch break; evenings until midnight."""
    wall = wall_clock(instant)
    return 9 <= wall.hour < 13 or wall.hour >= 15


def day_and_night_but_holidays(instant: datetime) -> bool:
    wall = wall_clock(instant)
    return wall.date() not in holidays_by_law(wall.year)


def night_watch(instant: datetime) -> bool:
    """Hours that begin in the hour spring skips and autumn repeats, and hours that end in it."""
    wall = wall_clock(instant)
    return (0, 30) <= (wall.hour, wall.minute) < (2, 10) or (2, 40) <= (wall.hour, wall.minute) < (5, 0)


def daily(*spans: tuple[str, str], days: int = 7) -> dict[str, list[tuple[str, str]]]:
    return {str(day): list(spans) for day in range(days)}


CALENDARS: dict[str, tuple[OpeningHours, Open]] = {
    "24/7": (OpeningHours.always(), always),
    "9-18": (OpeningHours(weekly=week_from(daily(("09:00", "18:00"), days=5)), holidays=HolidayRule("IT")), office),
    "lunch break": (OpeningHours(weekly=week_from(daily(("09:00", "13:00"), ("15:00", "24:00")))), shop),
    "24 hours but holidays": (
        OpeningHours(weekly=week_from(daily(("00:00", "24:00"))), holidays=HolidayRule("IT")),
        day_and_night_but_holidays,
    ),
    "night watch": (OpeningHours(weekly=week_from(daily(("00:30", "02:10"), ("02:40", "05:00")))), night_watch),
}


def minutes_around(switch: datetime) -> list[datetime]:
    return [switch + (i - MINUTES_AROUND // 2) * MINUTE for i in range(MINUTES_AROUND)]


@lru_cache
def open_minutes(switch: datetime, is_open: Open) -> list[datetime]:
    """Every working minute from a day before the switch until eight days after it, asked one by one."""
    first = switch - MINUTES_AROUND // 2 * MINUTE
    return [at for at in (first + i * MINUTE for i in range(9 * 24 * 60)) if is_open(at)]


@pytest.mark.parametrize("target", [10, 240], ids=["10 minutes", "4 hours"])
@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("switch", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_r19_answer_is_due_when_counting_minute_by_minute_says(
    switch: datetime, calendar: str, target: int, record_property: Callable[[str, object], None]
) -> None:
    hours, is_open = CALENDARS[calendar]
    minutes, working = minutes_around(switch), open_minutes(switch, is_open)
    expected = {at: working[bisect_left(working, at) + target - 1] + MINUTE for at in minutes}
    policy = Targets(first_response=target)
    got = {at: respond_by(ClockFacts(state=ClockState.RUNNING_FIRST, opened_at=at), policy, hours) for at in minutes}
    wrong = {at for at in minutes if (got[at].kind, got[at].at) != (DueKind.FIRST_RESPONSE, expected[at])}
    record_property(
        "counted", f"clock {switch:%Y-%m-%d} {calendar}, {target} min: minutes {len(minutes)}, wrong {len(wrong)}"
    )
    assert wrong == set()


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("switch", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_r19_working_time_is_that_of_the_open_minutes(switch: datetime, calendar: str) -> None:
    hours, is_open = CALENDARS[calendar]
    minutes = minutes_around(switch)
    wrong = [
        at for at in minutes if working_between(at, at + MINUTE, hours) != (MINUTE if is_open(at) else timedelta(0))
    ]
    assert wrong == []
    assert working_between(minutes[0], minutes[-1] + MINUTE, hours) == sum(map(is_open, minutes)) * MINUTE


@pytest.mark.parametrize("year", range(2024, 2051))
def test_italian_holidays_are_those_of_the_law(year: int) -> None:
    assert public_holidays("IT", year) == holidays_by_law(year)
