"""Mail and pages that keep coming while things break, and what became of each."""

from __future__ import annotations

import http.client
import re
import smtplib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from typing import Self
from urllib.parse import urlencode

from tests.cluster.hosts import NAME
from tests.cluster.network import ADDRESSES
from tests.faults.installation import AGENT, PASSWORD
from tests.faults.mail_server import Letter, MailServer

LMTP_PORT = 8024
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class TwoDoors(MailServer):
    """A mail server that knows both doors and takes the other one when the first does not take a mail, as Postfix does with two next hops."""

    hosts: tuple[str, ...] = ("node1", "node2")

    def __post_init__(self) -> None:
        self._turns = cycle(self.hosts)

    def _try(self, letter: Letter, *, cut: bool) -> tuple[int, bytes]:
        with self._lock:
            host = next(self._turns)
        return at_door(host, letter, self.recipient)


def at_door(host: str, letter: Letter, recipient: str) -> tuple[int, bytes]:
    """One talk; its last answer, 0 when there was none."""
    try:
        with smtplib.LMTP(ADDRESSES[host], LMTP_PORT, timeout=45) as door:
            door.sendmail(letter.sender, [recipient], letter.raw)
    except smtplib.SMTPRecipientsRefused as error:
        return next(iter(error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        return max(0, error.smtp_code), str(error.smtp_error).encode()
    except (OSError, smtplib.SMTPException):
        return 0, b""
    return 250, b""


@dataclass
class Browser:
    """An agent who never stops: a page of the desk, then a message to the server, again and again, through the front server."""

    statuses: Counter[int] = field(default_factory=Counter)
    """0 for a line that broke. A refusal (too many reports) is an answer; 5xx is none."""
    failed_at: list[float] = field(default_factory=list)
    came_at: list[float] = field(default_factory=list)
    _cookies: dict[str, str] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def ask(
        self, method: str, path: str, body: str = "", kind: str = "application/x-www-form-urlencoded"
    ) -> tuple[int, str]:
        line = http.client.HTTPConnection(ADDRESSES["front"], 80, timeout=30)
        headers = {"Host": NAME, "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body:
            headers |= {"Content-Type": kind, "Referer": f"http://{NAME}{path}", "Origin": f"http://{NAME}"}
        try:
            line.request(method, path, body or None, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._cookies.update([tuple(value.partition(";")[0].split("=", 1))])  # type: ignore[list-item]  # two parts
        return answer.status, text

    def forget(self, cookie: str) -> None:
        self._cookies.pop(cookie, None)

    def sign_in(self) -> None:
        _status, page = self.ask("GET", "/account/login/")
        token = _TOKEN.search(page)
        assert token, page[:500]
        form = {"login": AGENT, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        status, page = self.ask("POST", "/account/login/", urlencode(form))
        assert status == 302, (status, page[:2000])
        assert self.ask("GET", "/desk/")[0] == 200

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._browse, name="browser", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)

    def _browse(self) -> None:
        report = '{"csp-report": {"violated-directive": "img-src", "document-uri": "about"}}'
        steps = cycle([("GET", "/desk/", ""), ("POST", "/csp-report", report)])
        while not self._over.wait(0.05):
            status, _page = self.ask(*next(steps), kind="application/csp-report")
            self.statuses[status] += 1
            (self.came_at if 0 < status < 500 else self.failed_at).append(time.monotonic())

    @property
    def failed(self) -> int:
        return len(self.failed_at)
