"""The header block of a mail or part: split under bounds, repaired where mailers break it, read as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sportello.mail.parsing import charset
from sportello.mail.parsing.encoded_words import decode_words
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.patterns import words

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_PREAMBLE_LOOK = 8192
_KNOWN = words(
    """
    from to cc bcc subject date sender reply-to message-id in-reply-to references received return-path mime-version content-type
    content-transfer-encoding content-disposition content-id content-description delivered-to auto-submitted precedence importance
    list-id list-unsubscribe dkim-signature authentication-results thread-topic thread-index user-agent errors-to organization
    content-language accept-language
    """
)
_ID = re.compile(r"<([^<>]{1,900})>")
_BRACKETS = re.compile("&[lg]t;")
_BARE_ID = re.compile(r"[^\s<>\"',;()]{1,900}")


@dataclass(frozen=True, slots=True)
class Headers:
    fields: tuple[tuple[str, bytes], ...]
    """(name in lower case, value unfolded), in order; the last one of the walk may have been cut."""
    limits: Limits
    charset_hint: str = ""

    def raw(self, name: str) -> bytes | None:
        return next((value for key, value in self.fields if key == name), None)

    def has(self, name: str) -> bool:
        return self.raw(name) is not None

    def get(self, name: str) -> str:
        """The first field of that name as text, encoded words still in it; empty when there is none."""
        value = self.raw(name)
        return "" if value is None else self._text(value)

    def all(self, name: str) -> list[str]:
        return [self._text(value) for key, value in self.fields if key == name]

    def any_of(self, *names: str) -> str:
        return next((text for name in names if (text := self.get(name).strip())), "")

    def phrase(self, name: str, chars: int) -> str:
        """An unstructured field, decoded, on one line."""
        return charset.one_line(decode_words(self.get(name), self.limits.encoded_words), chars)

    def ids(self, name: str) -> tuple[str, ...]:
        """Message-IDs of all fields of that name, without brackets, each once, the oldest and the newest when there are too many.

        Some programs write long ones as encoded words, which RFC 2047 forbids there; they mean the same.
        """
        values = [decode_words(value, self.limits.encoded_words) for value in self.all(name)]
        found = list(dict.fromkeys(message_id for value in values for message_id in ids_in(value)))
        if len(found) > self.limits.references:
            found = found[:10] + found[10 - self.limits.references :]
        return tuple(found)

    def _text(self, value: bytes) -> str:
        return (
            charset.decode_raw_header(value, self.charset_hint)
            if not value.isascii()
            else charset.storable(value.decode("ascii"))
        )


def ids_in(value: str) -> list[str]:
    """`<a@b>` where there are brackets, also where a program wrote them as for HTML, else every word."""
    found = ["".join(match.split()) for match in _ID.findall(_BRACKETS.sub(_bracket, value))]
    return [i for i in found if i] or _BARE_ID.findall(value)


def _bracket(match: re.Match[str]) -> str:
    return "<" if match.group() == "&lt;" else ">"


@dataclass(frozen=True, slots=True)
class Split:
    headers: Headers
    body: int
    """Where the body begins."""
    problems: tuple[str, ...]


def split(raw: bytes, start: int, end: int, limits: Limits, *, is_mail: bool = True) -> Split:
    """Headers of raw[start:end], a mail or one of its parts. A line that is none begins the body, unless known headers go on right after it."""
    fields: list[tuple[str, list[bytes]]] = []
    problems: dict[str, None] = {}
    position = _skip_preamble(raw, start, end) if is_mail else start
    stop = min(end, start + limits.header_block_bytes)
    while position < stop:
        match = _LINE.match(raw, position, end)
        line = raw[position : match.end()].rstrip(b"\r\n") if match else b""
        following = match.end() if match else end
        if not line:
            position = following
            break
        if not _take(line, fields, limits, problems):
            if not _headers_go_on(raw, following, end):
                problems["no-blank-line"] = None
                break
            problems["broken-header"] = None
        position = following
    else:
        if position < end:
            problems["headers-cut"] = None
            position = _after_blank_line(raw, position, end)
    return Split(_headers(fields, limits, problems), position, tuple(problems))


def _take(line: bytes, fields: list[tuple[str, list[bytes]]], limits: Limits, problems: dict[str, None]) -> bool:
    """Adds a field or the continuation of one. False for a line that is neither."""
    if line[0] in b" \t":
        if fields:
            fields[-1][1].append(line)
        return True
    match = _FIELD.match(line)
    if match is None:
        return False
    if len(fields) < limits.headers:
        fields.append((match.group(1).decode("ascii").lower(), [line[match.end() :]]))
    else:
        problems["headers-cut"] = None
    return True


def _headers(fields: list[tuple[str, list[bytes]]], limits: Limits, problems: dict[str, None]) -> Headers:
    whole: list[tuple[str, bytes]] = []
    for name, lines in fields:
        value = b"".join(lines).strip()
        if len(value) > limits.header_bytes:
            problems["header-cut"] = None
            value = value[: limits.header_bytes]
        whole.append((name, value))
    return Headers(tuple(whole), limits)


def _skip_preamble(raw: bytes, start: int, end: int) -> int:
    """Blank lines and an mbox `From ` line before the first field. What follows blank lines may also be the text of a mail without headers."""
    position = start
    while position < min(end, start + 1024):
        match = _LINE.match(raw, position, end)
        line = raw[position : match.end()] if match else b""
        if line.strip() and not line.startswith((b"From ", b">From ")):
            break
        position = match.end() if match else end
    begins_blank = raw[start : start + 2].startswith((b"\n", b"\r\n"))
    is_text = begins_blank and not _has_known_field(raw, position, end)
    return start if is_text or position >= end else position


def _has_known_field(raw: bytes, position: int, end: int) -> bool:
    """Whether a well-known header stands before the next blank line."""
    block = raw[position : min(_after_blank_line(raw, position, end), position + _PREAMBLE_LOOK)]
    names = (_FIELD.match(line) for line in block.splitlines())
    return any(name and name.group(1).decode("ascii").lower() in _KNOWN for name in names)


def _headers_go_on(raw: bytes, position: int, end: int) -> bool:
    """Whether a well-known header stands within the next three lines, so that the odd line was a broken fold."""
    for _ in range(3):
        match = _LINE.match(raw, position, end)
        if match is None or not raw[position : match.end()].strip():
            return False
        name = _FIELD.match(raw, position, match.end())
        if name and name.group(1).decode("ascii").lower() in _KNOWN:
            return True
        position = match.end()
    return False


def _after_blank_line(raw: bytes, position: int, end: int) -> int:
    match = re.compile(rb"\n\r?\n").search(raw, position, end)
    return match.end() if match else end
