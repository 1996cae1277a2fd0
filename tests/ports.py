"""Ports for servers that a test starts."""

from __future__ import annotations

import socket
from contextlib import suppress
from random import SystemRandom

_LOWEST, _HIGHEST = 10_000, 32_000
"""Below those that the kernel gives to outgoing lines: nothing else takes one by chance before its server has it."""


def free_ports(count: int) -> list[int]:
    """Nobody listens there; all different."""
    found = dict[int, None]()
    while len(found) < count:
        port = SystemRandom().randrange(_LOWEST, _HIGHEST)
        with suppress(OSError), socket.create_server(("", port)):
            found[port] = None
    return list(found)


def free_port() -> int:
    return free_ports(1)[0]
