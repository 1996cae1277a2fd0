"""One folder of an IMAP server, opened so that nothing in it can be changed (EXAMINE, BODY.PEEK): no flag is set, no mail is moved or deleted.

Mails are known by UID within a UIDVALIDITY (RFC 3501, 2.3.1.1). What a mail says is not looked at here: bytes go in, bytes come out.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import select
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from sportello.core import reach
from sportello.mail.adapters.imap_client import Box
from sportello.mail.enums import ImapTrouble

LONGEST_WORDS = 300
"""Of a server, in the log."""
SEARCH_BYTES = 32 * 1024 * 1024
"""The numbers of three million mails."""
SEARCHES_AT_ONCE = 5
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]{20,40})"')


class ImapError(Exception):
    """The server said no, or what cannot be understood. Its words are the exception's text, for the log."""

    def __init__(self, words: str, trouble: ImapTrouble = ImapTrouble.REFUSED) -> None:
        super().__init__(words[:LONGEST_WORDS])
        self.trouble = trouble


class ImapCutError(ImapError):
    """The line was cut."""

    def __init__(self, words: str) -> None:
        super().__init__(words, ImapTrouble.CUT)


def trouble_of(error: Exception) -> ImapTrouble:
    """What went wrong, without a word of the server's."""
    if isinstance(error, ImapError):
        return error.trouble
    if isinstance(error, ssl.SSLCertVerificationError):
        return ImapTrouble.CERTIFICATE
    return ImapTrouble.NO_ANSWER if isinstance(error, OSError) else ImapTrouble.REFUSED


@dataclass(frozen=True, slots=True)
class Place:
    """Which folder on which server. `tls` on port 143 is STARTTLS; certificates must be valid."""

    host: str
    port: int
    tls: bool
    username: str
    folder: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as the server describes it: bytes, and when it arrived there."""

    uid: int
    size: int
    arrived_at: datetime | None


class Folder(Protocol):
    """What the fetcher needs of a mail server. Every method may raise ImapError or OSError: the connection is then of no more use."""

    uidvalidity: int
    uidnext: int | None
    """Above every UID that there is, as far as the server says."""
    can_idle: bool

    def open_again(self) -> None: ...
    def uids(self, *, after: int, since: date) -> list[int]: ...
    def listed(self, uids: Sequence[int]) -> list[Listed]: ...
    def contents(self, uids: Sequence[int], *, size: int) -> dict[int, bytes]: ...
    def beginning(self, uid: int, size: int) -> bytes: ...
    def wait(self, seconds: float, stop: threading.Event) -> None: ...


@contextlib.contextmanager
def opened(place: Place, password: str) -> Iterator[OpenFolder]:
    """The folder, until the end of the block. Raises ImapError or OSError."""
    with _translated(ImapTrouble.NO_ANSWER):
        box = Box(place.host, place.port, tls=place.tls)
    try:
        with _translated(ImapTrouble.SIGN_IN), box.client.answering():
            login = box.login if (place.username + password).isascii() else box.login_utf8
            login(place.username, password, initial_folder=None)
        yield OpenFolder(box, place.folder)
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            box.client.shutdown()


class OpenFolder:
    """A folder of a real server."""

    def __init__(self, box: Box, name: str) -> None:
        self._box = box
        self._client = box.client
        self._name = name
        self.open_again()
        self.can_idle = "IDLE" in self._client.capabilities

    def open_again(self) -> None:
        """What was opened may have been renamed or deleted since, and another stand in its place: a server goes on showing the old one."""
        with _translated(ImapTrouble.FOLDER), self._client.answering():
            self._box.folder.set(self._name, readonly=True)
        uidvalidity = self._number("UIDVALIDITY")
        if uidvalidity is None:
            raise ImapError("the server gives no UIDVALIDITY")
        self.uidvalidity: int = uidvalidity
        self.uidnext = self._number("UIDNEXT")

    def uids(self, *, after: int, since: date) -> list[int]:
        """The mails above `after` that arrived on `since` or later, in order.

        Asked again when the server announced a mail while it answered: IDLE would not announce that one a second time.
        """
        criteria = f"UID {after + 1}:* SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        words: list[bytes] = []
        with _translated():
            for _ in range(SEARCHES_AT_ONCE):
                self._client.response("EXISTS")
                lines = self._command("SEARCH", criteria, content=SEARCH_BYTES)
                words = b" ".join(line for line in lines if isinstance(line, bytes)).split()
                if self._client.response("EXISTS")[1] == [None]:
                    break
            # "5:*" means at least the last mail, whatever its number (RFC 3501, 6.4.8).
            return sorted({uid for uid in map(int, words) if uid > after})

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        """What was asked for, each once: a server may at any time tell of other mails, too (RFC 3501, 7)."""
        with _translated():
            lines = self._command("FETCH", _set(uids), "(UID RFC822.SIZE INTERNALDATE)")
        found = {one.uid: one for line in lines if isinstance(line, bytes) and (one := _listed(line)) is not None}
        return [found[uid] for uid in sorted(set(uids)) if uid in found]

    def contents(self, uids: Sequence[int], *, size: int) -> dict[int, bytes]:
        """The mails by UID, together `size` bytes or about. One that was deleted meanwhile is missing."""
        with _translated():
            return _bodies(self._command("FETCH", _set(uids), "(UID BODY.PEEK[])", content=2 * size))

    def beginning(self, uid: int, size: int) -> bytes:
        """The first `size` bytes of a mail."""
        with _translated():
            return _bodies(self._command("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{size}>)", content=size)).get(uid, b"")

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Until the server has something to say, the time is over, or `stop`. Without IDLE (RFC 2177) it is only the time."""
        if not self.can_idle:
            stop.wait(seconds)
            return
        with _translated():
            idle: Any = self._box.idle  # imap-tools gives its methods no types
            with self._client.answering():
                idle.start()
            end = time.monotonic() + seconds
            while not stop.is_set() and time.monotonic() < end and not self._has_news(1.0):
                pass
            with self._client.answering():
                idle.stop()

    def _has_news(self, seconds: float) -> bool:
        """Whether anything came: into Python's buffer or the TLS layer, where a poll of the socket does not see it, or within `seconds`."""
        timeout = self._client.sock.gettimeout()
        self._client.sock.settimeout(0)
        try:
            buffered: Any = self._client.file
            if buffered.peek(1):
                return True
        except (ssl.SSLWantReadError, BlockingIOError):
            pass
        finally:
            self._client.sock.settimeout(timeout)
        poller = select.poll()
        poller.register(self._client.sock, select.POLLIN)
        return bool(poller.poll(seconds * 1000))

    def _number(self, name: str) -> int | None:
        """What the server said of the folder when it was opened."""
        value = self._client.response(name)[1][-1]
        return int(value) if isinstance(value, bytes) and value.isdigit() else None

    def _command(self, name: str, *arguments: str, content: int = 0) -> list[bytes | tuple[bytes, bytes] | None]:
        with self._client.answering(content):
            status, data = self._client.uid(name, *arguments)
        if status != "OK":
            raise ImapError(f"{name}: {data}")
        return list(data)


