"""`type/subtype; name=value` headers with RFC 2231 continuations and charsets, RFC 2047 in names, missing and stray quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote_to_bytes

from sportello.mail.parsing import charset
from sportello.mail.parsing.encoded_words import decode_words
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.patterns import COMMENT

_STOP = re.compile(r'[;"]')
_QUOTED_REST = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_EXTENDED = re.compile(r"(.+?)\*(\d{1,4})?(\*)?$|(.+?)\*$")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CHARSET_TAG = re.compile(r"([A-Za-z0-9_.:+-]*)(?:'[^']{0,40}'|%27[^'%]{0,40}%27)")
_LACKS_SEMICOLON = re.compile(r"(?:([^\s=;\"]+)\s+)?([A-Za-z*0-9-]{1,40}\s*=.*)", re.DOTALL)
_URL_ESCAPED = re.compile(r"(?:[^%\s]|%[0-9A-Fa-f]{2})+")


def read(value: str, limits: Limits) -> tuple[str, dict[str, str]]:
    """The main value in lower case, and its parameters by lower-case name."""
    main, rest = _apart(value)
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for segment in islice(_segments(rest), limits.parameters):
        name, equals, text = segment.partition("=")
        if equals:
            _collect(name.strip().lower(), _unquote(text), plain, pieces)
    for name, parts in pieces.items():
        plain[name] = _joined(sorted(parts))
    return "".join(COMMENT.sub("", main).lower().split()), {
        name: decode_words(text, limits.encoded_words) for name, text in plain.items()
    }


def _apart(value: str) -> tuple[str, str]:
    """What stands before the parameters, and these. Some programs forget the semicolon, or the value itself."""
    value = value.strip()
    main, _, rest = value.partition(";")
    forgotten = _LACKS_SEMICOLON.fullmatch(main) if "=" in main else None
    return (forgotten.group(1) or "", value[forgotten.start(2) :]) if forgotten else (main, rest)


def from_url(text: str) -> str:
    """`text` without the escapes of an address on the web, where it is whole words of UTF-8 written so: some programs name files in that way."""
    if "%" not in text or not _URL_ESCAPED.fullmatch(text):
        return text
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return text


def _segments(text: str) -> Iterator[str]:
    """Between semicolons outside quotes. After a quote that is never closed, quotes mean nothing."""
    start = position = 0
    while stop := _STOP.search(text, position):
        position = stop.end()
        if stop.group() == ";":
            yield text[start : stop.start()]
            start = position
        elif closing := _QUOTED_REST.match(text, position):
            position = closing.end()
        else:
            yield from text[start:].split(";")
            return
    yield text[start:]


def _collect(name: str, text: str, plain: dict[str, str], pieces: dict[str, list[tuple[int, bool, str]]]) -> None:
    """RFC 2231: `name*`, `name*0`, `name*1*` are pieces of one value; the first plain spelling of a name wins."""
    match = _EXTENDED.fullmatch(name) if "*" in name else None
    if match is None:
        plain.setdefault(name, text)
        return
    base = match.group(1) or match.group(4)
    number = int(match.group(2)) if match.group(2) else 0
    pieces.setdefault(base, []).append((number, name.endswith("*"), text))


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    first = parts[0]
    tag = _CHARSET_TAG.match(first[2]) if first[1] else None
    label = tag.group(1) if tag else ""
    texts = [
        (first[1], first[2][tag.end() :] if tag else first[2]),
        *((encoded, text) for _, encoded, text in parts[1:]),
    ]
    data = b"".join(unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace") for encoded, text in texts)
    return charset.decode(data, label)[0]


def _unquote(text: str) -> str:
    text = text.strip()
    if text.startswith('"') and (closing := _QUOTED_REST.match(text, 1)):
        # Windows senders do not escape the backslash of a path; only a quote or a backslash is ever meant. Others forget to escape a quote.
        end = len(text) if text.endswith('"') else closing.end()
        return _ESCAPE.sub(lambda m: m.group(1) if m.group(1) in '"\\' else m.group(0), text[1 : end - 1])
    return text.strip("\"'") if text[:1] in "\"'" else text
