"""What S/MIME signed and put inside its signature (RFC 8551, 3.5.2): Outlook's "opaque" form, in which the whole letter lies in smime.p7m.

Only as much of CMS (RFC 5652) in BER as leads to the content; nothing is verified here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SIGNED = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_SEQUENCE, _OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x30, 0x04, 0x24, 0xA0
_DEEPEST = 20
_END = b"\0\0"


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    start: int
    stop: int
    after: int
    """Where the next one begins."""


def content(data: bytes) -> bytes | None:
    """The signed bytes; None where the signature holds none, or it is no signature."""
    try:
        return _content(data)
    except (IndexError, ValueError):
        return None


def _content(data: bytes) -> bytes | None:
    kind, wrapped = _children(data, _element(data, 0, len(data)))[:2]
    if data[kind.start : kind.stop] != _SIGNED or wrapped.tag != _EXPLICIT:
        return None
    signed = _children(data, wrapped)[0]
    inner = [each for each in _children(data, signed) if each.tag == _SEQUENCE][0]  # noqa: RUF015 - no StopIteration here
    parts = _children(data, inner)
    if data[parts[0].start : parts[0].stop] != _DATA or len(parts) < 2:
        return None
    return b"".join(_octets(data, _children(data, parts[1])[0], 0))


def _octets(data: bytes, element: _Element, depth: int) -> Iterator[bytes]:
    if element.tag == _OCTETS:
        yield data[element.start : element.stop]
    elif element.tag == _OCTETS_IN_PIECES and depth < _DEEPEST:
        for each in _children(data, element):
            yield from _octets(data, each, depth + 1)
    else:
        raise ValueError


def _children(data: bytes, parent: _Element) -> list[_Element]:
    found, position = [], parent.start
    while position < parent.stop:
        found.append(_element(data, position, parent.stop))
        position = found[-1].after
    return found


def _element(data: bytes, at: int, end: int, depth: int = 0) -> _Element:
    """Raises ValueError or IndexError where there is none."""
    tag, length, at = data[at], data[at + 1], at + 2
    if length == 0x80:  # not stated: up to two zeros
        if depth > _DEEPEST:
            raise ValueError
        position = at
        while data[position : position + 2] != _END:
            position = _element(data, position, end, depth + 1).after
        return _Element(tag, at, position, position + 2)
    if length > 0x80:  # so many bytes say it
        digits = length - 0x80
        length, at = int.from_bytes(data[at : at + digits], "big"), at + digits
    if at + length > end:
        raise ValueError
    return _Element(tag, at, at + length, at + length)
