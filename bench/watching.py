"""How long a mail takes from its 250 until its row stands in the lists of open browsers."""

from __future__ import annotations

import json
import select
import smtplib
import socket
import statistics
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from random import Random

import psycopg

from bench.cast import LET_IN, PASSWORD, SHOP, VISITING, address_of
from bench.stage import Stage
from bench.visiting import Visitor
from bench.words import SEED

SIGN_IN = "/account/login/"
LIST = "/desk/now?queue=presales&open=2"
"""A list in which a new row stands within what is shown."""
BROWSERS = (1, 50)
MAILS = 15
PAUSE_SECONDS = 1.0
LIMIT_SECONDS = 30.0
LEAST_PAUSE, MORE_PAUSE = 0.12, 0.18
"""Seconds that a page waits after a notice, as in sportello.js."""
STALE = frozenset({"queue", "again"})


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds from the 250 to the row, over all mails and browsers; `missing` were not seen within LIMIT_SECONDS."""

    browsers: int
    mails: int
    p50: float
    p95: float
    missing: int


def watch(stage: Stage) -> list[Seen]:
    """Mails one by one, a second apart, with few and with many browsers on the queue page."""
    with psycopg.connect(stage.database_url, autocommit=True) as line:
        line.execute(MAILBOX, [SHOP])
    stage.python("-c", LET_IN, PASSWORD, *VISITING[1:])
    people = [_signed_in(stage, email) for email in VISITING]
    return [_watched(stage, people, count) for count in BROWSERS]


MAILBOX = """
    INSERT INTO mail_mailbox (address, aliases, purpose, display_name, signature_it, signature_en, authserv_id,
                              accepts_without_result, is_active, position)
    VALUES (%s, '{}', 'presales', 'Bench', '', '', '', false, true, 1) ON CONFLICT DO NOTHING
"""


def _signed_in(stage: Stage, email: str) -> Mapping[str, str]:
    visitor = Visitor(stage.host)
    visitor.sign_in(SIGN_IN, email, PASSWORD)
    return visitor.cookies


def _watched(stage: Stage, people: Sequence[Mapping[str, str]], count: int) -> Seen:
    with _open_browsers(stage, people, count) as browsers:
        accepted = dict(_posted(stage.lmtp_port, f"{count}.{time.time():.0f}"))
        limit = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < limit and any(accepted.keys() - browser.seen.keys() for browser in browsers):
            time.sleep(0.05)
    taken = [
        (browser.seen[mark] - at) * 1000
        for browser in browsers
        for mark, at in accepted.items()
        if mark in browser.seen
    ]
    missing = count * len(accepted) - len(taken)
    if not taken:
        raise RuntimeError("no browser has seen any mail")
    taken.sort()
    return Seen(count, len(accepted), statistics.median(taken), taken[int(len(taken) * 0.95)], missing)


@contextmanager
def _open_browsers(stage: Stage, people: Sequence[Mapping[str, str]], count: int) -> Iterator[list[Browser]]:
    """Each has its stream and has looked at the list once before the body begins."""
    browsers = [Browser(stage, people[place % len(people)], place) for place in range(count)]
    with ExitStack() as stack:
        for browser in browsers:
            browser.start()
            stack.callback(browser.leave)
        for browser in browsers:
            if not browser.is_open.wait(LIMIT_SECONDS):
                raise RuntimeError("a browser has no stream of events")
        yield browsers


def _posted(port: int, run: str) -> Iterator[tuple[str, float]]:
    """A mark that stands in the subject of each mail, and when it was accepted."""
    with smtplib.LMTP("127.0.0.1", port) as door:
        for number in range(MAILS):
            mark = f"seen-{run}-{number}-"
            refused = door.sendmail(address_of(number + 1), [SHOP], _mail(mark, number))
            if refused:
                raise RuntimeError(f"refused: {refused}")
            yield mark, time.perf_counter()
            time.sleep(PAUSE_SECONDS)


def _mail(mark: str, number: int) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = address_of(number + 1), SHOP, f"{mark} prezzi"
    mail["Message-ID"] = f"<{mark}@cliente.example>"
    mail.set_content("Buongiorno, quanto costa?\n")
    return mail.as_bytes()


class Browser(threading.Thread):
    """The queue page without the pixels: hears, waits a moment as sportello.js does, asks for its list again."""

    def __init__(self, stage: Stage, cookies: Mapping[str, str], place: int) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, float] = {}
        self.is_open = threading.Event()
        self._visitor = Visitor(stage.host, dict(cookies))
        self._live = stage.environment["SPORTELLO_LIVE_PORT"]
        self._chance = Random(SEED + place)  # noqa: S311 - the same pauses every time
        self._left = threading.Event()
        self._rest = b""

    def leave(self) -> None:
        self._left.set()
        self.join(LIMIT_SECONDS)

    def run(self) -> None:
        with socket.create_connection(("localhost", int(self._live)), timeout=LIMIT_SECONDS) as line:
            cookies = "; ".join(f"{name}={value}" for name, value in self._visitor.cookies.items())
            line.sendall(f"GET /live/ HTTP/1.1\r\nHost: localhost:{self._live}\r\nCookie: {cookies}\r\n\r\n".encode())
            self._visitor.page(LIST)
            while not self._left.is_set():
                if self._is_told(line, 0.2):
                    time.sleep(LEAST_PAUSE + self._chance.random() * MORE_PAUSE)
                    self._is_told(line, 0)  # the same look answers what came meanwhile
                    self._look()

    def _look(self) -> None:
        page, now = self._visitor.page(LIST), time.perf_counter()
        for word in page.split("seen-")[1:]:
            mark = f"seen-{word.split(' ', 1)[0]}"
            self.seen.setdefault(mark, now)

    def _is_told(self, line: socket.socket, seconds: float) -> bool:
        """Whether the list is said to be stale, in what comes within so long."""
        told = False
        while select.select([line], [], [], 0 if told else seconds)[0]:
            came = line.recv(65536)
            if not came:
                raise RuntimeError("the stream of events has ended")
            *whole, self._rest = (self._rest + came).split(b"\n")
            topics = {json.loads(one[5:])["topic"] for one in whole if one.startswith(b"data:")}
            if topics:
                self.is_open.set()
            told = told or bool(topics & STALE)
        return told
