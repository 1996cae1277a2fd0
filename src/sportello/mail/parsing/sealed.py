"""What S/MIME signed and put inside its signature (RFC 8551, 3.5.2): Outlook's "opaque" form, in which the whole letter lies in smime.p7m.

Only as much of CMS (RFC 5652) in BER as leads to the content; nothing is verified here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SIGNED = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x04, 0x24, 0xA0
_DEEPEST = 20
_MOST = 200_000
"""Elements looked at, each time that one is: some programs write their content in pieces of a kilobyte."""
_END = b"\0\0"


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    start: int
    stop: int
    after: int
    """Where the next one begins."""


def content(data: bytes) -> bytes | None:
    """The signed bytes; None where the signature holds none, is no signature, or is too odd."""
    try:
        return _Elements(data).content()
    except (IndexError, ValueError):
        return None


@dataclass(slots=True)
class _Elements:
    data: bytes
    seen: int = 0

    def content(self) -> bytes | None:
        kind, wrapped = self._children(self._element(0, len(self.data)))[:2]
        if self._bytes(kind) != _SIGNED or wrapped.tag != _EXPLICIT:
            return None
        signed = self._children(wrapped)[0]
        _version, _digests, inner, *_rest = self._children(signed)
        parts = self._children(inner)
        if self._bytes(parts[0]) != _DATA or len(parts) < 2:
            return None
        return b"".join(self._octets(self._children(parts[1])[0], 0))

    def _bytes(self, element: _Element) -> bytes:
        return self.data[element.start : element.stop]

    def _octets(self, element: _Element, depth: int) -> Iterator[bytes]:
        if element.tag == _OCTETS:
            yield self._bytes(element)
        elif element.tag == _OCTETS_IN_PIECES and depth < _DEEPEST:
            for each in self._children(element):
                yield from self._octets(each, depth + 1)
        else:
            raise ValueError

    def _children(self, parent: _Element) -> list[_Element]:
        found, position = [], parent.start
        while position < parent.stop:
            found.append(self._element(position, parent.stop))
            position = found[-1].after
        return found

    def _element(self, at: int, end: int, depth: int = 0) -> _Element:
        """Raises ValueError or IndexError where there is none."""
        self.seen += 1
        if self.seen > _MOST or depth > _DEEPEST:
            raise ValueError
        tag, length, at = self.data[at], self.data[at + 1], at + 2
        if length == 0x80:  # not stated: up to two zeros
            position = at
            while self.data[position : position + 2] != _END:
                position = self._element(position, end, depth + 1).after
            return _Element(tag, at, position, position + 2)
        if length > 0x80:  # so many bytes say it
            digits = length - 0x80
            length, at = int.from_bytes(self.data[at : at + digits], "big"), at + digits
        if at + length > end:
            raise ValueError
        return _Element(tag, at, at + length, at + length)
