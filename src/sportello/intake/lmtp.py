"""The LMTP and SMTP door: stores, then says 250. What cannot be stored gets a 451, so that the sending server keeps it and comes again.

The protocol is aiosmtpd's. Receiving the data is ours, for three reasons: one answer for each recipient (RFC 2033, 4.2), lines of any length (real
mails break the 998 of RFC 5322), and a bound on the memory that all connections fill together.
"""

# ruff: noqa: ARG002 - aiosmtpd gives its hooks more than each needs
from __future__ import annotations

import asyncio
import logging
import socket
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from sportello.core import clock
from sportello.intake.database import on_living_connection
from sportello.mail.actions import ring, store_inbound
from sportello.mail.enums import Door
from sportello.mail.models import Mailbox
from sportello.mail.queries import mailbox_for

T = TypeVar("T")
log = logging.getLogger(__name__)

STORED = "250 2.0.0 Stored"
SENDER_OK = "250 2.1.0 Sender OK"
RECIPIENT_OK = "250 2.1.5 Recipient OK"
UNKNOWN = "550 5.1.1 No such mailbox here"
TRY_LATER = "451 4.3.0 Not stored, try again later"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients"
TOO_BIG = "552 5.3.4 Message too big for this system"
TOO_BUSY = "421 4.3.2 Too many connections, try again later"

MAX_RECIPIENTS = 100
MAX_CONNECTIONS = 200
MAX_COMMAND = 4096
STORING_SECONDS = 25
"""Until a command has its answer, whatever the database does; senders wait for minutes (RFC 5321, 4.5.3.2). What is committed after a 451 is no
second mail: the same one comes again, and its row is there."""
FINISHING_SECONDS = 10
LAST_WORDS_SECONDS = 1.0
KNOWN_SECONDS = 1.0
MOST_KNOWN = 1000
RINGING_SECONDS = 0.03
"""Mails that come within so short a time are told of together."""
COMMAND_SECONDS = 300  # also for the whole of DATA (RFC 5321, 4.5.3.2)
SMALL_MAIL = 1024 * 1024
BIG_MAILS_AT_ONCE = 2  # each takes several times its size until it is stored; the next ones wait on the line
IDLE_SECONDS = 1.0
STALLED_SECONDS = 30.0
"""After such a silence, outside of a mail and inside of one, a connection gives way to a new one when there are too many."""
SLOWEST = 20_000
"""Bytes a second. Who is slower is as late as if nothing had come in the meantime: a byte now and then keeps no place."""
LATENESS_LOOK_SECONDS = 1.0
CHUNK = 64 * 1024
END = b".\r\n"


@dataclass(slots=True)
class Store:
    """The way from the event loop to the database: a few threads, each with a connection of its own."""

    max_bytes: int
    pool: ThreadPoolExecutor
    big_mails: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, BIG_MAILS_AT_ONCE))
    connections: set[SmtpDoor] = field(default_factory=set)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    _storing: int = 0
    _will_ring: bool = False
    _words: set[asyncio.Task[None]] = field(default_factory=set)
    _known: dict[str, tuple[Mailbox, float]] = field(default_factory=dict)

    async def mailbox(self, recipient: str) -> Mailbox | None:
        """An address that was known a moment ago is not asked for again: a flood asks for the same ones."""
        now = asyncio.get_running_loop().time()
        known, since = self._known.get(recipient, (None, 0.0))
        if known is not None and now - since < KNOWN_SECONDS:
            return known
        found = await self._in_thread(partial(mailbox_for, recipient), STORING_SECONDS)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        if found is not None:
            self._known[recipient] = found, now
        return found

    async def keep(
        self, raw: bytes, *, sender: str, recipient: str, mailbox: Mailbox, door: Door, seconds: float = STORING_SECONDS
    ) -> str:
        """The answer for one recipient: 250 once the bytes, the row and the job are committed, else 451 without a word of the reason."""
        storing = partial(
            store_inbound,
            raw=raw,
            mailbox=mailbox,
            door=door,
            envelope_from=sender,
            envelope_to=recipient,
            now=clock.now(),
        )
        try:
            await self._in_thread(storing, seconds)
        except Exception:
            log.exception("A mail for mailbox %s could not be stored; the sender was asked to come again.", mailbox.pk)
            return TRY_LATER
        self._ring()
        return STORED

    def _ring(self) -> None:
        """Soon. What is stored from the moment that the word is given on has a word of its own."""
        if not self._will_ring:
            self._will_ring = True
            word = asyncio.create_task(self._ring_soon())
            self._words.add(word)
            word.add_done_callback(self._words.discard)

    async def _ring_soon(self) -> None:
        await asyncio.sleep(RINGING_SECONDS)
        self._will_ring = False
        with suppress(Exception):  # mail is looked for also when nobody rings
            await self._in_thread(ring, STORING_SECONDS)

    async def _in_thread(self, work: Callable[[], T], seconds: float) -> T:
        """Raises TimeoutError; what a thread has begun by then goes on, and is bounded by itself."""
        in_pool = asyncio.get_running_loop().run_in_executor(self.pool, on_living_connection, work)
        return await asyncio.wait_for(in_pool, seconds)

    def has_room(self) -> bool:
        """Whether one more connection may come. When all are taken, the one that is the latest gives way."""
        if len(self.connections) < MAX_CONNECTIONS:
            return True
        late = max(
            (each for each in self.connections if each.may_give_way), key=lambda each: each.lateness, default=None
        )
        if late is not None:
            late.give_way()
        return late is not None

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Around a mail that is being stored and answered."""
        self._storing += 1
        self.idle.clear()
        try:
            yield
        finally:
            self._storing -= 1
            if not self._storing:
                self.idle.set()

    async def finish(self) -> None:
        """Let the mails that are being stored have their answer, for at most FINISHING_SECONDS; then hang up."""
        if self._storing:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.idle.wait(), FINISHING_SECONDS)
        for connection in list(self.connections):
            if connection.transport is not None:
                connection.transport.close()
        if self._words:
            _told, untold = await asyncio.wait(self._words, timeout=LAST_WORDS_SECONDS)
            for word in untold:
                word.cancel()
        self.pool.shutdown(wait=False, cancel_futures=True)


class Letter(Envelope):
    """An envelope that remembers whose mailbox each of its recipients is."""

    def __init__(self) -> None:
        super().__init__()
        self.mailboxes: list[Mailbox] = []
        self.unknown = 0
        """Recipients that are nobody's here."""


