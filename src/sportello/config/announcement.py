"""What `sportello up` prints when the first page can be had: where, who, and how to send a first mail."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterable

from sportello.config import addresses, census, variables

PATIENCE_SECONDS = 20.0
"""After so long without a mail door the pages are announced all the same."""
_WILDCARDS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


class Announcement:
    """Printed once, as soon as the pages and the mail door answer."""

    def __init__(self, *, begun: float, database_url: str, demo: bool) -> None:
        """`begun` is the monotonic time at which the command was given."""
        self._begun = begun
        self._database_url = database_url
        self._demo = demo
        self._made = False

    def make_once(self) -> None:
        waited = time.monotonic() - self._begun
        if self._made or not web_answers() or not (door_answers() or waited > PATIENCE_SECONDS):
            return
        self._made = True
        print("\n".join(self._lines(census.take(self._database_url), waited)), flush=True)

    def _lines(self, found: census.Census, waited: float) -> Iterable[str]:
        yield ""
        yield f"  Sportello is ready after {waited:.1f} s:  {addresses.public_url()}/"
        yield from self._logins(found)
        yield from _first_mail(found.mailbox)
        yield "  What is wrong:     .venv/bin/sportello doctor"
        yield "  Stop:              Ctrl-C"
        yield ""

    def _logins(self, found: census.Census) -> Iterable[str]:
        if not found.staff:
            yield "  A first login:     .venv/bin/sportello user create you@example.com --name 'Your Name' --role admin"
        elif self._demo:
            password = addresses.demo_file().read_text(encoding="utf-8")
            for email, role in found.staff:
                yield f"  Sign in as:        {email}  {password}  ({role})"


def _first_mail(mailbox: str) -> Iterable[str]:
    if not mailbox:
        return
    host, port = _reachable(variables.LMTP_HOST.read()), variables.SMTP_IN_PORT.read()
    yield "  A first mail:      .venv/bin/sportello mail send-test"
    if port:
        envelope = "anna@example.com"
        yield f"    or with swaks:   swaks --server {host}:{port} --from {envelope} --to {mailbox}"
        yield f"    or with curl:    curl smtp://{host}:{port} --mail-from {envelope} --mail-rcpt {mailbox} --upload-file mail.eml"


def web_answers() -> bool:
    """Whether the web process answers at all; what it says about health is the doctor's matter."""
    connection = http.client.HTTPConnection(_reachable(variables.WEB_HOST.read()), variables.WEB_PORT.read(), timeout=2)
    try:
        connection.request("GET", "/health", headers={"Host": addresses.public_url().split("//", 1)[1]})
        return connection.getresponse().status in {200, 503}
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def door_answers() -> bool:
    """Whether something listens for mail."""
    try:
        socket.create_connection(
            (_reachable(variables.LMTP_HOST.read()), variables.LMTP_PORT.read()), timeout=1
        ).close()
    except OSError:
        return False
    return True


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in _WILDCARDS else host
