"""Whole mails with something hostile in every place that a mail has."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from email.header import Header
from urllib.parse import quote

from tests.walls.hostile.files import Active, active_files
from tests.walls.hostile.words import SCRIPTS

BOUNDARY = "zq9-boundary"


def encoded(value: str) -> str:
    return Header(value.replace("\0", ""), "utf-8", maxlinelen=10_000).encode() if value else ""


def part(content_type: str, content: bytes, *lines: str) -> bytes:
    head = "\r\n".join([f"Content-Type: {content_type}", "Content-Transfer-Encoding: base64", *lines])
    return head.encode("utf-8", "surrogateescape") + b"\r\n\r\n" + base64.encodebytes(content).replace(b"\n", b"\r\n")


def file_part(file: Active) -> bytes:
    kind = file.content_type.replace("\r\n", " ") or "application/octet-stream"
    return part(
        kind,
        file.content,
        f"Content-Disposition: attachment; filename*=utf-8''{quote(file.name, safe='')}",
        f"Content-ID: <{quote(file.name)}>",
    )


def mail(
    number: int,
    *,
    sender: str,
    words: str,
    html: str,
    files: Sequence[Active] = (),
    to: str = "support@provider.example",
    lines: Sequence[str] = (),
) -> bytes:
    """A mail whose names, subject, ids and text all are `words`, with `html` beside the text."""
    typed = quote(words, safe="")[:60]
    head = [
        f"From: {encoded(words)} <{sender}>",
        f"To: {encoded(words)} <{to}>",
        f"Reply-To: {encoded(words)} <reply-{number}@hostile.example>",
        f"Subject: {encoded(words)}",
        f"Message-ID: <{typed}.{number}@hostile.example>",
        f"X-Mailer: {encoded(words)}",
        f"List-Id: {encoded(words)}" if number % 7 == 3 else "X-Nothing: x",
        *lines,
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"',
    ]
    invitation = f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:{words}\r\nLOCATION:{words}\r\nORGANIZER;CN={words}:mailto:{sender}\r\nDTSTART:20260304T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    parts = [
        part(
            "text/plain; charset=utf-8",
            f"{words}\r\n\r\nhttps://a.example/{words}\r\n> {words}\r\n-- \r\n{words}\r\n".encode("utf-8", "replace"),
        ),
        part("text/html; charset=utf-8", html.encode("utf-8", "replace")),
        *([part("text/calendar; method=REQUEST", invitation.encode("utf-8", "replace"))] if number % 5 == 2 else []),
        *map(file_part, files),
    ]
    body = b"".join(f"--{BOUNDARY}\r\n".encode() + each + b"\r\n" for each in parts) + f"--{BOUNDARY}--\r\n".encode()
    return "\r\n".join(head).encode("utf-8", "replace") + b"\r\n\r\n" + body


def in_other_charsets(source: str, sender: str) -> Iterator[bytes]:
    """The same HTML in charsets whose bytes look harmless, and with lies about them."""
    head = f"From: {sender}\r\nTo: support@provider.example\r\nSubject: charset\r\nMIME-Version: 1.0\r\n"
    for charset, declared in [
        ("utf-7", "utf-7"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16le"), ("utf-16-be", "utf-16be"), ("utf-32", "utf-32"), ("utf-8", "utf-16"), ("utf-16", "utf-8"),
        ("cp037", "cp037"), ("cp037", "ibm037"), ("iso2022_jp", "iso-2022-jp"), ("iso2022_kr", "iso-2022-kr"), ("hz", "hz-gb-2312"), ("shift_jis", "shift_jis"), ("gb18030", "gb18030"),
        ("utf-7", "x-user-defined"), ("utf-7", "unicode-1-1-utf-7"), ("utf-8", "utf-7"), ("utf-8", "unknown-8bit"), ("utf-8", "idna"), ("utf-8", "rot13"), ("utf-8", "unicode_escape"),
        ("utf-8", "undefined"), ("utf-8", "utf-8\0"), ("utf-8", "a" * 500), ("utf-8", "punycode"), ("utf-8", "raw_unicode_escape"), ("utf-8", "mbcs"),
    ]:  # fmt: skip
        yield (
            f"{head}Content-Transfer-Encoding: base64\r\n".encode()
            + f'Content-Type: text/html; charset="{declared}"\r\n\r\n'.encode()
            + base64.encodebytes(source.encode(charset, "replace")).replace(b"\n", b"\r\n")
        )


def hostile_mails(vectors: Sequence[str], *, url: str) -> Iterator[tuple[str, bytes]]:
    """Sender and mail: the vectors one a mail, the words and the files in turn."""
    files = active_files(url)
    for number, vector in enumerate(vectors):
        sender = f"x{number}@hostile{number}.example"
        chosen = files[number * 3 % len(files) :][:3]
        yield sender, mail(number, sender=sender, words=SCRIPTS[number % len(SCRIPTS)], html=vector, files=chosen)
