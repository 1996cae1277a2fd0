"""What an installation holds and spends while it works: memory and processor time of each kind of process, mails that wait, connections."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Self

import psycopg

from bench.stage import Stage

MIB = 1 << 20
READERS = "sportello.mail.parsing.child"
KINDS = {"web": "web", "live": "live", "worker": "worker", "mail door": "mail-door", "database": "postgres"}
LOOKS = 400
"""In a run, however long it is."""
LEAST_PAUSE = 2.0
LEAST_SECONDS_FOR_A_SLOPE = 900.0
SETTLED = 0.1
"""The part of a run after which memory is taken for what it is at the start: by then each process has done everything once."""
_WAITING = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(waits_since)), 0) FROM mail_inboundmail WHERE state = 'received'
"""
_LINES = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"


@dataclass(frozen=True)
class Look:
    at: float
    """Seconds since the beginning."""
    memory: dict[str, int]
    waiting: int
    oldest_seconds: float
    connections: int


@dataclass
class Scales:
    stage: Stage
    seconds: float
    """How long the run will be."""
    looks: list[Look] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._begun, self._cpu = time.monotonic(), cpu_seconds(self.stage)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self.looks.append(self._look())
        self.cpu = {name: seconds - self._cpu[name] for name, seconds in cpu_seconds(self.stage).items()}

    def _watch(self) -> None:
        while not self._over.wait(max(LEAST_PAUSE, self.seconds / LOOKS)):
            self.looks.append(self._look())

    def _look(self) -> Look:
        with psycopg.connect(self.stage.database_url) as line:
            waiting, oldest = line.execute(_WAITING).fetchone() or (0, 0)
            (connections,) = line.execute(_LINES).fetchone() or (0,)
        return Look(time.monotonic() - self._begun, memory(self.stage), waiting, float(oldest), connections)

    def memory_told(self) -> dict[str, str]:
        """Of each kind of process, all of them together."""
        first = self.looks[int(len(self.looks) * SETTLED)]
        steady = self.looks[int(len(self.looks) * SETTLED) :]
        return {kind: told(first.memory[kind], self.looks[-1].memory[kind], steady, kind) for kind in first.memory}

    def waiting_told(self, lines: int = 12) -> list[str]:
        """Evenly over the time: when, how many, and how long the oldest had waited."""
        step = max(1, len(self.looks) // lines)
        return [
            f"{look.at:.0f} s: {look.waiting}, {look.oldest_seconds:.1f} s" for look in self.looks[step - 1 :: step]
        ]


def told(first: int, last: int, steady: list[Look], kind: str) -> str:
    """How it changed in an hour is said only of a run that was long enough to tell."""
    memory = f"{first // MIB} to {last // MIB}"
    long = steady and steady[-1].at - steady[0].at >= LEAST_SECONDS_FOR_A_SLOPE
    return f"{memory}, {slope(steady, kind):+.0f} an hour" if long else memory


def slope(looks: list[Look], kind: str) -> float:
    """MiB an hour: the line through all looks with the least squares."""
    if len(looks) < 2:
        return 0.0
    hours, held = [look.at / 3600 for look in looks], [look.memory[kind] / MIB for look in looks]
    hour, mean = sum(hours) / len(hours), sum(held) / len(held)
    apart = sum((at - hour) ** 2 for at in hours)
    return sum((at - hour) * (mib - mean) for at, mib in zip(hours, held, strict=True)) / apart if apart else 0.0


def memory(stage: Stage) -> dict[str, int]:
    """Bytes. The readers are children of the worker."""
    found = {kind: stage.resident_bytes(name) for kind, name in KINDS.items()}
    readers = stage.resident_bytes(READERS)
    return {**found, "worker": found["worker"] - readers, "readers": readers}


def cpu_seconds(stage: Stage) -> dict[str, float]:
    found = {kind: stage.cpu_seconds(name) for kind, name in KINDS.items()}
    readers = stage.cpu_seconds(READERS)
    return {**found, "worker": found["worker"] - readers, "readers": readers}
