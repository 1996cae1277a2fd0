"""Mails that want to do harm, each made by a line or two: too deep, too many, too long, too broken, or one that unpacks to a mountain."""

from __future__ import annotations

import base64
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

MAILS = Path(__file__).parent.parent / "mails"
FROM = b"From: Anna Rossi <anna@poison.example>\r\nTo: support@provider.example\r\n"
MULTIPART = b'Content-Type: multipart/mixed; boundary="b"\r\n'
MUTATIONS = 24
MOST_ROWS = 8_000


def mail(body: bytes, headers: bytes = b"", subject: bytes = b"Prova") -> bytes:
    return FROM + b"Subject: " + subject + b"\r\n" + headers + b"\r\n" + body


def html(source: bytes) -> bytes:
    return mail(source, b"Content-Type: text/html; charset=utf-8\r\n")


def header(name: bytes, value: bytes) -> bytes:
    return FROM + name + b": " + value + b"\r\n\r\nciao"


def nested(depth: int) -> bytes:
    level = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return mail(b"".join(level % (n, n) for n in range(depth)) + b"Content-Type: text/plain\r\n\r\nciao\r\n")


def attached(*files: tuple[bytes, bytes, bytes]) -> bytes:
    """A mail with files: type, name, content."""
    parts = [
        b"Content-Type: %s\r\nContent-Disposition: attachment; filename=%s\r\nContent-Transfer-Encoding: base64\r\n\r\n%s"
        % (kind, name, base64.encodebytes(content))
        for kind, name, content in files
    ]
    return mail(b"--b\r\n" + b"\r\n--b\r\n".join(parts) + b"\r\n--b--\r\n", MULTIPART)


def picture(width: int, height: int) -> bytes:
    """A PNG of nothing in a few bytes; one that is higher than MOST_ROWS ends early."""
    rows = zlib.compressobj(1)
    given = height if height < MOST_ROWS else 10
    data = b"".join(rows.compress(bytes(1 + 4 * width)) for _ in range(given)) + rows.flush()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    written = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def words(count: int, letters: str, seed: int) -> bytes:
    """So many different words."""
    chance = random.Random(seed)  # noqa: S311 - the same mail each time
    return " ".join("".join(chance.choices(letters, k=8)) for _ in range(count)).encode()


