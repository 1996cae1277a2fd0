"""Handing one mail to the provider's mail server, over one connection.

Nothing is raised for what a server or a network does: every end of the talk is an Answer, which `rules.outcome` judges.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from sportello.mail import headers
from sportello.mail.rules import KEPT, UNCERTAIN, Answer, Phase

LONGEST_TALK = 600.0  # seconds for the whole talk, whatever a slow server does between two time-outs


@dataclass(frozen=True, slots=True)
class Parcel:
    """One mail for one recipient. `utf8` when an address or a header is not ASCII (RFC 6531)."""

    envelope_from: str
    to: str
    content: bytes
    utf8: bool = False


class Transport(Protocol):
    """Whoever takes our mail."""

    def send(self, parcel: Parcel) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """The demonstration: nothing leaves the machine, the mail is read on the outbox page."""

    def send(self, parcel: Parcel) -> Answer:  # noqa: ARG002 - the mail is in its row already
        return Answer(Phase.DATA, 250, KEPT)


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. `security` is "none", "starttls" or "tls"; the last two demand a certificate that `context` trusts."""

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    hello: str = "localhost"
    context: ssl.SSLContext | None = None

    def send(self, parcel: Parcel) -> Answer:
        talk = _Talk(self)
        watch = threading.Timer(LONGEST_TALK, talk.hang_up)
        watch.daemon = True
        watch.start()
        try:
            return talk.deliver(parcel)
        except smtplib.SMTPResponseException as error:
            return talk.answer(error.smtp_code, error.smtp_error)
        except (OSError, ValueError, smtplib.SMTPException) as error:
            doubt = UNCERTAIN if talk.phase is Phase.DATA else ""
            return Answer(talk.phase, 0, f"{doubt}{_why(error)}")
        finally:
            talk.leave()
            watch.cancel()


class _Talk:
    """One connection, remembering how far it came."""

    def __init__(self, server: Smtp) -> None:
        self.server = server
        self.phase = Phase.CONNECT
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, parcel: Parcel) -> Answer:
        smtp = self._smtp = self._connect()
        self._greet(smtp)
        if parcel.utf8 and not smtp.has_extn("smtputf8"):
            return Answer(
                Phase.RECIPIENT, 553, "5.6.7 the mail server cannot carry addresses with letters outside ASCII"
            )
        for code, words in self._steps(smtp, parcel):
            if not 200 <= code < 300:
                return self.answer(code, words)
        self.phase = Phase.DATA
        return self.answer(*smtp.data(parcel.content))

    def answer(self, code: int, words: bytes | str) -> Answer:
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return Answer(self.phase, code if 200 <= code < 600 else 0, headers.clean(text, 480))

    def leave(self) -> None:
        """Say QUIT, but do not wait long for its answer: what counts is known already."""
        if self._smtp is None or self._smtp.sock is None:
            return
        try:
            self._smtp.sock.settimeout(2)
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self.hang_up()

    def hang_up(self) -> None:
        """Cut the connection, from whichever thread."""
        connection = self._smtp.sock if self._smtp else None
        if connection is None:
            return
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.security == "tls":
            return smtplib.SMTP_SSL(
                server.host, server.port, server.hello, timeout=server.timeout, context=self._context()
            )
        return smtplib.SMTP(server.host, server.port, server.hello, timeout=server.timeout)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        self.phase = Phase.HELLO
        smtp.ehlo_or_helo_if_needed()
        if self.server.security == "starttls":
            self.phase = Phase.TLS
            smtp.starttls(context=self._context())
            smtp.ehlo_or_helo_if_needed()
        if self.server.user:
            self.phase = Phase.AUTH
            smtp.login(self.server.user, self.server.password)

    def _steps(self, smtp: smtplib.SMTP, parcel: Parcel) -> Iterator[tuple[int, bytes]]:
        """MAIL FROM and RCPT TO, one answer each."""
        options = [f"SIZE={len(parcel.content)}"] if smtp.has_extn("size") else []
        if parcel.utf8:
            options.append("SMTPUTF8")
        self.phase = Phase.SENDER
        yield smtp.mail(parcel.envelope_from, options)
        self.phase = Phase.RECIPIENT
        yield smtp.rcpt(parcel.to)

    def _context(self) -> ssl.SSLContext:
        return self.server.context or ssl.create_default_context()


def _why(error: Exception) -> str:
    """What the network or the library says, in one line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return headers.clean(f"the mail server's certificate is not trusted: {error.verify_message}", 440)
    words = getattr(error, "strerror", None) or str(error)
    return headers.clean(str(words) or type(error).__name__, 440)
