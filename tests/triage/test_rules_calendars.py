from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sportello.triage.holidays import HolidayRule, UnknownCountry
from sportello.triage.rules import (
    WHOLE_DAY,
    BadCalendar,
    CalendarNeverOpens,
    OpeningHours,
    Span,
    add_working,
    is_open,
    next_opening,
    week_from,
    working_between,
)

ROME = ZoneInfo("Europe/Rome")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WORKDAYS = {str(day): [("09:00", "18:00")] for day in range(5)}
OFFICE = OpeningHours(weekly=week_from(WORKDAYS), holidays=HolidayRule("IT"))
NEVER = OpeningHours(weekly=week_from({}))


def rome(text: str, *, fold: int = 0) -> datetime:
    """The instant, in UTC: Python never finds a datetime in the repeated hour equal to one of another zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ROME, fold=fold).astimezone(UTC)


def daily(opens: str, closes: str, timezone: str = "Europe/Rome") -> OpeningHours:
    return OpeningHours(timezone=timezone, weekly=week_from({str(day): [(opens, closes)] for day in range(7)}))


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        ("2027-03-24T10:00", 10 * MINUTE, "2027-03-24T10:10"),
        ("2027-03-24T17:55", 10 * MINUTE, "2027-03-25T09:05"),
        ("2027-03-24T17:50", 10 * MINUTE, "2027-03-24T18:00"),
        ("2027-03-24T07:00", 10 * MINUTE, "2027-03-24T09:10"),
        ("2027-03-24T18:00", 10 * MINUTE, "2027-03-25T09:10"),
        ("2027-03-26T17:55", 10 * MINUTE, "2027-03-30T09:05"),  # Friday before Easter: Monday is a holiday
        ("2027-12-24T17:00", 2 * HOUR, "2027-12-27T10:00"),
        ("2027-10-29T17:00", 2 * HOUR, "2027-11-02T10:00"),  # over the autumn switch and All Saints
    ],
)
def test_due_time_in_office_hours(start: str, duration: timedelta, due: str) -> None:
    assert add_working(rome(start), duration, OFFICE) == rome(due)


def test_day_and_night_means_day_and_night() -> None:
    night_of_the_switch = rome("2027-03-27T23:55")
    assert add_working(night_of_the_switch, 10 * MINUTE, OpeningHours.always()) == rome("2027-03-28T00:05")
    assert add_working(night_of_the_switch, 4 * HOUR, OpeningHours.always()) == rome("2027-03-28T04:55")
    assert working_between(rome("2027-01-01T00:00"), rome("2028-01-01T00:00"), OpeningHours.always()) == timedelta(
        days=365
    )
    assert working_between(night_of_the_switch, night_of_the_switch, OpeningHours.always()) == timedelta(0)


def test_whole_days_lose_no_minute_at_midnight() -> None:
    week = OpeningHours(weekly=((WHOLE_DAY,),) * 7, closed_dates=frozenset({date(2027, 7, 1)}))
    assert working_between(rome("2027-06-01T00:00"), rome("2027-07-08T00:00"), week) == timedelta(days=36)
    assert add_working(rome("2027-06-30T23:55"), 10 * MINUTE, week) == rome("2027-07-02T00:05")


def test_opening_inside_the_hour_that_spring_skips_begins_after_it() -> None:
    early = daily("02:30", "06:00")
    assert next_opening(rome("2027-03-28T01:00"), early) == rome("2027-03-28T03:00")
    assert working_between(rome("2027-03-28T00:00"), rome("2027-03-28T12:00"), early) == 3 * HOUR


def test_hours_that_lie_wholly_in_the_skipped_hour_do_not_exist_that_day() -> None:
    assert working_between(rome("2027-03-28T00:00"), rome("2027-03-29T00:00"), daily("02:15", "02:45")) == timedelta(0)


def test_hours_in_the_repeated_hour_are_open_both_times() -> None:
    quarter = daily("02:15", "02:45")
    assert working_between(rome("2027-10-31T00:00"), rome("2027-11-01T00:00"), quarter) == HOUR
    assert add_working(rome("2027-10-31T02:40"), 10 * MINUTE, quarter) == rome("2027-10-31T02:20", fold=1)


def test_closing_inside_the_repeated_hour() -> None:
    late = daily("00:00", "02:30")
    assert working_between(rome("2027-10-31T00:00"), rome("2027-10-31T12:00"), late) == 3 * HOUR


def test_same_instant_in_another_zone_gives_the_same_due_time() -> None:
    start = rome("2027-03-24T17:55")
    due = add_working(start.astimezone(ZoneInfo("Asia/Tokyo")), 10 * MINUTE, OFFICE)
    assert (due, due.tzinfo) == (rome("2027-03-25T09:05"), UTC)


@pytest.mark.parametrize("fold", [0, 1])
def test_open_is_open_in_either_repeated_hour_whatever_zone_one_asks_in(fold: int) -> None:
    local = datetime(2027, 10, 31, 2, 30, tzinfo=ROME, fold=fold)
    assert [is_open(local, daily("02:15", "02:45")), is_open(local, daily("03:00", "04:00"))] == [True, False]


def test_patron_saint_and_single_closed_dates_are_not_working_days() -> None:
    florence = OpeningHours(
        weekly=week_from(WORKDAYS),
        holidays=HolidayRule("IT", yearly=frozenset({(6, 24)})),
        closed_dates=frozenset({date(2027, 6, 25)}),
    )
    assert next_opening(rome("2027-06-24T10:00"), florence) == rome("2027-06-28T09:00")
    assert next_opening(rome("2028-06-24T10:00"), florence) == rome("2028-06-26T09:00")  # 24 June 2028 is a Saturday
    assert next_opening(rome("2027-06-24T10:00"), OFFICE) == rome("2027-06-24T10:00")


def test_holiday_rule_without_a_country_knows_only_its_own_days() -> None:
    rule = HolidayRule("", yearly=frozenset({(2, 29)}))
    assert [rule.covers(day) for day in (date(2028, 2, 29), date(2027, 12, 25))] == [True, False]


def test_unknown_country_is_named() -> None:
    with pytest.raises(UnknownCountry, match="XX"):
        HolidayRule("XX").covers(date(2027, 1, 1))


@pytest.mark.parametrize("calendar", [NEVER, OpeningHours(weekly=week_from({"6": [("02:00", "02:01")]}))])
def test_calendar_without_enough_hours_is_refused_and_does_not_hang(calendar: OpeningHours) -> None:
    began = perf_counter()
    with pytest.raises(CalendarNeverOpens, match="ten years"):
        add_working(rome("2027-01-01T00:00"), 40 * HOUR, calendar)
    assert perf_counter() - began < 2


def test_calendar_that_never_opens_has_no_next_opening() -> None:
    with pytest.raises(CalendarNeverOpens):
        next_opening(rome("2027-01-01T00:00"), NEVER)
    assert working_between(rome("2027-01-01T00:00"), rome("2028-01-01T00:00"), NEVER) == timedelta(0)


def test_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        add_working(datetime(2027, 1, 1, 9), MINUTE, OFFICE)  # noqa: DTZ001 - the fault under test


def test_working_time_cannot_be_taken_back() -> None:
    with pytest.raises(ValueError, match="cannot be taken back"):
        add_working(rome("2027-01-01T09:00"), -MINUTE, OFFICE)


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ({"7": [("09:00", "18:00")]}, "not days of the week: 7"),
        ({"0": [("18:00", "09:00")]}, "18:00-09:00: closes before it opens"),
        ({"0": [("09:00", "09:00")]}, "closes before it opens"),
        ({"0": [("09:00", "13:00"), ("12:00", "18:00")]}, "09:00-13:00 and 12:00-18:00 overlap"),
        ({"0": [("nine", "18:00")]}, "not opening hours"),
        ({"0": [("09:00",)]}, "not opening hours"),
        ({"0": [("09:00", "25:00")]}, "not opening hours"),
        ({"0": [(9, 18)]}, "not opening hours"),
        ({"0": [("09:00+02:00", "18:00")]}, "without an offset"),
    ],
)
def test_unreadable_hours_say_what_is_wrong(hours: dict[str, list[tuple[str, ...]]], complaint: str) -> None:
    with pytest.raises(BadCalendar, match=complaint):
        OpeningHours(weekly=week_from(hours))


def test_hours_are_sorted_and_may_touch() -> None:
    calendar = OpeningHours(weekly=week_from({"0": [("13:00", "24:00"), ("09:00", "13:00")]}))
    assert calendar.weekly[0] == (Span(time(9), time(13)), Span(time(13), time(0)))


@pytest.mark.parametrize("name", ["Europe/Atlantis", "", "../etc/passwd", "Europe"])
def test_unknown_time_zone_is_named(name: str) -> None:
    with pytest.raises(BadCalendar, match="no such time zone"):
        OpeningHours.always(name)


def test_week_of_six_days_is_refused() -> None:
    with pytest.raises(BadCalendar, match="seven days, not 6"):
        OpeningHours(weekly=((WHOLE_DAY,),) * 6)


def test_clock_that_goes_back_over_midnight_counts_each_minute_once() -> None:
    """Newfoundland went from 00:01 on 7 November 2010 back to 23:01 of the day before."""
    first_minutes = daily("00:00", "00:05", "America/St_Johns")
    begin, end = datetime(2010, 11, 7, 2, tzinfo=UTC), datetime(2010, 11, 7, 4, tzinfo=UTC)
    assert working_between(begin, end, first_minutes) == 6 * MINUTE
    assert add_working(begin, 5 * MINUTE, first_minutes) == datetime(2010, 11, 7, 3, 34, tzinfo=UTC)


def test_day_that_a_country_left_out_has_no_hours() -> None:
    """Samoa went from 29 straight to 31 December 2011."""
    samoa = daily("09:00", "17:00", "Pacific/Apia")
    noon = datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia"))
    assert add_working(noon, 6 * HOUR, samoa) == datetime(2011, 12, 31, 10, tzinfo=ZoneInfo("Pacific/Apia"))


ZONES = [
    "Europe/Rome",
    "America/St_Johns",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Beirut",
    "UTC",
]
instants = st.datetimes(datetime(2009, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds must be naive
durations = st.timedeltas(timedelta(0), timedelta(hours=20))


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    cuts = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    edges = [time(cut // 60 % 24, cut % 60) for cut in cuts]
    return [Span(opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=False)]


@st.composite
def calendars(draw: st.DrawFn) -> OpeningHours:
    """Any week, open at least from 9 to 10 on Wednesdays, in zones that switch in odd ways."""
    week = [tuple(draw(spans())) for _ in range(7)]
    week[2] = week[2] or (Span(time(9), time(10)),)
    holidays = draw(st.sampled_from([None, HolidayRule("IT"), HolidayRule("IT", yearly=frozenset({(6, 24)}))]))
    return OpeningHours(timezone=draw(st.sampled_from(ZONES)), weekly=tuple(week), holidays=holidays)


@given(instants, durations, calendars())
@settings(max_examples=100, deadline=None)
def test_working_time_added_is_the_working_time_between(
    start: datetime, duration: timedelta, calendar: OpeningHours
) -> None:
    due = add_working(start, duration, calendar)
    assert due >= start
    assert working_between(start, due, calendar) == duration
    assert not duration or working_between(start, due - timedelta.resolution, calendar) < duration


@given(instants, durations, durations, calendars())
@settings(max_examples=100, deadline=None)
def test_more_working_time_and_a_later_start_are_never_due_earlier(
    start: datetime, shorter: timedelta, more: timedelta, calendar: OpeningHours
) -> None:
    due = add_working(start, shorter, calendar)
    assert due <= add_working(start, shorter + more, calendar)
    assert due <= add_working(start + more, shorter, calendar)


@given(
    instants,
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.timedeltas(timedelta(0), timedelta(days=30)),
    calendars(),
)
@settings(max_examples=100, deadline=None)
def test_working_time_of_two_stretches_adds_up(
    start: datetime, one: timedelta, two: timedelta, calendar: OpeningHours
) -> None:
    middle, end = start + one, start + one + two
    whole = working_between(start, end, calendar)
    assert working_between(start, middle, calendar) + working_between(middle, end, calendar) == whole
    assert working_between(end, start, calendar) == -whole
    assert timedelta(0) <= whole <= one + two


@given(instants, calendars())
@example(rome("2027-10-31T02:40", fold=1), daily("02:15", "02:45"))
@settings(max_examples=200, deadline=None)
def test_open_means_that_the_clock_on_the_wall_shows_an_opening_time(at: datetime, calendar: OpeningHours) -> None:
    wall = at.astimezone(ZoneInfo(calendar.timezone))
    hours = [(span.opens, span.closes) for span in calendar.spans_on(wall.date())]
    assert is_open(at, calendar) == any(
        opens <= wall.time() and (closes == time(0) or wall.time() < closes) for opens, closes in hours
    )
