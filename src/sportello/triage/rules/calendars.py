"""Working time: how much of it lies between two instants, and which instant it leads to.

A minute is working time when the clock on the provider's wall shows an opening time of that day. So hours inside the
hour that spring skips do not exist, and hours inside the hour that autumn repeats are open twice. All instants are
aware; answers are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sportello.triage.holidays import HolidayRule

DAY = timedelta(days=1)
HORIZON = timedelta(days=3653)
MIDNIGHT = time(0)
DAYS_OF_WEEK = 7


class BadCalendar(ValueError):  # noqa: N818 - names what is wrong
    """Opening hours that cannot be read: the message says which part."""


class CalendarNeverOpens(ValueError):  # noqa: N818 - names what is wrong
    """The calendar does not give the working time asked for within ten years."""


@dataclass(frozen=True, slots=True)
class Span:
    """Opening hours of one day, from `opens` until before `closes`; `closes` at 00:00 is the end of the day (24:00)."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise BadCalendar(f"{self}: hours are local times, without an offset")
        if self.begins >= self.ends:
            raise BadCalendar(f"{self}: closes before it opens")

    @property
    def begins(self) -> timedelta:
        return timedelta(hours=self.opens.hour, minutes=self.opens.minute, seconds=self.opens.second)

    @property
    def ends(self) -> timedelta:
        return timedelta(hours=self.closes.hour, minutes=self.closes.minute, seconds=self.closes.second) or DAY

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


WHOLE_DAY = Span(MIDNIGHT, MIDNIGHT)
Week = tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """When the desk works: `weekly` has seven days, Monday first, each with spans in order that do not overlap."""

    timezone: str = "Europe/Rome"
    weekly: Week
    holidays: HolidayRule | None = None
    closed_dates: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.weekly) != DAYS_OF_WEEK:
            raise BadCalendar(f"a week has seven days, not {len(self.weekly)}")
        for spans in self.weekly:
            _check_order(spans)
        zone(self.timezone)

    @classmethod
    def always(cls, timezone: str = "Europe/Rome") -> OpeningHours:
        """Day and night, holidays included."""
        return cls(timezone=timezone, weekly=((WHOLE_DAY,),) * DAYS_OF_WEEK)

    @property
    def is_always_open(self) -> bool:
        return not self.closed_dates and self.holidays is None and all(spans == (WHOLE_DAY,) for spans in self.weekly)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        if day in self.closed_dates or (self.holidays and self.holidays.covers(day)):
            return ()
        return self.weekly[day.weekday()]


def week_from(hours: Mapping[str, Sequence[Sequence[str]]]) -> Week:
    """A week from weekday numbers ("0" is Monday) to lists of ["HH:MM", "HH:MM"]; "24:00" is midnight. Raises BadCalendar."""
    strangers = hours.keys() - {str(day) for day in range(DAYS_OF_WEEK)}
    if strangers:
        raise BadCalendar(f"not days of the week: {', '.join(sorted(strangers))}")
    return tuple(tuple(sorted(map(_span_from, hours.get(str(day), ())), key=_opening)) for day in range(DAYS_OF_WEEK))


