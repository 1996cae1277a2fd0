"""Connections to checked addresses that end in time, whatever the other side does."""

from __future__ import annotations

import errno
import io
import socket
import ssl
from typing import Any

from sportello.core import clock
from sportello.diagnostics.adapters.vantage import Deadline, Stopwatch, Vantage
from sportello.diagnostics.enums import Probe, Role, Sign
from sportello.diagnostics.rules import HEAD_BYTES, Seen

_NO_ROUTE = frozenset(
    (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EPERM, errno.EACCES, errno.ENETDOWN, errno.EAFNOSUPPORT)
)


class Refusal(Exception):  # noqa: N818 - names what is wrong
    """The address may not be reached."""


def connect(vantage: Vantage, address: str, port: int, seconds: float) -> socket.socket:
    """To the usual port, or the one that stands for it. Raises Refusal, OSError."""
    if not vantage.may_reach(address):
        raise Refusal(address)
    return socket.create_connection((address, vantage.port(port)), max(seconds, 0.01))


def knock(vantage: Vantage, name: str, address: str, port: int, seconds: float, *, role: Role = Role.OWN) -> Seen:
    """Whether somebody answers at a port."""
    watch = Stopwatch()
    try:
        connect(vantage, address, port, seconds).close()
        sign = Sign.PORT_OPEN
    except (OSError, Refusal) as error:
        sign = sign_of(error)
    shown = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return Seen(Probe.TCP, shown, sign, clock.now(), name, role, address, watch.milliseconds, params={"port": port})


def sign_of(error: Exception) -> Sign:
    if isinstance(error, Refusal) or (isinstance(error, OSError) and error.errno in _NO_ROUTE):
        return Sign.PORT_NO_ROUTE
    if isinstance(error, ConnectionError):
        return Sign.PORT_REFUSED
    return Sign.PORT_SILENT


class Reading(io.RawIOBase):
    """What comes from a socket, until the deadline and so many bytes; the first of them are kept as they came."""

    def __init__(self, link: socket.socket, deadline: Deadline, most: int) -> None:
        self._link = link
        self._deadline = deadline
        self._left = most
        self._kept = bytearray()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises TimeoutError when the time is over."""
        if self._deadline.is_over:
            raise TimeoutError("the answer did not end")
        view = memoryview(buffer)[: max(self._left, 0)]
        if not len(view):
            return 0
        self._link.settimeout(self._deadline.left)
        try:
            got = self._link.recv_into(view)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return 0
        self._left -= got
        if len(self._kept) < HEAD_BYTES:
            self._kept += view[: min(got, HEAD_BYTES - len(self._kept))]
        return got

    @property
    def has_room(self) -> bool:
        return self._left > 0

    @property
    def head(self) -> str:
        return bytes(self._kept).decode("utf-8", "replace")

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks of a socket."""
        return io.BufferedReader(self, 8192)