@contextlib.contextmanager
def _translated(trouble: ImapTrouble = ImapTrouble.REFUSED) -> Iterator[None]:
    """imaplib and imap-tools have many exceptions for one thing. A line cut by the network may also end in ValueError and the like."""
    try:
        yield
    except (OSError, ImapError):
        raise
    except reach.NotAllowed as error:
        raise ImapError(str(error), ImapTrouble.NOT_ALLOWED) from error
    except reach.Unreachable as error:
        raise ImapError(str(error), ImapTrouble.NO_ANSWER) from error
    except imaplib.IMAP4.abort as error:
        if trouble is ImapTrouble.NO_ANSWER:
            raise ImapError(str(error), trouble) from error
        raise ImapCutError(str(error)) from error
    except Exception as error:
        raise ImapError(str(error), trouble) from error


def _set(uids: Sequence[int]) -> str:
    """`3,5:9`: short, since servers limit the length of a line."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(f"{first}:{last}" if last > first else str(first) for first, last in runs)


def _listed(line: bytes) -> Listed | None:
    """None for a line that describes no mail, such as a change of flags."""
    uid, size = _UID.search(line), _SIZE.search(line)
    return Listed(int(uid.group(1)), int(size.group(1)), _arrived_at(line)) if uid and size else None


def _arrived_at(line: bytes) -> datetime | None:
    match = _DATE.search(line)
    try:
        return (
            datetime.strptime(match.group(1).decode().strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC)
            if match
            else None
        )
    except ValueError:
        return None


def _bodies(data: Sequence[bytes | tuple[bytes, bytes] | None]) -> dict[int, bytes]:
    """Each literal with its UID, which servers write before it or after it."""
    found: dict[int, bytes] = {}
    for index, item in enumerate(data):
        if not isinstance(item, tuple):
            continue
        following = data[index + 1] if index + 1 < len(data) else None
        uid = _UID.search(item[0]) or (_UID.search(following) if isinstance(following, bytes) else None)
        if uid:
            found[int(uid.group(1))] = item[1]
    return found
