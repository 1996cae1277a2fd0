"""A TCP line between two programs that a test can cut, stretch and freeze."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

SILENCE = 0.1


def _never(_words: bytes) -> bool:
    return False


@dataclass
class Line:
    """Listens on a free port and passes everything on to `target`: a port of this machine, or the path of a socket."""

    target: int | str
    cut_after: int | None = None
    """How many bytes of the far end's each new connection may carry before it is cut."""
    frozen: threading.Event = field(default_factory=threading.Event)
    """Set, everything is held back; cleared, it arrives."""
    deaf: threading.Event = field(default_factory=threading.Event)
    """Set, what is sent is lost for good and nobody is told, as behind a router that forgot the connection."""
    delay: float = 0.0
    """Seconds by which each piece is late."""
    cuts_before: Callable[[bytes], bool] = _never
    """Asked for what the far end says: with True the line is cut, and nobody hears it."""
    connections: int = 0
    _open: set[socket.socket] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()

    @contextlib.contextmanager
    def led_nowhere(self) -> Iterator[None]:
        """Connections are cut, and nobody is there for new ones."""
        target, self.target = self.target, "/nonexistent"
        self.cut()
        yield
        self.target = target

    def cut(self) -> None:
        """Hang up on everybody, in the middle of a word."""
        for end in list(self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def forget(self) -> None:
        """New connections are heard again; those that were deaf stay so."""
        self.deaf, deaf = threading.Event(), self.deaf
        assert deaf.is_set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = self._reach()
            except OSError:  # nobody there
                near.close()
                continue
            self.connections += 1
            self._open |= {near, far}
            threading.Thread(target=self._carry, args=(near, far, None, _never), daemon=True).start()
            threading.Thread(
                target=self._carry, args=(far, near, self.cut_after, self.cuts_before), daemon=True
            ).start()

    def _reach(self) -> socket.socket:
        if isinstance(self.target, int):
            return socket.create_connection(("127.0.0.1", self.target))
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self.target)
        except OSError:
            far.close()
            raise
        return far

    def _carry(
        self, source: socket.socket, sink: socket.socket, limit: int | None, cuts_before: Callable[[bytes], bool]
    ) -> None:
        left, deaf = limit, self.deaf
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                time.sleep(self.delay)
                while self.frozen.is_set():
                    time.sleep(SILENCE)
                if deaf.is_set():
                    continue
                if cuts_before(piece):
                    break
                sink.sendall(piece if left is None else piece[:left])
                if left is not None:
                    left -= len(piece)
                    if left <= 0:
                        break
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._open.discard(end)
