"""Customers' mails at so many a second, those of the bench: a quarter with 200 KiB attached."""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random

from bench.posting import write_mail
from bench.words import Writer
from tests.config.house import until
from tests.faults.mail_server import Letter, MailServer

LANES = 10
SETTLING_SECONDS = 120.0


def written(run: str) -> Iterator[Letter]:
    """Mails without end. `run` makes their Message-IDs those of one run, and draws who writes."""
    writer, chance = Writer(), Random(run)  # noqa: S311 - not a secret
    for number in count():
        mail = write_mail(f"{run}.{number}", writer, chance)
        yield Letter(mail.message_id, mail.sender, mail.raw)


@dataclass
class KeptLines(MailServer):
    """Keeps its connections open from mail to mail, as Postfix does under load."""

    lanes: int = LANES
    _kept: threading.local = field(default_factory=threading.local)
    _doors: list[smtplib.LMTP] = field(default_factory=list)

    def __exit__(self, *reason: object) -> None:
        super().__exit__(*reason)
        for door in self._doors:
            door.close()

    def _try(self, letter: Letter, *, cut: bool) -> tuple[int, bytes]:
        try:
            door = self._door()
            return self._talk(door, letter, cut=cut)
        except smtplib.SMTPResponseException as error:
            self._close()
            return max(0, error.smtp_code), str(error.smtp_error).encode()
        except (OSError, smtplib.SMTPException):
            self._close()
            return 0, b""

    def _door(self) -> smtplib.LMTP:
        found: smtplib.LMTP | None = getattr(self._kept, "door", None)
        if found is None:
            found = self._kept.door = smtplib.LMTP("127.0.0.1", self.port, timeout=45)
            self._doors.append(found)
        return found

    def _close(self) -> None:
        with suppress(AttributeError, OSError):
            self._kept.door.close()
            del self._kept.door


@dataclass
class Stream:
    """A mail server that is given mails at a steady rate, however quickly it gets rid of them."""

    server: MailServer
    mails: Iterator[Letter]
    rate: float
    given: int = 0
    late: float = 0.0
    """Seconds by which the last mail was given later than it should have been: then the driver, not the desk, is too slow."""
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        begun = time.monotonic()
        while not self._over.wait(max(0.0, begun + self.given / self.rate - time.monotonic())):
            self.server.hand_over([next(self.mails)])
            self.given += 1
            self.late = time.monotonic() - begun - self.given / self.rate

    def end(self) -> None:
        self._over.set()


@contextmanager
def streaming(server: MailServer, rate: float, mails: Iterator[Letter]) -> Iterator[Stream]:
    """Mails come as long as the body runs; at the end each of them has been taken or refused for good."""
    with server:
        stream = Stream(server, mails, rate)
        thread = threading.Thread(target=stream.run, daemon=True)
        if rate:
            thread.start()
        try:
            yield stream
        finally:
            stream.end()
        if rate:
            thread.join()
        until(
            lambda: len(server.acknowledged) + len(server.refused) == stream.given,
            seconds=SETTLING_SECONDS,
            what="every mail is taken",
        )
