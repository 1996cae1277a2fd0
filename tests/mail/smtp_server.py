"""A real mail server on loopback that answers as it is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.ports import free_port


@dataclass(frozen=True, slots=True)
class Received:
    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool


@dataclass(slots=True)
class Conduct:
    """What the server does. `data` holds one answer a mail, the last for all that follow; "hang" waits, "cut" ends the line before answering."""

    sender: str = "250 OK"
    recipient: str = "250 OK"
    data: list[str] = field(default_factory=lambda: ["250 kept"])
    got: list[Received] = field(default_factory=list)
    tries: int = 0

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        conduct = self.data[min(self.tries, len(self.data) - 1)]
        self.tries += 1
        if conduct == "hang":
            await asyncio.sleep(30)
        if conduct in {"cut", "keep and cut"}:
            if conduct == "keep and cut":
                self._keep(server, envelope)
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 gone"
        if conduct.startswith("250"):
            self._keep(server, envelope)
        return conduct

    def _keep(self, server: SMTP, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        encrypted = server.transport.get_extra_info("ssl_object") is not None if server.transport else False
        self.got.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), content, encrypted))


def _let_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"desk", b"secret")
    return AuthResult(success=good, handled=False)


@contextmanager
def serving(conduct: Conduct, **options: Any) -> Iterator[tuple[str, int]]:
    """The server's host and port while it runs. `tls` is a context for implicit TLS; other options are aiosmtpd's."""
    tls: ssl.SSLContext | None = options.pop("tls", None)
    if options.pop("with_login", False):
        options |= {"authenticator": _let_in, "auth_required": True, "auth_require_tls": False}
    controller = Controller(conduct, hostname="127.0.0.1", port=0, ssl_context=tls, **options)
    controller.port = free_port()
    controller.start()
    try:
        yield "127.0.0.1", controller.port
    finally:
        controller.stop()
