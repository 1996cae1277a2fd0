"""The new time of who waits behind an outage [promise.delay]."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sportello.triage.rules import OpeningHours, postponed, week_from

MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE
NOW = datetime(2026, 3, 4, 9, 52, 30, tzinfo=UTC)  # a Wednesday, 10:52:30 in Rome
ALWAYS = OpeningHours.always()


def test_it_is_a_round_time_and_never_sooner_than_set() -> None:
    assert postponed(NOW, HALF_AN_HOUR, ALWAYS) == datetime(2026, 3, 4, 10, 25, tzinfo=UTC)
    assert postponed(datetime(2026, 3, 4, 10, 0, tzinfo=UTC), HALF_AN_HOUR, ALWAYS) == datetime(
        2026, 3, 4, 10, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(("times", "minutes"), [(0, 30), (1, 60), (2, 120), (3, 240), (9, 240)])
def test_each_time_it_passes_it_is_twice_as_far_up_to_eight_times(times: int, minutes: int) -> None:
    new = postponed(NOW, HALF_AN_HOUR, ALWAYS, times=times)
    assert timedelta(0) <= new - NOW - minutes * MINUTE < 5 * MINUTE


def test_near_closing_time_it_goes_on_the_next_morning() -> None:
    office = OpeningHours(weekly=week_from({str(day): [["09:00", "18:00"]] for day in range(5)}))
    late = datetime(2026, 3, 6, 16, 50, tzinfo=UTC)  # a Friday, 17:50 in Rome
    assert postponed(late, HALF_AN_HOUR, office) == datetime(2026, 3, 9, 8, 20, tzinfo=UTC)
