"""Requests put together at random, byte by byte: odd methods, tails, parameters, headers, forms, multipart. The same seed gives the same request."""

from __future__ import annotations

import random
import socket
from collections.abc import Sequence
from dataclasses import dataclass

TAILS = [
    b"", b"%00", b"%ff%fe", b"%ed%a0%80", b"\xff", b"..;/", b"%2e%2e/", b";jsessionid=x", b"%0d%0aX:y", b"//", b"%2f", b"?", b"#x", b"%", b"%zz", b".json",
    b"a" * 3_000, "\u0661".encode(), b"%c0%ae/", b"\\..\\", b"%e2%80%ae", b"*", b"+1", b"-1",
]  # fmt: skip
QUERIES = [
    b"page=-1", b"page=" + b"9" * 25, b"page=1&page=2", b"q=%00", b"q=%ed%a0%80", b"q=%ff", b"q=" + b"a" * 7_000, b"q=" + b"%26" * 2_000, b"after=%00",
    b"before=W10", b"order=id%3b--", b"q[]=1&q[a]=2", b"next=%5c%5cevil.example", b"tab=__class__", b"customer=x", b"server=" + b"9" * 20, b"lang=../../",
    b"_method=DELETE", b"since=9999-12-31T23:59:59%2B14:00", b"day=9999-12-31", b"month=0001-01", b"from=9999-12-31&to=0001-01-01", b"a&b&&==&=",
    b"&" * 5_000, b"x=1&" * 1_500, b";" * 100, b"code=%00&state=%00", b"state=x&who=x&action=x&actor=x", b"path=../../etc/passwd", b"zone=../../etc/passwd",
]  # fmt: skip
HEADERS: list[list[bytes]] = [
    [], [b"Range: bytes=0-0"], [b"Range: bytes=5-1,2-"], [b"If-None-Match: *"], [b"If-Modified-Since: x"], [b"If-Match: \"", b"If-Unmodified-Since: 0"],
    [b"Accept-Language: " + b"it-" * 200], [b"Accept-Encoding: gzip;q=0"], [b"HX-Request: true", b"HX-Target: \xff", b"HX-Current-URL: http://["],
    [b"X-Forwarded-For: \xff", b"X-Forwarded-Host: evil.example"], [b"Origin: null"], [b"Referer: \xff"], [b"Expect: 100-continue"], [b"Cookie: a=\"\\"],
    [b"Cookie: language=\xff; device=" + b"x" * 4_000], [b"Accept: " + b"*/*," * 400], [b"Content-Encoding: gzip"], [b"Upgrade: h2c", b"HTTP2-Settings: A"],
    [b"X-HTTP-Method-Override: DELETE"], [b"Authorization: Bearer \xff"], [b"Last-Event-ID: \xff"], [b"Forwarded: for=\xff;host=evil"], [b"X_Forwarded_For: 1"],
]  # fmt: skip
METHODS = [
    "GET",
    "HEAD",
    "PUT",
    "OPTIONS",
    "DELETE",
    "TRACE",
    "PATCH",
    "PROPFIND",
    "get",
    "X-Y",
    "GET",
    "POST",
    "POST",
    "POST",
    "POST",
]
VALUES = [
    b"", b"%00", b"%ff%fe", b"%ed%a0%80", b"-1", b"9" * 26, b"9" * 5_000, b"1e309", b"NaN", b"0001-01-01", b"9999-12-31", b"9999-12-31T23:59", b"0000-00-00",
    b"2026-03-29T02:30", b"00000000-0000-0000-0000-000000000000", b"%0d%0aBcc: x@y", b"<script>alert(1)</script>", b'{"a":1}', b"[]",
    b"%F0%9F%98%80" * 300, b"%e2%80%ae", b"a@b.example", b"a@" + b"x." * 130 + b"example", b"on", b"1", b"0", b"x" * 20_000, b"Europe/Rome", b"../../etc/passwd",
    b"http://[::1]/", b"\xff\xfe", b"%D9%A1", b"%C2%B2", b"+", b"1;2", b"%EF%BF%BF", b"0x1F", b"1_000", b"&#99;", b"%25%30%30", b"outage",
]  # fmt: skip
DISPOSITIONS = [
    b"; filename=\"a.txt\"", b"; filename=\"../../x\"", b"; filename=\"\xff\0\"", b"; filename*=utf-8''%00%0d", b"; filename=\"\"",
    b"; filename=\"" + b"x" * 3_000 + b"\"", b"; filename*=utf-16''%d8%00", b"; filename*=zip''x", b"; filename*=idna''%ff", b"; name*=hex''zz",
]  # fmt: skip
PART_HEADERS = [
    b"Content-Type: image/png", b"Content-Type: text/plain; charset=zip", b"Content-Type: multipart/mixed; boundary=c", b"Content-Transfer-Encoding: base64",
    b"Content-Transfer-Encoding: x", b"Content-Length: 99999999", b"X: " + b"x" * 20_000, b"\xff: \xff",
]  # fmt: skip
KINDS = [
    b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/form-data; boundary=" + b"b" * 5_000, b"multipart/form-data; boundary=\xff",
    b"multipart/form-data; boundary*=idna''%ff", b"multipart/form-data; boundary*0*=zip''b", b"multipart/mixed; boundary=b", b"application/json",
    b"application/csp-report", b"text/plain", b"application/x-www-form-urlencoded; charset=\xff", b"application/x-www-form-urlencoded; charset*=idna''x", b"/",
]  # fmt: skip
BODIES = [
    b"x",
    b"--b\r\n",
    b"--b--",
    b'{"a":' * 3_000,
    b"[" * 50_000,
    b"\xff\xfe",
    b"a=%u0031&" + b"%" * 50,
    b"&".join(b"a%d=1" % i for i in range(1_500)),
    b"NaN",
]


