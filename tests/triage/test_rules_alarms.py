from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.triage.enums import AlarmChannel, AlarmStep, DueKind
from sportello.triage.rules import AlarmKey, Due, alarms_due, next_alarm_at

DUE_AT = datetime(2027, 5, 5, 10, 10, tzinfo=UTC)
DUE = Due(DueKind.FIRST_RESPONSE, DUE_AT, ())
FIVE, TWO, MISSED = AlarmStep
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def fired(*steps: AlarmStep) -> set[AlarmKey]:
    return {AlarmKey(DueKind.FIRST_RESPONSE, DUE_AT, step) for step in steps}


def steps(now: datetime, *already: AlarmStep, due: Due = DUE) -> list[AlarmStep]:
    return [alarm.key.step for alarm in alarms_due(due, now, fired(*already))]


def test_ladder_in_time() -> None:
    assert steps(DUE_AT - 5 * MINUTE - SECOND) == []
    assert steps(DUE_AT - 5 * MINUTE) == [FIVE]
    assert steps(DUE_AT - 2 * MINUTE - SECOND, FIVE) == []
    assert steps(DUE_AT - 2 * MINUTE, FIVE) == [TWO]
    assert steps(DUE_AT - SECOND, FIVE, TWO) == []
    assert steps(DUE_AT, FIVE, TWO) == [MISSED]
    assert steps(DUE_AT + 60 * MINUTE, FIVE, TWO, MISSED) == []


def test_each_step_is_louder() -> None:
    channels = [alarms_due(DUE, DUE_AT - before * MINUTE, ())[0].channels for before in (5, 2, 0)]
    assert channels == [
        {AlarmChannel.BROWSER},
        {AlarmChannel.BROWSER, AlarmChannel.MAIL},
        {AlarmChannel.BROWSER, AlarmChannel.MAIL, AlarmChannel.WEBHOOK},
    ]


@pytest.mark.parametrize("already", [(), (FIVE,), (TWO,), (FIVE, TWO)])
def test_scheduler_that_slept_for_hours_says_missed_once(already: tuple[AlarmStep, ...]) -> None:
    assert steps(DUE_AT + timedelta(hours=6), *already) == [MISSED]
    assert steps(DUE_AT + timedelta(hours=7), *already, MISSED) == []


def test_step_that_was_overtaken_is_not_made_up_for() -> None:
    assert steps(DUE_AT - MINUTE, TWO) == []


def test_new_due_time_starts_a_new_ladder() -> None:
    later = Due(DueKind.FIRST_RESPONSE, DUE_AT + timedelta(hours=1), ())
    assert steps(DUE_AT + timedelta(hours=2), FIVE, TWO, MISSED, due=later) == [MISSED]
    update = Due(DueKind.UPDATE, DUE_AT, ())
    assert steps(DUE_AT, FIVE, TWO, MISSED, due=update) == [MISSED]


@pytest.mark.parametrize("due", [Due(DueKind.NONE, None, ()), Due(DueKind.REMINDER, DUE_AT, ())])
def test_what_is_not_promised_raises_no_alarm(due: Due) -> None:
    assert alarms_due(due, DUE_AT + MINUTE, ()) == ()
    assert next_alarm_at(due, ()) is None


@pytest.mark.parametrize(
    ("already", "wake"),
    [((), DUE_AT - 5 * MINUTE), ((FIVE,), DUE_AT - 2 * MINUTE), ((TWO,), DUE_AT), ((FIVE, TWO, MISSED), None)],
)
def test_next_look_is_at_the_next_step(already: tuple[AlarmStep, ...], wake: datetime | None) -> None:
    assert next_alarm_at(DUE, fired(*already)) == wake


@given(st.lists(st.integers(-900, 900).map(lambda seconds: DUE_AT + seconds * SECOND)))
def test_however_often_one_looks_each_alarm_fires_once_and_only_upwards(looks: list[datetime]) -> None:
    heard: list[AlarmKey] = []
    for now in sorted(looks):
        alarms = alarms_due(DUE, now, heard)
        assert len(alarms) <= 1
        wake = next_alarm_at(DUE, heard)
        assert bool(alarms) == (wake is not None and wake <= now)
        heard += [alarm.key for alarm in alarms]
    order = [list(AlarmStep).index(key.step) for key in heard]
    assert order == sorted(set(order))
