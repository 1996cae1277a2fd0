"""The doors of a mail server: whether it greets, and whether it offers encryption. Nothing is ever sent through them."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from sportello.core import clock
from sportello.diagnostics.adapters.certificates import unbelieving
from sportello.diagnostics.adapters.vantage import Deadline, Stopwatch, Vantage
from sportello.diagnostics.adapters.wire import Reading, Refusal, connect, sign_of
from sportello.diagnostics.enums import Probe, Role, Sign
from sportello.diagnostics.rules import HEAD_BYTES, Seen

SMTP, SUBMISSION, SUBMISSIONS, IMAPS = 25, 587, 465, 993
SECURED = frozenset((SUBMISSIONS, IMAPS))
_GREETING = "EHLO look.invalid\r\n"
_MOST = 16 * 1024
_SIGNS = {
    Sign.PORT_REFUSED: Sign.MAIL_REFUSED,
    Sign.PORT_SILENT: Sign.MAIL_SILENT,
    Sign.PORT_NO_ROUTE: Sign.MAIL_NO_ROUTE,
}


def look_at_door(
    vantage: Vantage, host: str, address: str, port: int, deadline: Deadline, *, name: str, connect_seconds: float
) -> Seen:
    """`name` is the domain whose mail it is, `host` the server that takes it."""
    watch = Stopwatch()
    try:
        link = connect(vantage, address, port, min(connect_seconds, deadline.left))
    except (OSError, Refusal) as error:
        sign, head = _SIGNS[sign_of(error)], str(error)
    else:
        sign, head = _talk(link, host, port, deadline)
    return Seen(
        Probe.MAIL,
        f"{host}:{port}",
        sign,
        clock.now(),
        name,
        Role.OWN,
        address,
        watch.milliseconds,
        head,
        {"port": port},
    )


def _talk(link: socket.socket, host: str, port: int, deadline: Deadline) -> tuple[Sign, str]:
    said: list[str] = []
    try:
        link.settimeout(deadline.left)
        if port in SECURED:
            link = unbelieving().wrap_socket(link, server_hostname=host)
        sign = _greeted(link, port, deadline, said)
    except TimeoutError:
        sign = Sign.MAIL_BUSY
    except (OSError, ValueError) as error:
        said.append(str(error))
        sign = Sign.MAIL_CUT_OFF
    finally:
        link.close()
    return sign, "\n".join(said)[:HEAD_BYTES]


def _greeted(link: socket.socket, port: int, deadline: Deadline, said: list[str]) -> Sign:
    lines = _lines(link, deadline)
    banner = next(lines, "")
    said.append(banner)
    if port == IMAPS:
        return Sign.MAIL_GOOD if banner.startswith(("* OK", "* PREAUTH")) else Sign.MAIL_CUT_OFF
    while banner[3:4] == "-":
        banner = next(lines, "")
        said.append(banner)
    if not banner.startswith("220"):
        return _SAID.get(banner[:1], Sign.MAIL_CUT_OFF)
    link.sendall(_GREETING.encode())
    offers = list(_reply(lines))
    said.extend(offers)
    link.sendall(b"QUIT\r\n")
    if port in SECURED or any(offer[4:].upper().startswith("STARTTLS") for offer in offers):
        return Sign.MAIL_GOOD
    return Sign.MAIL_NO_STARTTLS


_SAID = {"4": Sign.MAIL_BUSY, "5": Sign.MAIL_TURNED_AWAY}
"""A server that turns us away by our address does not turn away the customers."""


def _lines(link: socket.socket, deadline: Deadline) -> Iterator[str]:
    with Reading(link, deadline, _MOST).makefile("rb") as stream:
        while line := stream.readline(1024):
            yield line.decode("utf-8", "replace").rstrip("\r\n")


def _reply(lines: Iterator[str]) -> Iterator[str]:
    """The lines of one answer: all but the last have a dash after the number."""
    for line in lines:
        yield line
        if line[3:4] != "-":
            return
