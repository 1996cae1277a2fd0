from __future__ import annotations

from datetime import timedelta

import pytest

from sportello.ui.countdown import countdown, urgency


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (161, "02:41"),
        (0, "00:00"),
        (0.9, "00:00"),
        (3599, "59:59"),
        (3600, "1 h 00"),
        (4800, "1 h 20"),
        (86_399, "23 h 59"),
        (86_400, None),
        (-1, "−00:01"),
        (-0.2, "−00:01"),
        (-65, "−01:05"),
        (-3600, "−1 h 00"),
        (-86_400, "−1 d"),
        (-200_000, "−2 d"),
    ],
)
def test_a_countdown_reads_as_a_person_would_say_it(seconds: float, shown: str | None) -> None:
    assert countdown(timedelta(seconds=seconds), hour="h", day="d") == shown


@pytest.mark.parametrize(("seconds", "word"), [(301, ""), (300, "soon"), (0, "soon"), (-1, "late")])
def test_five_minutes_before_it_is_soon_and_after_it_is_late(seconds: int, word: str) -> None:
    assert urgency(timedelta(seconds=seconds)) == word