@dataclass(frozen=True)
class Visitor:
    cookies: dict[str, str]
    csrf: str
    port: int


def random_request(seed: str, paths: Sequence[str], names: Sequence[str], by: Visitor) -> bytes:
    chance = random.Random(seed)  # noqa: S311 - the same requests each time
    method, target = chance.choice(METHODS), chance.choice(paths).encode()
    if chance.random() < 0.3:
        target += chance.choice(TAILS)
    if chance.random() < 0.6:
        target += (b"&" if b"?" in target else b"?") + b"&".join(chance.choices(QUERIES, k=chance.randrange(1, 4)))
    lines = [
        b"%s %s HTTP/1.1" % (method.encode(), target.replace(b" ", b"%20")),
        b"Host: localhost:%d" % by.port,
        b"Connection: close",
    ]
    if chance.random() < 0.9:
        cut = chance.choice([None, None, None, -1, 5])
        cookies = {by.csrf: "a" * 32, **{name: value[:cut] for name, value in by.cookies.items()}}
        lines.append(b"Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()).encode())
    lines += chance.choice(HEADERS)
    body = b""
    if method in {"POST", "PUT", "PATCH"}:
        kind, body = chance.choice([_form, _form, _parts, _nonsense])(chance, names)
        lines += [b"Content-Type: " + kind, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def answer_to(raw: bytes, port: int, *, seconds: float = 120) -> bytes:
    """All that comes back; what came before the line was cut."""
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        try:
            line.sendall(raw)
            while piece := line.recv(65_536):
                said += piece
        except ConnectionError:
            pass  # a request that is refused at its head is not read to its end
    return said


def _form(chance: random.Random, names: Sequence[str]) -> tuple[bytes, bytes]:
    pairs = [b"csrfmiddlewaretoken=" + b"a" * 32]
    for _ in range(chance.randrange(1, 40)):
        odd = chance.choice([b"", b"", b"", b"[]", b"%00"])
        pairs.append(chance.choice(names).encode() + odd + b"=" + chance.choice(VALUES))
    return b"application/x-www-form-urlencoded", b"&".join(pairs)


def _parts(chance: random.Random, names: Sequence[str]) -> tuple[bytes, bytes]:
    mark = chance.choice([b"b", b"b" * 70, b"-"])
    parts = [b'--%s\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n%s' % (mark, b"a" * 32)]
    for _ in range(chance.randrange(1, 12)):
        head = [b'Content-Disposition: form-data; name="%s"' % chance.choice([*names, "uploads", "file"]).encode()]
        head[0] += chance.choice(DISPOSITIONS) if chance.random() < 0.5 else b""
        head += chance.sample(PART_HEADERS, chance.choice([0, 0, 1, 2]))
        parts.append(
            b"--"
            + mark
            + b"\r\n"
            + b"\r\n".join(head)
            + b"\r\n\r\n"
            + chance.choice([b"x", b"", b"\xff\0", b'a;b\n"', b"=1+1,2\n"])
        )
    end = chance.choice([b"\r\n--" + mark + b"--\r\n", b"", b"\r\n--" + mark])
    return b"multipart/form-data; boundary=" + mark, b"\r\n".join(parts) + end


def _nonsense(chance: random.Random, _names: Sequence[str]) -> tuple[bytes, bytes]:
    return chance.choice(KINDS), chance.choice(BODIES)
