"""What a sender needs to hand its mails over, and nothing else."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator


class Receiver(socketserver.StreamRequestHandler):
    """Takes everything, and keeps nothing."""

    def handle(self) -> None:
        self.say("220 bench")
        while line := self.rfile.readline():
            match line.split(b" ", 1)[0].strip().upper():
                case b"DATA":
                    self.say("354 go on")
                    self.keep(self._lines())
                    self.say("250 kept")
                case b"QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def keep(self, lines: Iterator[bytes]) -> None:
        """Reads one mail to its end."""
        for _line in lines:
            pass

    def _lines(self) -> Iterator[bytes]:
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            yield line

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Door(socketserver.ThreadingTCPServer):
    daemon_threads = True
