"""A signed-in browser without the pixels: keep-alive, gzip, cookies; and what a first visit weighs on the wire."""

from __future__ import annotations

import gzip
import http.client
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from bench.pages import Page

PAGE = "text/html,application/xhtml+xml"


@dataclass
class Visitor:
    """One browser. `host` is host:port; `name` what it is called there, where that is another."""

    host: str
    cookies: dict[str, str] = field(default_factory=dict)
    name: str = ""
    _line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by lower-case name, body as it came over the wire."""
        headers = {"Accept": PAGE, "Accept-Encoding": "gzip", "Referer": f"http://{self.name or self.host}/"}
        if self.name:
            headers["Host"] = self.name
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer, content = self._once_more_if_closed(method, path, body, headers)
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, content

    def _once_more_if_closed(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """As browsers do: a server may close a kept connection at any moment."""
        line = self._line = self._line or http.client.HTTPConnection(self.host, timeout=120)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
        except http.client.RemoteDisconnected:
            line.close()
            line.request(method, path, body, headers)
            answer = line.getresponse()
        return answer, answer.read()

    def close(self) -> None:
        if self._line:
            self._line.close()

    def page(self, path: str) -> str:
        """The text of a page; raises when it is not there."""
        status, headers, content = self.ask("GET", path)
        if status != http.client.OK:
            raise RuntimeError(f"{path}: {status} {headers.get('location', '')}")
        return (gzip.decompress(content) if headers.get("content-encoding") == "gzip" else content).decode()

    def sign_in(self, path: str, email: str, password: str) -> None:
        form = _Form()
        form.feed(self.page(path))
        status, headers, _ = self.ask("POST", path, {**form.hidden, "login": email, "password": password})
        if status != http.client.FOUND:
            raise RuntimeError(f"not signed in: {status} {headers}")

    def enter(self, path: str) -> None:
        """Follow a sign-in link of the customers' area: open it, then press its button."""
        form = _Form()
        form.feed(self.page(path))
        status, headers, _ = self.ask("POST", path, form.hidden)
        if status != http.client.FOUND:
            raise RuntimeError(f"not signed in: {status} {headers}")


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.hidden[str(values["name"])] = values.get("value") or ""


class _Parts(HTMLParser):
    """What a browser fetches at once with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"script", "img"}:
            self.found.append(values.get("src") or "")
        if tag == "link" and any(word in (values.get("rel") or "") for word in ("stylesheet", "icon", "preload")):
            self.found.append(values.get("href") or "")


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes on the wire and requests of a first visit, and bytes of the page alone, which is what later visits cost."""

    first_bytes: int
    requests: int
    later_bytes: int


def weigh(visitor: Visitor, path: str) -> Weight:
    _, headers, content = visitor.ask("GET", path)
    text = (gzip.decompress(content) if headers.get("content-encoding") == "gzip" else content).decode()
    parts = _Parts()
    parts.feed(text)
    own = {urljoin(path, part) for part in parts.found if part and not urlsplit(part).netloc}
    sizes = [len(visitor.ask("GET", part)[2]) for part in sorted(own)]
    return Weight(len(content) + sum(sizes), 1 + len(sizes), len(content))


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds a view: median and 95th percentile; and how many views there were."""

    p50: float
    p95: float
    views: int


def time_views(visitors: Sequence[Visitor], page: Page, views: int) -> Timing:
    """Every visitor asks for its share of `views`, all at the same time, its addresses in turn."""
    share = views // len(visitors)

    def one(place: int) -> list[float]:
        taken, paths = [], page.of(place)
        for turn in range(share):
            begun = time.perf_counter()
            visitors[place].page(paths[(place * share + turn) % len(paths)])
            taken.append((time.perf_counter() - begun) * 1000)
        return taken

    with ThreadPoolExecutor(len(visitors)) as pool:
        all_taken = [value for taken in pool.map(one, range(len(visitors))) for value in taken]
    ordered = sorted(all_taken)
    return Timing(statistics.median(ordered), ordered[int(len(ordered) * 0.95)], len(ordered))
