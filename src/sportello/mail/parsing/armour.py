"""What PGP wrote around a letter in the text itself (RFC 9580, 6.2 and 7), as programs without MIME for it still do. Nothing is verified here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sportello.mail.parsing.lines import Line

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_ENDS = "-----END PGP SIGNATURE-----"
_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_LOOK = 2_000
"""Characters of a text, lines of a letter."""


def is_signed(text: str) -> bool:
    return _SIGNED in text[:_LOOK]


def is_encrypted(text: str) -> bool:
    return text[:_LOOK].lstrip().startswith(_ENCRYPTED) or f"\n{_ENCRYPTED}\n" in text[:_LOOK]


def off(lines: list[Line]) -> list[Line]:
    """The signed lines as they were written, with what stands above and below; everything where nothing is signed."""
    begin = _first(lines, 0, _SIGNED.__eq__)
    if begin == len(lines):
        return lines
    start = _first(lines, begin, "".__eq__) + 1
    end = _first(lines, start, _SIGNATURE.__eq__)
    below = _first(lines, end, _SIGNATURE_ENDS.__eq__) + 1
    return [
        *lines[:begin],
        *(replace(line, text=line.text.removeprefix("- ")) for line in lines[start:end]),
        *lines[below:],
    ]


def _first(lines: list[Line], start: int, wanted: Callable[[str], bool]) -> int:
    """Its number, or how many there are."""
    return next((index for index in range(start, len(lines)) if wanted(lines[index].text)), len(lines))
