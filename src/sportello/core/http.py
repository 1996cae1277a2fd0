"""The one client for requests to the outside: it looks a name up once, refuses addresses that are not allowed, connects
to the very address it checked, follows no redirect, and reads no more than it was told to.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[str]]

PORTS = {"http": 80, "https": 443}
LONGEST_ANSWER = 64 * 1024
SIGNATURE = "X-Sportello-Signature"


class NotAllowed(Exception):  # noqa: N818 - names what is wrong
    """The address is one that may not be reached: not http(s), or not on the public internet."""


class Unreachable(Exception):  # noqa: N818 - names what is wrong
    """Nobody answered, or not in the language of HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` holds at most 64 KiB of what came."""

    status: int
    body: bytes

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
    parts = _parts(url)
    port = parts.port or PORTS[parts.scheme]
    address = checked_address(parts.hostname or "", port, allowed=tuple(allowed), resolve=resolve or _look_up)
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    connection = _connection(parts, port, address, timeout)
    try:
        connection.request("POST", _target(parts), body, _headers(body, secret))
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(LONGEST_ANSWER))
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"{parts.hostname}: {error}") from error
    finally:
        connection.close()


def checked_address(host: str, port: int, *, allowed: tuple[Network, ...], resolve: Resolver) -> str:
    """One address of this name to connect to. One bad address among several condemns the name: it may be chosen next time."""
    found = [ipaddress.ip_address(text.partition("%")[0]) for text in resolve(host, port)]
    for address in found:
        if not (is_public(address) or any(address in network for network in allowed)):
            raise NotAllowed(f"{host} leads to {address}, which is not on the public internet")
    if not found:
        raise Unreachable(f"{host} has no address")
    return str(found[0])


def is_public(address: Address) -> bool:
    """Whether the address lies on the public internet, looking through IPv4 written inside IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_public(inner)
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


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
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Sportello", "Connection": "close"}
    if secret:
        headers[SIGNATURE] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return headers


def _look_up(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(f"{host}: {error}") from error
    return [str(entry[4][0]) for entry in found]
