"""A small IMAP server on loopback that does right by itself, and wrong as it is told: what a good server cannot be brought to."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar, Self

_COMMAND = re.compile(rb"(\S+) (UID )?(\S+) ?(.*)")
_SINCE = re.compile(rb"UID (\d+):\*")
CAPABILITY = b"* CAPABILITY IMAP4rev1 IDLE\r\n"


class HangUp(Exception):  # noqa: N818 - what a conduct does, no error of ours
    """The line is cut here."""


@dataclass(frozen=True)
class Asked:
    """A command, and what a good server would answer, before the tagged line."""

    name: str
    tag: bytes
    arguments: bytes
    answer: bytes
    done: bytes
    """The tagged line."""

    @property
    def whole(self) -> bytes:
        return self.answer + self.done


Say = Callable[[bytes], None]
Conduct = Callable[[Asked, Say], None]
"""Answers a command in its own way. Raises HangUp to cut the line. "GREETING" is asked first."""


def good(asked: Asked, say: Say) -> None:
    say(asked.whole)


@dataclass
class ImapServer:
    """One folder; `mails` by UID."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 7
    uidnext: int | None = None
    """What it says; by itself one above its highest."""
    conduct: Conduct = good
    sessions: int = 0
    commands: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)
    _lines: set[socket.socket] = field(default_factory=set)

    def __enter__(self) -> Self:
        class Session(_Session):
            mailbox: ClassVar[ImapServer] = self

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with self.news:
            self.news.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def deliver(self, *mails: bytes) -> None:
        with self.news:
            for mail in mails:
                self.mails[max(self.mails, default=0) + 1] = mail
            self.news.notify_all()

    def behaves(self, conduct: Conduct) -> None:
        """From the next connection on, which has to be made now."""
        self.conduct = conduct
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def joined(self, line: socket.socket) -> None:
        self.sessions += 1
        self._lines.add(line)

    def left(self, line: socket.socket) -> None:
        self._lines.discard(line)


class _Session(socketserver.StreamRequestHandler):
    mailbox: ClassVar[ImapServer]

    def handle(self) -> None:
        self.mailbox.joined(self.connection)
        self.told = 0
        try:
            self._answer(b"*", "GREETING", b"", b"", b"* OK ready\r\n")
            while line := self.rfile.readline(100_000):
                match = _COMMAND.fullmatch(line.rstrip(b"\r\n"))
                if match is None:
                    return
                tag, _uid, name, arguments = match.groups()
                if name.upper() == b"IDLE":
                    self._idle(tag)
                else:
                    self._command(tag, name.decode().upper(), arguments)
        except (HangUp, OSError):
            return
        finally:
            self.mailbox.left(self.connection)

    def _command(self, tag: bytes, name: str, arguments: bytes) -> None:
        box = self.mailbox
        with box.news:
            held = sorted(box.mails.items())
        answer, done = b"", tag + b" OK done\r\n"
        match name:
            case "CAPABILITY":
                answer = CAPABILITY
            case "EXAMINE":
                self.told = len(held)
                uidnext = box.uidnext if box.uidnext is not None else max(box.mails, default=0) + 1
                answer = (
                    b"* %d EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY %d] x\r\n* OK [UIDNEXT %d] x\r\n"
                    % (len(held), box.uidvalidity, uidnext)
                )
                done = tag + b" OK [READ-ONLY] done\r\n"
            case "SEARCH":
                found = _SINCE.match(arguments)
                first = int(found[1]) if found else 1
                answer = b"* SEARCH%s\r\n" % b"".join(b" %d" % uid for uid, _mail in held if uid >= first)
            case "FETCH":
                answer = fetched(held, arguments)
            case "LOGOUT":
                answer = b"* BYE\r\n"
        self._answer(tag, name, arguments, answer, done)

    def _idle(self, tag: bytes) -> None:
        self._answer(tag, "IDLE", b"", b"", b"+ idling\r\n")
        self.connection.settimeout(0.02)
        while not self.mailbox.over.is_set():
            if len(self.mailbox.mails) != self.told:
                self.told = len(self.mailbox.mails)
                self._say(b"* %d EXISTS\r\n" % self.told)
            try:
                if not self.connection.recv(100):
                    return
                break
            except TimeoutError:
                continue
        self.connection.settimeout(None)
        self._answer(tag, "DONE", b"", b"", tag + b" OK done\r\n")

    def _answer(self, tag: bytes, name: str, arguments: bytes, answer: bytes, done: bytes) -> None:
        self.mailbox.commands.append(name)
        self.mailbox.conduct(Asked(name, tag, arguments, answer, done), self._say)

    def _say(self, words: bytes) -> None:
        self.wfile.write(words)


def fetched(held: list[tuple[int, bytes]], arguments: bytes) -> bytes:
    wanted, _, items = arguments.partition(b" ")
    uids = _numbers(wanted)
    lines = []
    for number, (uid, mail) in enumerate(held, 1):
        if uid not in uids:
            continue
        if b"BODY.PEEK" in items:
            given = mail[: int(items.rpartition(b"<0.")[2].split(b">")[0])] if b"<0." in items else mail
            lines.append(b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (number, uid, len(given), given))
        else:
            date = b"23-Nov-2026 09:00:00 +0100"
            lines.append(b'* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE "%s")\r\n' % (number, uid, len(mail), date))
    return b"".join(lines)


def _numbers(given: bytes) -> set[int]:
    found: set[int] = set()
    for run in given.split(b","):
        first, _, last = run.partition(b":")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def hang(_asked: Asked, _say: Say) -> None:
    """Says nothing for as long as anybody would wait in a test."""
    time.sleep(30)
    raise HangUp
