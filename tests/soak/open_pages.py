"""Pages of the desk that stay open: each hears the live stream, and asks for its parts again as sportello.js does."""

from __future__ import annotations

import json
import re
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from html.parser import HTMLParser

from bench.visiting import Visitor
from tests.soak.people import TICKET, Person
from tests.soak.waits import Waits

LEAST_PAUSE, MORE_PAUSE = 0.12, 0.18
"""Seconds from a notice to the look, as in sportello.js."""
LOOK_SECONDS = 0.5
STREAM_SECONDS = 60.0
_ID = re.compile(r"[0-9a-f-]{36}")
AGAIN_SECONDS = 1.0
VOID = {"input", "br", "img", "hr", "meta", "link", "source", "wbr", "col", "area", "embed", "track"}


class OpenPage(Person):
    """Every other one is the queue; the others are tickets, whose figures live, too."""

    def __init__(
        self, visitor: Visitor, enter: Callable[[Visitor], None], waits: Waits, place: int, *, live: tuple[str, int]
    ) -> None:
        super().__init__(visitor, enter, waits, place)
        self._live = live
        self._is_queue = place % 2 == 0
        self._rest = b""
        self._due: dict[str, float] = {}
        self._parts: dict[str, set[str]] = {}

    def arrive(self) -> None:
        super().arrive()
        self._parts = self._opened()

    def stay(self) -> None:
        while not self.over.is_set():
            with self._stream() as line, suppress(ConnectionError):
                self._follow(line)
            if not self.over.wait(AGAIN_SECONDS):
                self.waits.fail("a stream of events has ended")

    def _opened(self) -> dict[str, set[str]]:
        page = self.page("queue", "/desk/")
        if self._is_queue:
            return live_parts(page)
        tickets = TICKET.findall(page)
        return live_parts(self.page("ticket", f"/desk/tickets/{self.chance.choice(tickets)}/")) if tickets else {}

    def _stream(self) -> socket.socket:
        line = socket.create_connection(self._live, timeout=STREAM_SECONDS)
        cookies = "; ".join(f"{name}={value}" for name, value in self.visitor.cookies.items())
        line.sendall(f"GET /live/ HTTP/1.1\r\nHost: {self.visitor.host}\r\nCookie: {cookies}\r\n\r\n".encode())
        self._rest = b""
        return line

    def _follow(self, line: socket.socket) -> None:
        since = time.monotonic()
        while not self.over.is_set():
            for topics in self._told(line, self._until_next()):
                for path, wanted in self._parts.items():
                    if "again" in topics or topics & wanted:
                        self._due.setdefault(path, since + LEAST_PAUSE + self.chance.random() * MORE_PAUSE)
            since = time.monotonic()
            for path in [path for path, at in self._due.items() if at <= since]:
                del self._due[path]
                self.page(f"live {kind_of(path)}", path)

    def _until_next(self) -> float:
        return max(0.0, min([LOOK_SECONDS, *(at - time.monotonic() for at in self._due.values())]))

    def _told(self, line: socket.socket, seconds: float) -> list[set[str]]:
        """The topics of each notice that came within so long. Raises ConnectionError when the stream has ended."""
        if not select.select([line], [], [], seconds)[0]:
            return []
        came = line.recv(1 << 20)
        if not came:
            raise ConnectionResetError
        *whole, self._rest = (self._rest + came).split(b"\n")
        return [_topics(json.loads(one[5:])) for one in whole if one.startswith(b"data:")]


def kind_of(path: str) -> str:
    """The last word of an address that is no id, and not "now", with which those of parts end."""
    words = path.split("?", maxsplit=1)[0].split("/")
    return [word for word in words if word not in {"", "now"} and not _ID.fullmatch(word)][-1]


def _topics(notice: dict[str, str]) -> set[str]:
    """As sportello.js matches them with what a part wants."""
    topic, about = notice["topic"], notice.get("ticket") or notice.get("outbound")
    return {topic, f"{topic}:{about}"} if about else {topic}


def live_parts(page: str) -> dict[str, set[str]]:
    """The addresses of a page's live parts, and the topics after which each is asked for again."""
    reader = _Parts()
    reader.feed(page)
    return reader.found


class _Parts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, set[str]] = {}
        self._around: list[tuple[str, str]] = []
        """The tags that are open, and what each, or what is around it, is fetched from."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        address = values.get("hx-get") or (self._around[-1][1] if self._around else "")
        if address and values.get("data-live"):
            self.found.setdefault(address, set()).update(str(values["data-live"]).split())
        if tag not in VOID:
            self._around.append((tag, address))

    def handle_endtag(self, tag: str) -> None:
        """Also ends what was left open in it, as a paragraph may be."""
        for place in range(len(self._around) - 1, -1, -1):
            if self._around[place][0] == tag:
                del self._around[place:]
                return
