"""What the facts mean at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sportello.incidents.board.facts import Facts, Outage, Works
from sportello.incidents.enums import ComponentStatus, Phase

PAST_SHOWN = timedelta(days=90)
CALLED_OFF_SHOWN = timedelta(days=7)
STALE_AFTER = timedelta(minutes=1)
"""Facts older than that are shown with the instant they were known at."""
WORST_LAST = (ComponentStatus.DEGRADED, ComponentStatus.PARTIAL, ComponentStatus.MAJOR)


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    status: ComponentStatus


@dataclass(frozen=True, slots=True)
class Board:
    """Equal boards look the same. `known_at` is said only where the facts are not fresh."""

    components: tuple[Component, ...]
    open_outages: tuple[Outage, ...]
    underway: tuple[Works, ...]
    upcoming: tuple[Works, ...]
    past_outages: tuple[Outage, ...]
    past_works: tuple[Works, ...]
    known_at: datetime | None


def phase(*, starts_at: datetime, ends_at: datetime, cancelled_at: datetime | None, now: datetime) -> Phase:
    if cancelled_at is not None:
        return Phase.CANCELLED
    if now < starts_at:
        return Phase.UPCOMING
    return Phase.UNDERWAY if now < ends_at else Phase.COMPLETE


def phase_of(works: Works, now: datetime) -> Phase:
    return phase(starts_at=works.starts_at, ends_at=works.ends_at, cancelled_at=works.cancelled_at, now=now)


def board_of(facts: Facts, now: datetime) -> Board:
    open_outages = tuple(each for each in facts.outages if each.ended_at is None)
    underway = _in(facts.works, Phase.UNDERWAY, now)
    return Board(
        components=tuple(_components(facts.components, open_outages, underway)),
        open_outages=open_outages,
        underway=underway,
        upcoming=_in(facts.works, Phase.UPCOMING, now),
        past_outages=tuple(each for each in facts.outages if each.ended_at and now - each.ended_at <= PAST_SHOWN),
        past_works=tuple(each for each in facts.works if _is_past(each, now)),
        known_at=facts.known_at if now - facts.known_at > STALE_AFTER else None,
    )


def _in(works: Iterable[Works], wanted: Phase, now: datetime) -> tuple[Works, ...]:
    """The first to come first."""
    return tuple(
        sorted((each for each in works if phase_of(each, now) is wanted), key=lambda each: (each.starts_at, each.key))
    )


def _is_past(works: Works, now: datetime) -> bool:
    """What was called off stays to be seen for a while, for whoever had read of it."""
    match phase_of(works, now):
        case Phase.COMPLETE:
            return now - works.ends_at <= PAST_SHOWN
        case Phase.CANCELLED:
            return works.cancelled_at is not None and now - works.cancelled_at <= CALLED_OFF_SHOWN
        case _:
            return False


def _components(names: Iterable[str], outages: Iterable[Outage], underway: Iterable[Works]) -> Iterator[Component]:
    """Each with the worst that is known of it."""
    known = {name: ComponentStatus.MAINTENANCE for each in underway for name in each.components}
    for each in sorted(outages, key=lambda outage: WORST_LAST.index(ComponentStatus(outage.impact))):
        known |= dict.fromkeys(each.components, ComponentStatus(each.impact))
    return (Component(name, known.get(name, ComponentStatus.OPERATIONAL)) for name in names)