def zone(name: str) -> ZoneInfo:
    """The time zone of that name. Raises BadCalendar."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise BadCalendar(f"no such time zone: {name}") from unknown


def add_working(start: datetime, duration: timedelta, calendar: OpeningHours) -> datetime:
    """The earliest instant, from `start` on, before which `duration` of working time has passed.

    No duration leads to `start` itself. Raises CalendarNeverOpens when it is not reached within ten years.
    """
    start, left = instant(start), duration
    if left < timedelta(0):
        raise ValueError(f"working time cannot be taken back: {duration}")
    if not left:
        return start
    for opens, closes in open_periods(start, start + HORIZON, calendar):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise CalendarNeverOpens(f"{duration} of working time is more than this calendar gives in ten years")


def working_between(start: datetime, end: datetime, calendar: OpeningHours) -> timedelta:
    """Working time from `start` until `end`; negative when `end` is the earlier one."""
    start, end = instant(start), instant(end)
    if end < start:
        return -working_between(end, start, calendar)
    return sum((closes - opens for opens, closes in open_periods(start, end, calendar)), timedelta(0))


def is_open(at: datetime, calendar: OpeningHours) -> bool:
    """Whether this instant is working time."""
    return next_opening(at, calendar) == instant(at)


def next_opening(at: datetime, calendar: OpeningHours) -> datetime:
    """`at` itself while the desk is open, else the instant it opens again. Raises CalendarNeverOpens."""
    at = instant(at)
    for opens, _ in open_periods(at, at + HORIZON, calendar):
        return opens
    raise CalendarNeverOpens("this calendar does not open within ten years")


def open_periods(start: datetime, end: datetime, calendar: OpeningHours) -> Iterator[tuple[datetime, datetime]]:
    """The working time in [start, end) as periods in order; periods that touch are not joined."""
    if calendar.is_always_open:
        yield start, end
        return
    for begin, until, offset in _stretches(start, end, zone(calendar.timezone)):
        yield from _open_in(begin, until, offset, calendar)


def instant(value: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime."""
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone, so it is not an instant")
    return value.astimezone(UTC)


Stretch = tuple[datetime, datetime, timedelta]


def _stretches(start: datetime, end: datetime, tz: ZoneInfo) -> Iterator[Stretch]:
    """[start, end) cut into pieces of at most a day, with the offset from UTC that holds throughout each."""
    while start < end:
        until, offset = min(start + DAY, end), _offset(start, tz)
        if _offset(until, tz) != offset:
            until = _switch(start, until, tz)
        yield start, until, offset
        start = until


def _switch(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """The first instant, to the microsecond, that no longer has the offset of `before`."""
    offset = _offset(before, tz)
    while after - before > timedelta.resolution:
        middle = before + (after - before) / 2
        before, after = (middle, after) if _offset(middle, tz) == offset else (before, middle)
    return after


def _offset(at: datetime, tz: ZoneInfo) -> timedelta:
    return at.astimezone(tz).utcoffset() or timedelta(0)


def _open_in(
    begin: datetime, until: datetime, offset: timedelta, calendar: OpeningHours
) -> Iterator[tuple[datetime, datetime]]:
    day, last = (begin + offset).date(), (until + offset).date()
    while day <= last:
        midnight = datetime.combine(day, MIDNIGHT, UTC) - offset
        for span in calendar.spans_on(day):
            opens, closes = max(begin, midnight + span.begins), min(until, midnight + span.ends)
            if opens < closes:
                yield opens, closes
        day += DAY


def _span_from(pair: Sequence[str]) -> Span:
    try:
        opens, closes = pair
        return Span(time.fromisoformat(opens), MIDNIGHT if closes == "24:00" else time.fromisoformat(closes))
    except BadCalendar:
        raise
    except (TypeError, ValueError) as unreadable:
        raise BadCalendar(f"not opening hours: {pair}") from unreadable


def _check_order(spans: tuple[Span, ...]) -> None:
    for earlier, later in pairwise(spans):
        if later.begins < earlier.ends:
            raise BadCalendar(f"{earlier} and {later} overlap or are out of order")


def _opening(span: Span) -> time:
    return span.opens


def in_words(weekly: Mapping[str, Sequence[Sequence[str]]], names: Sequence[str]) -> str:
    """A week as a calendar keeps it, in one line with these names of its days; days with the same hours together."""
    parts: list[tuple[int, int, str]] = []
    for day in sorted(map(int, weekly)):
        hours = ", ".join("-".join(span) for span in weekly[str(day)])
        if parts and parts[-1][1] == day - 1 and parts[-1][2] == hours:
            parts[-1] = parts[-1][0], day, hours
        elif hours:
            parts.append((day, day, hours))
    return "; ".join(
        f"{names[first]}{f'-{names[last]}' if last > first else ''} {hours}" for first, last, hours in parts
    )
