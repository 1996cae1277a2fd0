"""imaplib's client with a limit to what a server may say: so many bytes and so much time for one answer.

imaplib makes room for whatever length a literal announces, keeps every line that nobody asked for, and waits for ever as long as a byte comes now
and then.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from imap_tools import BaseMailBox

from sportello.core import reach

TIMEOUT = 30.0
"""Without a byte for so long the line counts as dead."""
ANSWER_SECONDS = 60.0
SLOWEST_BYTES_A_SECOND = 20_000
TALK_BYTES = 4 * 1024 * 1024
"""What an answer may hold besides the contents of mails."""
STARTTLS_PORT = 143


class Bounded(imaplib.IMAP4):
    """Raises imaplib's `error` for an answer that is too long or takes too long."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._has_hung_up = False
        self._left = 0
        with self.answering():
            super().__init__(*arguments, **named)

    @contextmanager
    def answering(self, content: int = 0) -> Iterator[None]:
        """Around one command; `content` is how many bytes of mails its answer is to bring. Then the line is cut."""
        self._left = content + TALK_BYTES
        seconds = ANSWER_SECONDS + content / SLOWEST_BYTES_A_SECOND
        timer = threading.Timer(seconds, self._hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, self.abort) as error:
            if self._has_hung_up:
                raise self.error(f"no whole answer within {seconds:.0f} s") from error
            raise
        finally:
            timer.cancel()

    def _create_socket(self, timeout: float | None) -> socket.socket:
        """imaplib connects to whatever a name leads to; this to an address that was checked."""
        return reach.connection(self.host, self.port, timeout=timeout or TIMEOUT, allowed=settings.IMAP_NETWORKS)

    def read(self, size: int) -> bytes:
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.error("the server says more than it was asked for")

    def _hang_up(self) -> None:
        self._has_hung_up = True
        with suppress(OSError, AttributeError):  # not even connected
            self.sock.shutdown(socket.SHUT_RDWR)


class BoundedTls(Bounded, imaplib.IMAP4_SSL):
    """The same from the first byte under TLS."""

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        context: ssl.SSLContext = self.ssl_context
        return context.wrap_socket(super()._create_socket(timeout), server_hostname=self.host)


class Box(BaseMailBox):
    """imap-tools around a bounded client. Certificates must be valid; `tls` on port 143 is STARTTLS."""

    client: Bounded

    def __init__(self, host: str, port: int, *, tls: bool) -> None:
        self._where = host, port
        self._tls = ssl.create_default_context() if tls else None
        super().__init__()

    def _get_mailbox_client(self) -> Bounded:
        host, port = self._where
        if self._tls is not None and port != STARTTLS_PORT:
            return BoundedTls(host, port, timeout=TIMEOUT, ssl_context=self._tls)
        client = Bounded(host, port, timeout=TIMEOUT)
        if self._tls is not None:
            with client.answering():
                client.starttls(self._tls)
        return client
