"""The one HTTP client: where it goes, where it refuses to go, and what it believes."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address, ip_network
from threading import Thread

import pytest

from sportello.core import http
from sportello.core.http import post_json
from sportello.core.reach import NotAllowed, Resolver, Unreachable, checked_address, is_public

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Neighbour(BaseHTTPRequestHandler):
    """Answers 200 with what it got; on /redirect it points inside; on /long it never stops talking."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/inside")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/long":
            self.wfile.write(b"x" * 1_000_000)
            return
        got = {"path": self.path, "host": self.headers["Host"], "signature": self.headers[http.SIGNATURE]}
        self.wfile.write(json.dumps({**got, "body": body.decode()}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Silence."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Neighbour)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def answering(*answers: list[str]) -> Resolver:
    """Resolves names to these addresses, one answer after the other."""
    left = iter(answers)

    def resolve(host: str, port: int) -> list[str]:
        return next(left)

    return resolve


def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_s41_the_payload_arrives_signed_under_the_name_that_was_asked_for(port: int) -> None:
    url = f"http://hook.example:{port}/a?b=c"

    answer = post_json(url, {"città": "Forlì"}, secret="sale", allowed=LOOPBACK, resolve=loopback)

    got = json.loads(answer.body)
    body = '{"città":"Forlì"}'
    assert (answer.status, answer.is_success, got["body"], got["path"]) == (200, True, body, "/a?b=c")
    assert got["host"] == f"hook.example:{port}"
    assert got["signature"] == "sha256=" + hmac.new(b"sale", body.encode(), hashlib.sha256).hexdigest()


def test_a_redirect_is_an_answer_not_an_order(port: int) -> None:
    answer = post_json(f"http://hook.example:{port}/redirect", {}, allowed=LOOPBACK, resolve=loopback)

    assert (answer.status, answer.is_success) == (302, False)


def test_no_more_is_read_than_needed(port: int) -> None:
    answer = post_json(f"http://hook.example:{port}/long", {}, allowed=LOOPBACK, resolve=loopback)

    assert len(answer.body) == http.LONGEST_ANSWER


def test_the_machine_itself_is_refused_unless_allowed(port: int) -> None:
    with pytest.raises(NotAllowed, match=r"127\.0\.0\.1"):
        post_json(f"http://hook.example:{port}/", {}, resolve=loopback)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://x/",
        "http:///x",
        "//example.org",
        "http://user:pw@example.org/",
    ],
)
def test_only_plain_web_addresses(url: str) -> None:
    with pytest.raises(NotAllowed):
        post_json(url, {}, resolve=loopback, allowed=LOOPBACK)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("3fff::1", False),
    ],
)
def test_which_addresses_are_on_the_public_internet(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) == public


def test_one_inside_address_among_public_ones_condemns_the_name() -> None:
    with pytest.raises(NotAllowed):
        checked_address("x.example", 443, allowed=(), resolve=answering(["93.184.216.34", "10.0.0.1"]))


def test_the_address_that_was_checked_is_the_one_connected_to(port: int) -> None:
    """A name that answers differently the second time is asked only once."""
    resolve = answering(["127.0.0.1"], ["10.0.0.1"])

    post_json(f"http://hook.example:{port}/", {}, allowed=LOOPBACK, resolve=resolve)

    assert resolve("hook.example", port) == ["10.0.0.1"]


def test_nobody_there_is_told_in_words() -> None:
    with pytest.raises(Unreachable, match=r"hook\.example"):
        post_json("http://hook.example:1/", {}, allowed=LOOPBACK, resolve=loopback, timeout=2)


def test_a_neighbour_without_a_valid_certificate_is_not_believed(port: int) -> None:
    with pytest.raises(Unreachable):
        post_json(f"https://hook.example:{port}/", {"secret": 1}, allowed=LOOPBACK, resolve=loopback, timeout=2)


@pytest.mark.parametrize(
    "piece", [b"H", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_s08_an_answer_that_trickles_ends_in_its_head_as_well_as_in_its_body(piece: bytes) -> None:
    """A fault found: only the body had an end of its own, so that a head of one letter a second held a worker for days."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        Thread(target=_trickle, args=(door, piece), daemon=True).start()
        with pytest.raises(Unreachable, match=r"timed out|did not end"):
            http.get(f"http://hook.example:{door.getsockname()[1]}/", allowed=LOOPBACK, resolve=loopback, timeout=0.2)


def _trickle(door: socket.socket, piece: bytes) -> None:
    line, _ = door.accept()
    with line, suppress(OSError):
        line.sendall(piece)
        while True:
            line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" if b"100" in piece else b"x")
            time.sleep(0.05)
