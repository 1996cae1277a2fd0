"""How much memory and processor time each process of an installation takes, looked at often, so that also those that die are counted.

The database's shared cache is nobody's: the kernel counts for each of the server's processes what it has touched of it, up to the whole.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sportello.config import processes
from tests.faults.installation import Installation

LOOK_SECONDS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1024 * 1024


@dataclass
class Consumption:
    desk: Installation
    memory: dict[str, int] = field(default_factory=dict)
    """The most bytes that each process held in memory for itself, by its number and name."""
    seconds: dict[str, float] = field(default_factory=dict)
    """The processor time that each one took since we look."""
    _begun: dict[str, float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._look()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        for pid in [*self.desk.house.pids(), *self.desk.children()]:
            found = _spent(pid)
            if found is not None:
                name = _name(pid)
                begun = self._begun.setdefault(name, found[1])
                self.memory[name] = max(found[0], self.memory.get(name, 0))
                self.seconds[name] = found[1] - begun


def _name(pid: int) -> str:
    words = processes.command_line(pid)
    return f"{pid} {' '.join(words[2:4] or words)[:20]}"


def _spent(pid: int) -> tuple[int, float] | None:
    """The peak of memory in bytes, without what is shared by all, and seconds of processor time; None when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    figures = {name: words for name, _, words in (line.partition(":") for line in status.splitlines())}
    if "VmHWM" not in figures:
        return None
    peak, shared = (int(figures[name].split()[0]) * 1024 for name in ("VmHWM", "RssShmem"))
    return peak - shared, (int(after_name[11]) + int(after_name[12])) / _TICKS