class Handler:
    """aiosmtpd's hooks; each returns the answer to the client."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_EHLO(  # noqa: N802 - the names are aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], f"250-SIZE {self.store.max_bytes}", "250-PIPELINING", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        size = next((option[5:] for option in options if option.startswith("SIZE=")), "0")
        if size.isdecimal() and int(size) > self.store.max_bytes:
            return TOO_BIG
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return SENDER_OK

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Letter, address: str, options: list[str]
    ) -> str:
        if max(len(envelope.rcpt_tos), envelope.unknown) >= MAX_RECIPIENTS:
            return TOO_MANY_RECIPIENTS
        mailbox = await self.store.mailbox(address)
        if mailbox is None:
            envelope.unknown += 1
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        envelope.mailboxes.append(mailbox)
        return RECIPIENT_OK

    async def handle_exception(self, error: Exception) -> str:
        log.error("An SMTP command failed; the sender was asked to come again.", exc_info=error)
        return TRY_LATER


class Data:
    """The mail after DATA, up to the lone dot between CRLFs; no other line ends count, so that no second mail can be smuggled in."""

    def __init__(self, reader: asyncio.StreamReader, max_bytes: int) -> None:
        self.is_whole = False
        self.is_too_big = False
        self._reader = reader
        self._max_bytes = max_bytes
        self._content = bytearray()

    async def read(self, limit: int) -> None:
        """Read on until the mail is whole or longer than `limit`. What is too big is read to its end and thrown away."""
        while not self.is_whole and (self.is_too_big or len(self._content) <= limit):
            piece = await self._piece()
            self._content += piece
            self.is_whole = self._content.endswith(b"\r\n" + END) or self._content == END
            self.is_too_big = self.is_too_big or len(self._content) > self._max_bytes + len(END)
            if self.is_too_big:
                del self._content[:-5]

    def take(self) -> bytes:
        """The mail, without the lone dot and the dots that were put before others (RFC 5321, 4.5.2). Empties this."""
        content, self._content = self._content, bytearray()
        del content[-len(END) :]
        if content.startswith(b"."):
            del content[:1]
        return bytes(content.replace(b"\r\n.", b"\r\n"))

    async def _piece(self) -> bytes:
        """Up to the next line that ends with a dot, or what the reader can hold of it."""
        try:
            return await self._reader.readuntil(END)
        except asyncio.LimitOverrunError as overrun:
            return await self._reader.readexactly(overrun.consumed)


class SmtpDoor(SMTP):
    """SMTP whose DATA is received by `Data` and answered once all recipients have their row."""

    door = Door.SMTP
    command_size_limit = MAX_COMMAND
    command_size_limits: dict[str, int] = defaultdict(lambda: MAX_COMMAND)  # noqa: RUF012 - aiosmtpd's own form
    line_length_limit = CHUNK
    event_handler: Handler

    @property
    def store(self) -> Store:
        return self.event_handler.store

    def _create_envelope(self) -> Letter:
        return Letter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.store.connections.add(self)
        self._heard_at = self._in_time_until = self.loop.time()
        self._is_storing = False
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self.loop.time()
        self._in_time_until = min(self._heard_at, self._in_time_until + len(data) / SLOWEST)
        super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        self.store.connections.discard(self)
        super().connection_lost(error)

    @property
    def silence(self) -> float:
        """Seconds since the client last said anything."""
        return self.loop.time() - self._heard_at

    @property
    def lateness(self) -> float:
        """Seconds since the last mail was answered, or the first word said, less what the bytes since then may take."""
        return self.loop.time() - self._in_time_until

    @property
    def may_give_way(self) -> bool:
        is_in_mail = self.envelope is None or self.envelope.mail_from is not None
        is_silent = self.silence >= (STALLED_SECONDS if is_in_mail else IDLE_SECONDS)
        return not self._is_storing and (is_silent or self.lateness >= STALLED_SECONDS)

    def give_way(self) -> None:
        self.store.connections.discard(self)
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(TOO_BUSY.encode("ascii") + b"\r\n")
            self.transport.close()

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - the name is aiosmtpd's
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
        elif not isinstance(self.envelope, Letter) or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Need RCPT first")
        else:
            try:
                await self._take_in(self.envelope)
            finally:
                self.envelope = self._create_envelope()

    async def _take_in(self, letter: Letter) -> None:
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        data = Data(self._reader, self.store.max_bytes)
        await data.read(SMALL_MAIL)
        if data.is_whole:
            await self._store_and_answer(letter, data)
            return
        async with self.store.big_mails:
            await self._read_rest(data)
            await self._store_and_answer(letter, data)

    async def _read_rest(self, data: Data) -> None:
        """There are few places for big mails: when all are taken, who is late loses it. The time of waiting for it is not the client's."""
        self._in_time_until = self.loop.time()
        while True:
            try:
                async with asyncio.timeout(LATENESS_LOOK_SECONDS):
                    return await data.read(self.store.max_bytes + CHUNK)
            except TimeoutError:
                if self.store.big_mails.locked() and self.lateness >= STALLED_SECONDS:
                    self.give_way()

    async def _store_and_answer(self, letter: Letter, data: Data) -> None:
        with self.store.storing(), self._storing():
            recipients = len(letter.rcpt_tos)
            answers = [TOO_BIG] * recipients if data.is_too_big else await self._stored(letter, data.take())
            await self.push("\r\n".join(self.combined(answers)))

    @contextmanager
    def _storing(self) -> Iterator[None]:
        self._is_storing = True
        try:
            yield
        finally:
            self._is_storing = False
            self._heard_at = self._in_time_until = self.loop.time()

    async def _stored(self, letter: Letter, raw: bytes) -> list[str]:
        """All together in STORING_SECONDS; for whom that was too short, the sender comes again."""
        sender = (letter.mail_from or "").removeprefix("<").removesuffix(">")
        keep = partial(self.store.keep, raw, sender=sender, door=self.door)
        elapsed = asyncio.get_running_loop().time
        end = elapsed() + STORING_SECONDS
        return [
            await keep(recipient=recipient, mailbox=mailbox, seconds=end - elapsed())
            for recipient, mailbox in zip(letter.rcpt_tos, letter.mailboxes, strict=True)
        ]

    def combined(self, answers: list[str]) -> list[str]:
        """SMTP has one answer for all: stored only when every recipient has its row. Those that have it already get no second one."""
        return [next((answer for answer in (TRY_LATER, STORED) if answer in answers), answers[0])]


class LmtpDoor(SmtpDoor, LMTP):
    """LMTP answers for each recipient, in their order (RFC 2033, 4.2)."""

    door = Door.LMTP

    def combined(self, answers: list[str]) -> list[str]:
        return answers


class Busy(asyncio.Protocol):
    """One connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(TOO_BUSY.encode("ascii") + b"\r\n")
            transport.close()


async def listen(protocol: type[SmtpDoor], store: Store, *, host: str, port: int) -> asyncio.Server:
    """A server that is listening. Raises OSError when the address is taken."""
    loop = asyncio.get_running_loop()
    hostname = socket.gethostname()

    def connected() -> asyncio.Protocol:
        if not store.has_room():
            return Busy()
        return protocol(
            Handler(store),
            data_size_limit=None,
            enable_SMTPUTF8=True,
            hostname=hostname,
            ident="Sportello",
            timeout=COMMAND_SECONDS,
            loop=loop,
        )

    return await loop.create_server(connected, host, port, backlog=MAX_CONNECTIONS)
