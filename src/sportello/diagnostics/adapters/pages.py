"""Fetching a page as a visitor would: from the address that was checked, redirect by redirect, and no more of it than is needed."""

from __future__ import annotations

import codecs
import http.client
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import SplitResult, urljoin, urlsplit

from sportello.core import clock
from sportello.diagnostics.adapters.certificates import unbelieving
from sportello.diagnostics.adapters.names import LEADS_NOWHERE, Found
from sportello.diagnostics.adapters.vantage import MOST_BYTES, Deadline, Stopwatch, Vantage
from sportello.diagnostics.adapters.wire import Reading, Refusal, connect
from sportello.diagnostics.enums import Probe, Role, Sign
from sportello.diagnostics.rules import HEAD_BYTES, Page, Seen, title_of
from sportello.diagnostics.rules import sign_of as sign_of_page

MOST_REDIRECTS = 5
MOST_COOKIES = 10
_PIECE = 1 << 14
_PORTS = {"http": 80, "https": 443}
_CHARSETS = re.compile(r"utf-|ascii|iso8859-|cp12\d\d|koi8-|gb|big5|shift_jis|euc_|iso2022_jp|mac-")
_WEB_PORTS = (None, 80, 443, 8080, 8443)
_AGENT = "Mozilla/5.0 (compatible; Sportello; a look at a site that its owner reported)"

