"""What the public status knows. Plain values without a row behind them: they are kept in a file while the database is away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; where one is missing the other is shown."""

    it: str
    en: str

    def of(self, language: str) -> str:
        return (self.it or self.en) if language == "it" else (self.en or self.it)


@dataclass(frozen=True, slots=True)
class Told:
    """One public update of an incident."""

    at: datetime
    state: str
    text: Words


@dataclass(frozen=True, slots=True)
class Outage:
    """An incident. `components` are public names of servers, of those that have one."""

    key: str
    state: str
    impact: str
    title: Words
    text: Words
    started_at: datetime
    ended_at: datetime | None
    components: tuple[str, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Works:
    """Planned maintenance, between two instants."""

    key: str
    title: Words
    text: Words
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    changed_at: datetime
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it, as of `known_at`."""

    known_at: datetime
    components: tuple[str, ...] = ()
    outages: tuple[Outage, ...] = ()
    works: tuple[Works, ...] = ()


def dumped(facts: Facts) -> str:
    return json.dumps(asdict(facts), default=datetime.isoformat)


def loaded(text: str) -> Facts:
    """What `dumped` wrote. Raises ValueError, KeyError or TypeError for anything else, as a file of another version may be."""
    read = json.loads(text)
    return Facts(
        known_at=_at(read["known_at"]),
        components=tuple(read["components"]),
        outages=tuple(map(_outage, read["outages"])),
        works=tuple(map(_works, read["works"])),
    )


def _outage(read: Mapping[str, Any]) -> Outage:
    return Outage(
        key=read["key"],
        state=read["state"],
        impact=read["impact"],
        title=Words(**read["title"]),
        text=Words(**read["text"]),
        started_at=_at(read["started_at"]),
        ended_at=_maybe_at(read["ended_at"]),
        components=tuple(read["components"]),
        told=tuple(Told(_at(one["at"]), one["state"], Words(**one["text"])) for one in read["told"]),
    )


def _works(read: Mapping[str, Any]) -> Works:
    return Works(
        key=read["key"],
        title=Words(**read["title"]),
        text=Words(**read["text"]),
        starts_at=_at(read["starts_at"]),
        ends_at=_at(read["ends_at"]),
        cancelled_at=_maybe_at(read["cancelled_at"]),
        changed_at=_at(read["changed_at"]),
        components=tuple(read["components"]),
    )


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _maybe_at(written: str | None) -> datetime | None:
    return _at(written) if written else None
