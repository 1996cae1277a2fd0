"""What people waited for, and what was not answered as it should be; told apart by the phase of a run."""

from __future__ import annotations

import http.client
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

Answer = tuple[int, dict[str, str], bytes]
GOOD = {http.client.OK, http.client.NO_CONTENT, http.client.FOUND}
BROKEN_LINE = 0


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {"count": 0}
    found = {f"p{part}": ordered[min(len(ordered) - 1, len(ordered) * part // 100)] for part in (50, 95, 99)}
    return {
        "count": len(ordered),
        **{name: round(value * 1000) for name, value in (*found.items(), ("max", ordered[-1]))},
    }


@dataclass
class Waits:
    phase: str = ""
    seconds: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """By phase and kind of page."""
    failed: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def timed(self, kind: str, ask: Callable[[], Answer], *, path: str, also: int = http.client.OK) -> Answer:
        """`also` is an answer that is no failure here. Of what has failed the address is said at once."""
        phase, begun = self.phase, time.monotonic()
        try:
            answer = ask()
        except (OSError, http.client.HTTPException) as error:
            answer = BROKEN_LINE, {}, str(error).encode()
        with self._lock:
            self.seconds[phase][kind].append(time.monotonic() - begun)
        if answer[0] not in {*GOOD, also}:
            self.fail(f"{kind}: {answer[0] or answer[2].decode()}")
            print(f"{datetime.now(UTC):%H:%M:%S} {phase}: {path}: {answer[0]}", file=sys.stderr, flush=True)
        return answer

    def fail(self, what: str) -> None:
        with self._lock:
            self.failed[f"{self.phase}: {what}" if self.phase else what] += 1

    def of_phase(self, phase: str) -> list[float]:
        return [value for found in list(self.seconds[phase].values()) for value in found]
