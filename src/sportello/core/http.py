"""The one client for requests to the outside: it looks a name up once, refuses addresses that are not allowed, connects
to the very address it checked, follows no redirect, and reads no more than it was told to.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import io
import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from sportello.core.reach import Network, NotAllowed, Resolver, Unreachable, checked_address, look_up

PORTS = {"http": 80, "https": 443}
LONGEST_ANSWER = 64 * 1024
SIGNATURE = "X-Sportello-Signature"
PATIENCE = 5  # times the seconds of each step, for an answer to come to its end, head and all
_PIECE = 1 << 16
_COMMON = {"User-Agent": "Sportello", "Connection": "close"}


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` holds at most what was asked for; `retry_after` in seconds, where the other side says when to come again."""

    status: int
    body: bytes
    retry_after: float | None = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def post_json(
    url: str,
    payload: Mapping[str, Any],
    *,
    secret: str = "",
    timeout: float = 10.0,
    allowed: Iterable[Network] = (),
    resolve: Resolver | None = None,
) -> Answer:
    """Posts the payload as JSON, within `timeout` seconds for each step.

    With a secret, the header X-Sportello-Signature holds `sha256=` and the HMAC of the body, in hexadecimal. Addresses
    that are not public are refused unless in one of the `allowed` networks. Raises NotAllowed, Unreachable.
    """
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return _ask("POST", url, body, _headers(body, secret), timeout, tuple(allowed), resolve, LONGEST_ANSWER)


def get(url: str, *, timeout: float = 10.0, allowed: Iterable[Network] = (), resolve: Resolver | None = None) -> Answer:
    """Raises NotAllowed, Unreachable."""
    headers = {**_COMMON, "Accept": "application/json"}
    return _ask("GET", url, None, headers, timeout, tuple(allowed), resolve, LONGEST_ANSWER)


def post_form(
    url: str,
    fields: Mapping[str, str | int],
    *,
    authorization: str = "",
    timeout: float = 10.0,
    allowed: Iterable[Network] = (),
    resolve: Resolver | None = None,
    most: int = LONGEST_ANSWER,
) -> Answer:
    """Posts the fields as a form does. An answer that is longer than `most` bytes, or takes five times `timeout`, is none.

    Raises NotAllowed, Unreachable.
    """
    headers = {**_COMMON, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if authorization:
        headers["Authorization"] = authorization
    answer = _ask("POST", url, urlencode(fields).encode(), headers, timeout, tuple(allowed), resolve, most + 1)
    if len(answer.body) > most:
        raise Unreachable(f"{urlsplit(url).hostname}: the answer has more than {most >> 20} MiB")
    return answer


def _ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    timeout: float,
    allowed: tuple[Network, ...],
    resolve: Resolver | None,
    most: int,
) -> Answer:
    parts = _parts(url)
    port = parts.port or PORTS[parts.scheme]
    address = checked_address(parts.hostname or "", port, allowed=allowed, resolve=resolve or look_up)
    connection = _connection(parts, port, address, timeout)
    try:
        connection.request(method, _target(parts), body, headers)
        answer = http.client.HTTPResponse(_Arriving(connection.sock, timeout), method=method)  # type: ignore[arg-type] # asks only makefile of its socket
        answer.begin()
        return Answer(answer.status, _read(answer, most), _seconds(answer.headers["Retry-After"]))
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{parts.hostname}: {error}") from error
    finally:
        connection.close()


class _Arriving(io.RawIOBase):
    """An answer on its way, its head as well as its body: each piece within `timeout` seconds, and all of it within so many times that."""

    def __init__(self, link: socket.socket, timeout: float) -> None:
        self._link, self._timeout = link, timeout
        self._end = time.monotonic() + timeout * PATIENCE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises TimeoutError when it trickles."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer did not end")
        self._link.settimeout(min(self._timeout, left))
        return self._link.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client asks of a socket."""
        return io.BufferedReader(self, _PIECE)


def _read(answer: http.client.HTTPResponse, most: int) -> bytes:
    pieces, length = [], 0
    while length < most and (piece := answer.read1(min(_PIECE, most - length))):
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces)


def _seconds(written: str | None) -> float | None:
    return float(written) if written and written.isascii() and written.isdigit() else None


class _PinnedHTTPS(http.client.HTTPSConnection):
    """TLS with the name that was asked for, on a connection to the address that was checked."""

    def __init__(self, host: str, port: int, *, address: str, timeout: float) -> None:
        self._context_of_ours = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout, context=self._context_of_ours)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context_of_ours.wrap_socket(plain, server_hostname=self.host)


class _PinnedHTTP(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, *, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        raise NotAllowed("only plain http and https addresses can be reached")
    return parts


def _target(parts: SplitResult) -> str:
    return f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def _connection(parts: SplitResult, port: int, address: str, timeout: float) -> http.client.HTTPConnection:
    pinned = _PinnedHTTPS if parts.scheme == "https" else _PinnedHTTP
    return pinned(parts.hostname or "", port, address=address, timeout=timeout)


def _headers(body: bytes, secret: str) -> dict[str, str]:
    headers = {**_COMMON, "Content-Type": "application/json; charset=utf-8"}
    if secret:
        headers[SIGNATURE] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return headers
