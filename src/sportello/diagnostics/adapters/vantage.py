"""From where we look, what we may reach, and how long we wait."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from django.conf import settings

from sportello.core.reach import Network, may_be_reached

TOTAL_SECONDS = 9.5
PATIENT_SECONDS = 45.0
PATIENT_PAGE_SECONDS = 30.0
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Vantage:
    """`resolvers` are addresses with ports, none for the machine's own; `ports` stand for the usual ones in a laboratory."""

    resolvers: tuple[tuple[str, int], ...] = ()
    networks: tuple[Network, ...] = ()
    forbidden: tuple[Network, ...] = ()
    ports: Mapping[int, int] = field(default_factory=dict)
    proxies: tuple[Network, ...] = ()
    authority: str = ""
    canary: str = ""

    def may_reach(self, address: str) -> bool:
        return may_be_reached(ip_address(address), self.networks, self.forbidden)

    def port(self, usual: int) -> int:
        return self.ports.get(usual, usual)


def configured() -> Vantage:
    """As the provider has set it."""
    return Vantage(
        resolvers=settings.PROBE_RESOLVERS,
        networks=settings.PROBE_NETWORKS,
        forbidden=settings.PROBE_FORBIDDEN,
        ports=settings.PROBE_PORTS,
        proxies=settings.PROBE_PROXIES,
        authority=settings.PROBE_AUTHORITY,
        canary=settings.PROBE_CANARY,
    )


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for each step, and for all of them together."""

    total: float = TOTAL_SECONDS
    question: float = 1.5
    connect: float = 2.5
    page: float = 5.0
    mail: float = 4.0
    neighbours: float = 2.5


PATIENT = Patience(total=PATIENT_SECONDS, page=PATIENT_PAGE_SECONDS)


class Deadline:
    """An instant of the machine's own clock. Each wait lasts until then at most, and never less than a moment."""

    def __init__(self, seconds: float, *, before: Deadline | None = None) -> None:
        left = seconds if before is None else min(seconds, before.left)
        self._at = time.monotonic() + max(left, 0.0)

    @property
    def left(self) -> float:
        return max(self._at - time.monotonic(), 0.01)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._at


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def milliseconds(self) -> int:
        return int((time.monotonic() - self._began) * 1000)
