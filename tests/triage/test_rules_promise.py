from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sportello.triage.rules import Case, Kept, kept_promise, window_start

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2027, 5, 5, 12, tzinfo=ROME)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def answered(due: datetime, late_by: timedelta = -MINUTE) -> Case:
    return Case(due, due + late_by)


def test_without_a_case_there_is_no_percentage() -> None:
    promise = kept_promise([], NOW, "Europe/Rome")
    assert [figures.percentage for figures in (promise.today, promise.week, promise.month)] == [None, None, None]


def test_kept_missed_and_still_open_in_time() -> None:
    cases = [
        answered(NOW - 60 * MINUTE),
        answered(NOW - 50 * MINUTE, late_by=timedelta(0)),
        answered(NOW - 40 * MINUTE, late_by=timedelta(microseconds=1)),
        Case(NOW - MINUTE, None),
        Case(NOW + MINUTE, None),
        Case(NOW, None),
    ]
    today = kept_promise(cases, NOW, "Europe/Rome").today
    assert (today, today.percentage) == (Kept(kept=2, missed=2), 50)


def test_answer_before_the_due_time_counts_at_once() -> None:
    assert kept_promise([Case(NOW + 5 * MINUTE, NOW - MINUTE)], NOW, "Europe/Rome").today == Kept(1, 0)


def test_answer_that_comes_after_now_has_not_been_given_yet() -> None:
    cases = [Case(NOW + 5 * MINUTE, NOW + MINUTE), Case(NOW - MINUTE, NOW + MINUTE)]
    assert kept_promise(cases, NOW, "Europe/Rome").today == Kept(0, 1)


def test_one_missed_in_a_thousand_is_not_a_hundred_per_cent() -> None:
    assert Kept(kept=999, missed=1).percentage == 99
    assert [Kept(5, 0).percentage, Kept(0, 3).percentage, Kept(2, 1).percentage] == [100, 0, 66]


def test_today_seven_and_thirty_days_begin_at_local_midnight() -> None:
    midnight = datetime(2027, 5, 5, tzinfo=ROME)
    on_the_stroke = [Case(midnight - days * DAY, None) for days in (0, 6, 29)]
    just_before = [Case(midnight - days * DAY - MINUTE, None) for days in (0, 6, 29)]
    promise = kept_promise(on_the_stroke + just_before, NOW, "Europe/Rome")
    assert (promise.today.missed, promise.week.missed, promise.month.missed) == (1, 3, 5)


def test_late_answer_counts_on_the_day_it_was_due() -> None:
    yesterday = datetime(2027, 5, 4, 23, 50, tzinfo=ROME)
    promise = kept_promise([Case(yesterday, yesterday + 20 * MINUTE)], NOW, "Europe/Rome")
    assert (promise.today, promise.week) == (Kept(0, 0), Kept(0, 1))


@pytest.mark.parametrize(
    ("now", "days", "start"),
    [
        (datetime(2027, 5, 4, 22, 30, tzinfo=UTC), 1, datetime(2027, 5, 4, 22, tzinfo=UTC)),
        (datetime(2027, 3, 28, 12, tzinfo=UTC), 1, datetime(2027, 3, 27, 23, tzinfo=UTC)),
        (datetime(2027, 4, 1, 12, tzinfo=UTC), 7, datetime(2027, 3, 25, 23, tzinfo=UTC)),
        (datetime(2027, 11, 3, 12, tzinfo=UTC), 7, datetime(2027, 10, 27, 22, tzinfo=UTC)),
    ],
)
def test_windows_over_midnight_and_both_switches(now: datetime, days: int, start: datetime) -> None:
    assert window_start(now, days, "Europe/Rome") == start
