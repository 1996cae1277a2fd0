"""A server that nobody has a reason to call: every call is a wall that was broken."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Canary:
    port: int = 0
    hits: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def canary() -> Iterator[Canary]:
    found = Canary()

    class Caller(socketserver.StreamRequestHandler):
        timeout = 2

        def handle(self) -> None:
            try:
                said = self.rfile.readline(500).decode("latin-1").strip()
            except OSError:
                said = ""
            found.hits.append(said or "a connection")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Caller) as server:
        server.daemon_threads = True
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
