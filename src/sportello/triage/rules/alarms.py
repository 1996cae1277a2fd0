"""The alarm ladder: who is told, and how loudly, as the due time comes near. In minutes of the countdown on the screen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sportello.triage.enums import AlarmChannel, AlarmStep, DueKind
from sportello.triage.rules.clocks import Due

ALARMING = frozenset({DueKind.FIRST_RESPONSE, DueKind.NEXT_RESPONSE, DueKind.UPDATE})


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: how long before the due time it fires, and where."""

    step: AlarmStep
    before: timedelta
    channels: frozenset[AlarmChannel]


LADDER = (
    Rung(AlarmStep.FIVE_MINUTES_LEFT, timedelta(minutes=5), frozenset({AlarmChannel.BROWSER})),
    Rung(AlarmStep.TWO_MINUTES_LEFT, timedelta(minutes=2), frozenset({AlarmChannel.BROWSER, AlarmChannel.MAIL})),
    Rung(AlarmStep.MISSED, timedelta(0), frozenset(AlarmChannel)),
)


class AlarmKey(NamedTuple):
    """What makes an alarm the same one, so that it fires once: a new due time starts a new ladder."""

    kind: DueKind
    due_at: datetime
    step: AlarmStep


@dataclass(frozen=True, slots=True)
class Alarm:
    key: AlarmKey
    channels: frozenset[AlarmChannel]


def alarms_due(
    due: Due, now: datetime, already_fired: Collection[AlarmKey], ladder: tuple[Rung, ...] = LADDER
) -> tuple[Alarm, ...]:
    """The alarm to fire now, if any: only the latest step reached, so that one who slept for hours hears it once."""
    reached = [alarm for alarm, at in _ahead(due, already_fired, ladder) if at <= now]
    return tuple(reached[-1:])


def missed(kind: DueKind, at: datetime, ladder: tuple[Rung, ...] = LADDER) -> Alarm:
    """The last step, for a later time that the customer was told of instead [promise.delay]."""
    return Alarm(AlarmKey(kind, at, ladder[-1].step), ladder[-1].channels)


def next_alarm_at(due: Due, already_fired: Collection[AlarmKey], ladder: tuple[Rung, ...] = LADDER) -> datetime | None:
    """When to look again: the instant of the first step not yet fired nor overtaken, which may be in the past."""
    return next((at for _, at in _ahead(due, already_fired, ladder)), None)


def _ahead(due: Due, already_fired: Collection[AlarmKey], ladder: tuple[Rung, ...]) -> list[tuple[Alarm, datetime]]:
    """The steps above the highest one fired for this due time."""
    if due.at is None or due.kind not in ALARMING:
        return []
    keys = [AlarmKey(due.kind, due.at, rung.step) for rung in ladder]
    fired = max((position for position, key in enumerate(keys, 1) if key in already_fired), default=0)
    return [(Alarm(key, rung.channels), due.at - rung.before) for key, rung in zip(keys, ladder, strict=True)][fired:]