def mutations(count: int) -> Iterator[tuple[str, bytes]]:
    """Real-looking mails with pieces cut, doubled, turned to noise or put elsewhere; the same ones each time."""
    chance = random.Random(7)  # noqa: S311 - not a secret
    files = sorted(MAILS.glob("*.eml"))
    for number in range(count):
        raw = bytearray(chance.choice(files).read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        for _ in range(8):
            if not raw:
                break
            start = chance.randrange(len(raw))
            end = min(start + chance.randrange(1, 400), len(raw))
            piece = bytes(raw[start:end])
            raw[start:end] = chance.choice(
                [b"", piece * 3, chance.randbytes(len(piece)), piece[::-1], b"\0" * len(piece)]
            )
        yield f"mutation {number}", bytes(raw)


def made() -> dict[str, bytes]:
    return {
        "1,500 nested multiparts": nested(1_500),
        "1,000 nested mails": mail(b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"ciao", b"Content-Type: message/rfc822\r\n"),
        "50,000 parts": mail(b"--b\r\n\r\nx\r\n" * 50_000, MULTIPART),
        "2,000 files": attached(*[(b"text/plain", b"f%d.txt" % number, b"x") for number in range(2_000)]),
        "20,000 encoded words": mail(b"ciao", subject=b"=?utf-8?q?a?= " * 20_000),
        "words in words": mail(b"ciao", subject=b"=?utf-8?b?" * 3_000 + b"?=" * 3_000),
        "300,000 headers": FROM + b"X-A: x\r\n" * 300_000 + b"\r\nciao",
        "a header of 8 MB": header(b"X-A", b"x" * 8_000_000),
        "10,000 recipients": header(b"Cc", b", ".join(b"u%d@example.it" % number for number in range(10_000))),
        "brackets in From": FROM.replace(b"Anna", b"(" * 6_000) + b"\r\nciao",
        "5,000 continuations": mail(b"", b"Content-Type: a/b;" + b"".join(b"\r\n name*%d=x;" % n for n in range(5_000)) + b"\r\n"),
        "100,000 nested divs": html(b"<div>" * 100_000 + b"ciao"),
        "open table cells": html(b"<table>" + b"<tr><td>" * 40_000 + b"ciao"),
        "300,000 open links": html(b"<a " * 300_000),
        "a million >": mail(b">" * 1_000_000),
        "words for the search": mail(words(110_000, "abcdefghijklmnoprstuvz", 1)),
        "long letters for the search": mail(words(60_000, "𐌰𐌱𐌲𐌳𐌴𐌵𐌶𐌷𐌸𐌹𐌺𐌻𐌼", 2), b"Content-Type: text/plain; charset=utf-8\r\n"),
        "one word of a megabyte": mail(b"a" * 1_000_000),
        "NUL everywhere": FROM.replace(b"Anna", b"An\0na") + b"Subject: a\0b\r\n\r\nci\0ao\0" + b"\0" * 10_000,
        "half a surrogate": mail("\ud83d".encode("utf-16-le", "surrogatepass") * 999, b"Content-Type: text/plain; charset=utf-16-le\r\n"),
        "an unknown charset": mail(b"\xff\xfe\x80", b'Content-Type: text/plain; charset="../../etc/passwd"\r\n'),
        "a codec that is no charset": mail(b"x\x9c\x03\0\0\0\0\x01", b"Content-Type: text/plain; charset=zlib_codec\r\n"),
        "year 0": mail(b"ciao", b"Date: Sat, 00 Foo 0000 99:99:99 +9999\r\n"),
        "year 9999": mail(b"ciao", b"Date: Fri, 31 Dec 9999 23:59:59 -2359\r\n"),
        "a long id": mail(b"ciao", b"Message-ID: <" + b"x" * 20_000 + b"@example.it>\r\n"),
        "a long sender": b"From: " + b"x" * 30_000 + b"@" + b"y" * 30_000 + b".example\r\n\r\nciao",
        "nobody": b"\r\n\r\n",
        "not a header": b"\xff" * 5_000,
        "noise": random.Random(3).randbytes(200_000),  # noqa: S311 - the same noise each time
        "bare line ends": FROM.replace(b"\r\n", b"\n") + b"Subject: x\n\nciao\n.\nMAIL FROM:<a@b.example>\n",
        "names of files": attached((b"text/html", b'"../../../etc/passwd\0.html"', b"<script>"), (b"x" * 5_000, b"a" * 9_000, b"")),
        "a picture of 2.5 gigapixels": attached((b"image/png", b"a.png", picture(50_000, 50_000))),
        "pictures of 33 and 49 megapixels": attached(*[(b"image/png", b"%d.png" % side, picture(7_000, side)) for side in range(4_800, 7_001, 200)]),
        "events": mail(b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_000, b"Content-Type: text/calendar; method=REQUEST\r\n"),
        "winmail": attached((b"application/ms-tnef", b"winmail.dat", b"\x78\x9f\x3e\x22" + b"\xff" * 50_000)),
        "10,000 failed addresses": mail(
            b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n"
            + b"\r\nFinal-Recipient: rfc822; a@example.it\r\nAction: failed\r\nStatus: 5.1.1\r\n" * 10_000,
            b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        ),
    }  # fmt: skip


def poison() -> dict[str, bytes]:
    """All of them, by name; every mail ends with a line end, as mail that travels does."""
    return {
        name: raw if raw.endswith(b"\r\n") else raw + b"\r\n" for name, raw in [*made().items(), *mutations(MUTATIONS)]
    }
