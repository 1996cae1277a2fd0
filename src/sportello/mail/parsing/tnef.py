"""Outlook's winmail.dat (MS-OXTNEF): its files and its text, read in one pass under bounds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sportello.mail.parsing import attachments, charset
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.model import Attachment

_SIGNATURE = 0x223E9F78
_BODY, _ATTACH_DATA, _ATTACH_TITLE, _ATTACH_REND, _MAPI_PROPS, _ATTACHMENT, _CODEPAGE = (
    0x800C,
    0x800F,
    0x8010,
    0x9002,
    0x9003,
    0x9005,
    0x9007,
)
_PR_BODY, _PR_HTML, _PR_RTF = 0x1000, 0x1013, 0x1009
_PR_ATTACH_DATA, _PR_FILENAME, _PR_LONG_FILENAME, _PR_MIME, _PR_CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_MAX_PROPERTIES = 5_000


@dataclass(frozen=True, slots=True)
class Winmail:
    files: tuple[Attachment, ...]
    text: str
    html: str
    has_unread_letter: bool
    """Its letter is there in compressed RTF alone, which is not read: programs that send it so write the text beside it."""


def is_one(file: Attachment) -> bool:
    return file.content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or file.name.lower() == "winmail.dat"


def read(file: Attachment, limits: Limits) -> Winmail | None:
    """None when it is no TNEF after all. Raises ValueError or struct.error on a broken one."""
    content = file.content[: limits.tnef_bytes]
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return None
    found: list[dict[int, bytes | str]] = []
    message: dict[int, bytes | str] = {}
    codepage = "cp1252"
    for name, data in _attributes(content):
        if name == _CODEPAGE and len(data) >= 4:
            codepage = f"cp{struct.unpack_from('<I', data)[0]}"
        elif name == _ATTACH_REND:
            found.append({})
        elif name == _BODY:
            message.setdefault(_PR_BODY, charset.decode(data.rstrip(b"\0"), codepage)[0])
        elif name == _MAPI_PROPS:
            message.update(_properties(data, codepage))
        elif found:
            found[-1].update(_of_attachment(name, data, codepage))
    files = tuple(
        _file(properties, limits) for properties in found[: limits.attachments] if properties.get(_PR_ATTACH_DATA)
    )
    text, html = _text(message.get(_PR_BODY, "")), _text(message.get(_PR_HTML, ""))
    return Winmail(files, text, html, has_unread_letter=_PR_RTF in message and not text.strip() and not html.strip())


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(name, data) of each attribute: level, name, type, length, data, checksum."""
    position = 6
    while position + 9 <= len(content):
        name, _kind, length = struct.unpack_from("<HHI", content, position + 1)
        start = position + 9
        yield name, content[start : start + length]
        position = start + length + 2


def _of_attachment(name: int, data: bytes, codepage: str) -> dict[int, bytes | str]:
    if name == _ATTACH_TITLE:
        return {_PR_FILENAME: charset.decode(data.rstrip(b"\0"), codepage)[0]}
    if name == _ATTACH_DATA:
        return {_PR_ATTACH_DATA: data}
    return _properties(data, codepage) if name == _ATTACHMENT else {}


def _properties(data: bytes, codepage: str) -> dict[int, bytes | str]:
    """The last value of each MAPI property of a known type; reading ends at the first unknown one."""
    out: dict[int, bytes | str] = {}
    (count,) = struct.unpack_from("<I", data)
    position = 4
    for _ in range(min(count, _MAX_PROPERTIES)):
        if position + 4 > len(data):
            break
        kind, name = struct.unpack_from("<HH", data, position)
        position += 4
        if name >= 0x8000:
            position = _after_name(data, position)
        value, position = _value(data, position, kind, codepage)
        if value is None and position < 0:
            break
        if value is not None:
            out[name] = value
    return out


def _after_name(data: bytes, position: int) -> int:
    """Named properties carry a GUID and a number or a name."""
    (is_name,) = struct.unpack_from("<I", data, position + 16)
    if not is_name:
        return position + 24
    (length,) = struct.unpack_from("<I", data, position + 20)
    return position + 24 + _padded(length)


def _value(data: bytes, position: int, kind: int, codepage: str) -> tuple[bytes | str | None, int]:
    """(value, next position); position -1 for a type that cannot be skipped."""
    multiple, kind = kind & 0x1000, kind & 0x0FFF
    if kind in _FIXED:
        count = struct.unpack_from("<I", data, position)[0] if multiple else 1
        return None, position + (4 if multiple else 0) + count * _padded(_FIXED[kind])
    if kind not in (_STRING8, _UNICODE, _OBJECT, _BINARY):
        return None, -1
    (count,) = struct.unpack_from("<I", data, position)
    position += 4
    value: bytes | str | None = None
    for _ in range(min(count, _MAX_PROPERTIES)):
        (length,) = struct.unpack_from("<I", data, position)
        piece = data[position + 4 : position + 4 + length]
        position += 4 + _padded(length)
        value = value if value is not None else _typed(piece, kind, codepage)
        if position >= len(data):
            break
    return value, position


def _typed(piece: bytes, kind: int, codepage: str) -> bytes | str:
    if kind == _STRING8:
        return charset.decode(piece.rstrip(b"\0"), codepage)[0]
    if kind == _UNICODE:
        return charset.storable(piece.decode("utf-16-le", "replace")).rstrip("\0")
    return piece[16:] if kind == _OBJECT else piece


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _file(properties: dict[int, bytes | str], limits: Limits) -> Attachment:
    data = properties[_PR_ATTACH_DATA]
    name = (
        attachments.file_name(_text(properties.get(_PR_LONG_FILENAME) or properties.get(_PR_FILENAME) or ""), limits)
        or "file"
    )
    content_id = charset.one_line(_text(properties.get(_PR_CONTENT_ID, "")), 250).strip("<>")
    content_type = _text(properties.get(_PR_MIME, "")).lower() or attachments.type_by_name(name)
    return attachments.of_bytes(
        name, content_type, data if isinstance(data, bytes) else data.encode(), content_id=content_id
    )


def _text(value: bytes | str) -> str:
    return charset.decode(value)[0] if isinstance(value, bytes) else value
