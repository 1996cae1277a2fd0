"""Content-Transfer-Encoding off, also where it is wrong, missing or a lie."""

from __future__ import annotations

import binascii
import re

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_WHITE = b" \t\r\n\x0b\x0c"
_SURELY_ENCODED = 24
_SOFT_BREAK = re.compile(rb"=[ \t]{1,80}(\r?\n)")
"""With blanks that a server on the way has added (RFC 2045, 6.7, rule 3)."""
_BETWEEN_WORDS = re.compile(rb"[^\s][ \t]+[^\s]")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?(?:\n|\Z)", re.MULTILINE)


def decode_body(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """The content, and whether the encoding was what it said. An unknown encoding is left alone."""
    name = encoding.strip().strip("\"';").strip().lower().partition(";")[0].split(" ")[0]
    if name in ("base64", "b"):
        return _base64_body(body)
    if name in ("quoted-printable", "quotedprintable", "qp", "q"):
        return binascii.a2b_qp(_SOFT_BREAK.sub(rb"=\1", body)), True
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uu_body(body)
    return body, name in ("", "7bit", "8bit", "binary", "7-bit", "8-bit")


def base64_bytes(data: bytes) -> bytes:
    """Whatever can be read of it: foreign characters dropped, padding mended, several padded pieces joined."""
    pieces = data.translate(None, _NOT_BASE64).rstrip(b"=").split(b"=")
    return b"".join(_base64_piece(piece) for piece in pieces if piece)


def _base64_piece(piece: bytes) -> bytes:
    whole = len(piece) - (len(piece) % 4 == 1)
    try:
        return binascii.a2b_base64(piece[:whole] + b"=" * (-whole % 4))
    except binascii.Error:
        return b""


def _base64_body(body: bytes) -> tuple[bytes, bool]:
    if not _BETWEEN_WORDS.search(body) and not body.translate(None, _BASE64 + _WHITE):
        return base64_bytes(body), True
    head = _encoded_lines(body)
    if head:  # a mailing list or a virus scanner has added its lines under the encoded ones
        return base64_bytes(head), False
    junk = len(body.translate(None, _BASE64 + _WHITE))
    if junk * 50 > len(body) or _looks_like_words(body):
        return body, False  # never encoded at all
    return base64_bytes(body), False


def _encoded_lines(body: bytes) -> bytes:
    """The lines at the beginning that can be nothing else; empty when they could be a word."""
    head: list[bytes] = []
    for line in body.split(b"\n"):
        stripped = line.strip()
        if stripped.translate(None, _BASE64):
            break
        head.append(stripped)
    encoded = b"".join(head)
    return encoded if len(encoded) >= _SURELY_ENCODED or encoded.endswith(b"=") else b""


def _looks_like_words(data: bytes) -> bool:
    """Encoded lines have no spaces in them; sentences have one every few letters."""
    sample = data[:4096].strip()
    return sample.count(b" ") * 25 > len(sample)


def _uu_body(body: bytes) -> tuple[bytes, bool]:
    begin = _UU_BEGIN.search(body)
    start = begin.end() if begin else 0
    content, end = _uu_lines(body, start)
    return (content, end is not None) if content else (body, False)


def _uu_lines(body: bytes, start: int) -> tuple[bytes, int | None]:
    """Decoded lines from `start`, and where `end` stood."""
    end = _UU_END.search(body, start)
    stop = end.start() if end else len(body)
    return b"".join(_uu_line(line) for line in body[start:stop].split(b"\n")), end.end() if end else None


def _uu_line(line: bytes) -> bytes:
    line = line.rstrip(b"\r\n")
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders pad the line; its first character says how much of it counts.
        length = ((line[0] - 32) & 63) * 4 // 3 + 4
        try:
            return binascii.a2b_uu(line[: length + 1])
        except binascii.Error:
            return b""


def inline_uuencoded(text: bytes, limit: int) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Files pasted into a text as old Outlook did: the text without them, and (name, content) of each."""
    found: list[tuple[bytes, bytes]] = []
    kept: list[bytes] = []
    position = 0
    while len(found) < limit and (begin := _UU_BEGIN.search(text, position)):
        content, end = _uu_lines(text, begin.end())
        if end is None or not content:
            break
        kept.append(text[position : begin.start()])
        found.append((begin.group(1).strip(), content))
        position = end
    kept.append(text[position:])
    return b"".join(kept), found
