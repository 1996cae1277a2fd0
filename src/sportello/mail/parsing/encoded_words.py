"""RFC 2047 encoded words, as they are really sent: split inside a character, in quotes, run together, with spaces or wrong labels."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sportello.mail.parsing import charset
from sportello.mail.parsing.transfer import base64_bytes

_OPENING = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    label: str
    data: bytes


def decode_words(value: str, limit: int) -> str:
    """`value` with at most `limit` encoded words decoded. White space between two encoded words belongs to neither (RFC 2047, 6.2)."""
    if "=?" not in value:
        return value
    out: list[str] = []
    run: list[_Word] = []
    end = 0
    for word in _words(value, limit):
        between = value[end : word.start]
        if between.strip():
            _flush(run, out)
        if not run:
            out.append(between)
        run.append(word)
        end = word.end
    _flush(run, out)
    out.append(value[end:])
    return "".join(out)


def _words(value: str, limit: int) -> Iterator[_Word]:
    position = count = 0
    while count < limit and (opening := _OPENING.search(value, position)):
        end = value.find("?=", opening.end())
        if end < 0:
            return
        payload = value[opening.end() : end]
        inner = payload.rfind("=?")
        if inner >= 0:  # this one was never closed, another begins inside it
            position = opening.end() + inner
            continue
        position = end + 2
        count += 1
        yield _Word(
            opening.start(), position, opening.group(1).partition("*")[0].lower(), _payload(opening.group(2), payload)
        )


def _payload(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        return base64_bytes(data)
    return binascii.a2b_qp(data.replace(b"_", b" ").replace(b"\n", b""))


def _flush(run: list[_Word], out: list[str]) -> None:
    """Neighbours of one charset are joined before decoding, as many senders cut a character in two."""
    pending: list[bytes] = []
    for index, word in enumerate(run):
        pending.append(word.data)
        following = run[index + 1].label if index + 1 < len(run) else ""
        if word.label != following or word.label.startswith(
            ("iso-2022", "utf-7", "hz")
        ):  # these return to ASCII in each word
            out.append(charset.decode(b"".join(pending), word.label)[0])
            pending.clear()
    run.clear()