FoundAt = Callable[[str], Found | None]
"""The checked addresses of one of the service's own names, or why there are none; None for every other name."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `body` is empty where it sends on."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: str
    head: str
    is_whole: bool
    is_in_time: bool
    """Nothing of it was still to come when the time was over."""


class _End(Enum):
    """How the reading of a page came to its end."""

    REACHED = "reached"
    TOO_LATE = "too late"
    BROKEN_OFF = "broken off"


@dataclass(slots=True)
class _Walk:
    """Where a chain of redirects has led so far."""

    visited: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    is_strict: bool = False
    """A site of it has told browsers to come by https only, with a good certificate."""

    def is_round(self, url: str) -> bool:
        """Whether it stands where it stood, with the same cookies."""
        place = urlsplit(url)._replace(query="", fragment="").geturl(), tuple(sorted(self.cookies.get(_host(url), {})))
        seen = place in self.visited
        self.visited.add(place)
        return seen

    def keep(self, url: str, cookies: tuple[str, ...]) -> None:
        kept = self.cookies.setdefault(_host(url), {})
        for cookie in cookies[:MOST_COOKIES]:
            name, equals, value = cookie.partition(";")[0].partition("=")
            if equals and len(kept) < MOST_COOKIES:
                kept[name.strip()[:200]] = value.strip()[:1000]


def fetch(
    vantage: Vantage,
    url: str,
    deadline: Deadline,
    *,
    name: str,
    found_at: FoundAt,
    seconds: float,
    role: Role = Role.OWN,
    expected: str = "",
) -> Seen:
    """What a visitor of this address sees in the end. `seconds` is what was meant to be waited, for the record."""
    watch, walk = Stopwatch(), _Walk()
    found = found_at(_host(url))
    params: dict[str, str | int] = {}
    try:
        sign, answer = _go(vantage, url, deadline, walk, found_at, watch, expected)
    except TimeoutError:
        sign, answer, params = Sign.PAGE_HANGING, None, {"seconds": round(seconds)}
    except (OSError, http.client.HTTPException, Refusal, ValueError) as error:
        sign, answer, params = Sign.PAGE_CUT_OFF, None, {"error": str(error)[:200]}
    if answer is not None:
        params = {"status": answer.status, "title": title_of(answer.body)[:200], "bytes": len(answer.body)}
    if sign == Sign.PAGE_TEXT_GONE:
        params["expected"] = expected
    if walk.is_strict:
        params["hsts"] = 1
    head = "\n\n".join([*walk.steps, answer.head if answer else ""])[-HEAD_BYTES:]
    return Seen(
        Probe.PAGE,
        url,
        sign,
        clock.now(),
        name,
        role,
        found.addresses[0] if found and found.addresses else "",
        watch.milliseconds,
        head,
        params,
    )


def _go(
    vantage: Vantage, url: str, deadline: Deadline, walk: _Walk, found_at: FoundAt, watch: Stopwatch, expected: str
) -> tuple[Sign, Answer | None]:
    for _step in range(MOST_REDIRECTS + 1):
        if walk.is_round(url):
            return Sign.PAGE_LOOP, None
        found = found_at(_host(url))
        if found is None or not _is_web(url, vantage):
            return (Sign.PAGE_SUSPENDED if _tells_of_suspension(url) else Sign.PAGE_ELSEWHERE), None
        if not found.addresses:
            return (Sign.PAGE_NOWHERE if found.sign in LEADS_NOWHERE else found.sign), None
        answer = _ask(vantage, url, found.addresses[0], deadline, walk.cookies.get(_host(url), {}))
        walk.is_strict = walk.is_strict or "strict-transport-security" in answer.headers
        onwards = answer.headers.get("location", "") if 300 <= answer.status < 400 else ""
        if not onwards:
            page = Page(
                answer.status, answer.body, watch.milliseconds, answer.headers, answer.is_whole, answer.is_in_time
            )
            return sign_of_page(page, expected=expected), answer
        walk.keep(url, answer.cookies)
        walk.steps.append(f"{url}\n{answer.head[:600]}")
        url = urljoin(url, onwards)
    return Sign.PAGE_MANY_REDIRECTS, None


def _ask(vantage: Vantage, url: str, address: str, deadline: Deadline, cookies: Mapping[str, str]) -> Answer:
    """Raises TimeoutError, OSError, HTTPException, Refusal."""
    parts = urlsplit(url)
    link = connect(vantage, address, parts.port or _PORTS[parts.scheme], deadline.left)
    try:
        if parts.scheme == "https":
            link.settimeout(deadline.left)
            link = _shielded(link, parts.hostname or "")
        link.settimeout(deadline.left)
        link.sendall(_request(parts, cookies))
        reading = Reading(link, deadline, MOST_BYTES)
        return _read(reading)
    finally:
        link.close()


def _shielded(link: socket.socket, name: str) -> ssl.SSLSocket:
    return unbelieving().wrap_socket(link, server_hostname=name)


def _read(reading: Reading) -> Answer:
    response = http.client.HTTPResponse(reading, method="GET")  # type: ignore[arg-type] # asks only makefile of its socket
    response.begin()
    body, end = _body(response)
    headers = {name.lower(): value for name, value in response.headers.items()}
    cookies = tuple(response.headers.get_all("Set-Cookie") or ())
    charset = response.headers.get_content_charset("utf-8")
    return Answer(
        status=response.status,
        headers=headers,
        cookies=cookies,
        body=_decoded(body, charset),
        head=reading.head,
        is_whole=end == _End.REACHED and reading.has_room,
        is_in_time=end != _End.TOO_LATE,
    )


def _body(response: http.client.HTTPResponse) -> tuple[bytes, _End]:
    """As much as came in time: a page that has begun is slow, not dead."""
    pieces = []
    try:
        while piece := response.read1(_PIECE):
            pieces.append(piece)
    except TimeoutError:
        return b"".join(pieces), _End.TOO_LATE
    except (http.client.HTTPException, OSError):
        return b"".join(pieces), _End.BROKEN_OFF
    return b"".join(pieces), _End.REACHED


def _decoded(body: bytes, charset: str) -> str:
    """In the character set that the answer names, if pages are written in it: others of Python's fail, or take for ever."""
    try:
        known = codecs.lookup(charset).name
    except (LookupError, ValueError):
        known = "utf-8"
    return body.decode(known if _CHARSETS.match(known) else "utf-8", "replace").replace("\x00", "")


def _request(parts: SplitResult, cookies: Mapping[str, str]) -> bytes:
    """Without compression: what is read is what was sent, and no more of it than that."""
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    host = parts.hostname or ""
    if parts.port and parts.port != _PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    lines = [
        f"GET {target} HTTP/1.1",
        f"Host: {host}",
        f"User-Agent: {_AGENT}",
        "Accept: text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Language: it,en;q=0.8",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    whole = "\r\n".join([*lines, "", ""])
    if any(char in line for line in lines for char in "\r\n\x00"):
        raise ValueError("a header of two lines")
    return whole.encode("utf-8", "replace")


def _is_web(url: str, vantage: Vantage) -> bool:
    parts = urlsplit(url)
    usual = parts.port in _WEB_PORTS or parts.port in vantage.ports.values()
    return parts.scheme in _PORTS and parts.username is None and usual


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def _tells_of_suspension(url: str) -> bool:
    lowered = url.lower()
    return "suspended" in lowered or "sospeso" in lowered
