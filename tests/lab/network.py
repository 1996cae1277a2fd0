"""A machine of our own for the lab: a network namespace with a loopback, so that ports 25, 53, 80 and 443 are free, and no way out."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.cluster.network import ip
from tests.config.house import until

INSIDE = "SPORTELLO_TEST_LAB"
RESOLVER = "127.0.1.53"
ZONES = "127.0.1.54"
"""The name server that has the zones."""
OURS = "127.0.1.0/24"
"""Where the provider's machines are. What is at 127.0.2.* stands in front of them, what is at 127.0.3.* is somebody else's."""
PROXIES = "127.0.2.0/24"
PROXY = "127.0.2.10"
ELSEWHERE = "127.0.3.10"
DEFAULT_PAGE = "127.0.1.80"
"""A web server of ours that has no site yet."""


@contextmanager
def machine(mark: str) -> Iterator[str]:
    """Its name, for `ip netns exec`. Whatever was started on it ends with it."""
    ip("netns", "add", mark)
    try:
        ip("-n", mark, "link", "set", "lo", "up")
        for address in (RESOLVER, ZONES):  # BIND listens only where an interface says so
            ip("-n", mark, "addr", "add", f"{address}/32", "dev", "lo")
        # Rules may now stand before the one for local addresses: see `drop`.
        ip("-n", mark, "rule", "add", "pref", "100", "lookup", "local")
        ip("-n", mark, "rule", "del", "pref", "0")
        yield mark
    finally:
        until(lambda: not _end(mark), seconds=20, what="every server of the lab has ended")
        ip("netns", "del", mark)


def _end(mark: str) -> list[str]:
    found = ip("netns", "pids", mark).split()
    for pid in found:
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    return found


def drop(address: str) -> None:
    """From inside: what that address would answer goes nowhere, as behind a firewall that drops packets."""
    ip("rule", "add", "pref", "10", "from", address, "blackhole")


def let_through(address: str) -> None:
    ip("rule", "del", "pref", "10", "from", address, "blackhole")
