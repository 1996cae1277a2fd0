"""The tree of a MIME mail, walked under bounds and flattened: what a reader sees, and what is attached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sportello.mail.parsing import parameters, sealed
from sportello.mail.parsing.headers import Headers, split
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.transfer import decode_body

_T = TypeVar("_T")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
SEALED_NAME = "smime.p7m"
"""Of a letter that is signed or encrypted as a whole (RFC 8551, 3.2.1), by which it is known where a gateway has lost its type."""
_DELIMITER_TAIL = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_GUESS = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n[A-Za-z-]{1,60}:", re.MULTILINE)


@dataclass(slots=True)
class Part:
    headers: Headers
    content_type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    body: bytes
    """Still in its transfer encoding; empty for a multipart that was opened."""
    children: list[Part] = field(default_factory=list)

    @property
    def main_type(self) -> str:
        return self.content_type.partition("/")[0]

    @property
    def charset(self) -> str:
        return self.params.get("charset", "")

    @property
    def filename(self) -> str:
        names = (self.disposition_params.get("filename"), self.params.get("name"), self.params.get("filename"))
        return next((name for name in names if name), "")

    @property
    def content_id(self) -> str:
        return self.headers.get("content-id").strip().strip("<>").strip()

    def content(self) -> tuple[bytes, bool]:
        """The body without its transfer encoding, and whether that was what it said."""
        return decode_body(self.body, self.headers.get("content-transfer-encoding"))


@dataclass(slots=True)
class Walk:
    """Counts what one mail may use up, all its parts together."""

    limits: Limits
    parts: int = 0
    problems: dict[str, None] = field(default_factory=dict)

    def note(self, *codes: str) -> None:
        self.problems.update(dict.fromkeys(codes))

    def attempt(self, code: str, read: Callable[[], _T], otherwise: _T) -> _T:
        """One reader's answer; whatever it trips over is noted and costs only that answer."""
        try:
            return read()
        except Exception:  # noqa: BLE001 - a fault in reading one thing must not hide the others
            self.note(f"unreadable:{code}")
            return otherwise


def read_tree(raw: bytes, walk: Walk) -> Part:
    return _read_part(raw, 0, len(raw), 0, walk, "text/plain")


def leaves(part: Part) -> list[Part]:
    """All parts without children, in the order they are sent."""
    out: list[Part] = []
    stack = [part]
    while stack:
        current = stack.pop()
        if current.children:
            stack.extend(reversed(current.children))
        else:
            out.append(current)
    return out


def _read_part(raw: bytes, start: int, end: int, depth: int, walk: Walk, default_type: str) -> Part:
    walk.parts += 1
    header_split = split(raw, start, end, walk.limits, is_mail=depth == 0)
    headers = header_split.headers
    # A part may well have no headers at all: its first line is its text then.
    walk.note(*(code for code in header_split.problems if depth == 0 or code != "no-blank-line"))
    content_type, params = _content_type(headers, default_type, walk)
    disposition, disposition_params = parameters.read(headers.get("content-disposition"), walk.limits)
    part = Part(headers, content_type, params, disposition, disposition_params, b"")
    if part.content_type == "application/octet-stream" and part.filename.lower() == SEALED_NAME:
        part.content_type = _SEALED[0]
    if part.main_type == "multipart":
        _open_multipart(part, raw, header_split.body, end, depth, walk)
    else:
        part.body = raw[header_split.body : end]
    return _unsealed(part, depth, walk) if part.content_type in _SEALED else part


def _unsealed(part: Part, depth: int, walk: Walk) -> Part:
    """A signature that holds the part it signs, as a multipart of the two; any other, such as a signed document's, as it is."""
    if depth >= walk.limits.depth or walk.parts >= walk.limits.parts:
        return part
    inner = sealed.content(part.content()[0])
    if inner is None or not split(inner, 0, len(inner), walk.limits, is_mail=False).headers.has("content-type"):
        return part
    part.params["smime-type"] = "signed-data"
    child = _read_part(inner, 0, len(inner), depth + 1, walk, "text/plain")
    return replace(part, content_type="multipart/signed", body=b"", children=[child, part])


def _content_type(headers: Headers, default_type: str, walk: Walk) -> tuple[str, dict[str, str]]:
    value = headers.get("content-type")
    content_type, params = parameters.read(value, walk.limits)
    if _TYPE.fullmatch(content_type):
        return content_type, params
    if value.strip():
        walk.note("content-type")
    if "boundary" in params and content_type.startswith("multipart"):
        return "multipart/mixed", params
    if content_type in ("text", "html", "text/html/"):
        return ("text/html" if "html" in content_type else "text/plain"), params
    return (
        "application/octet-stream" if content_type and not content_type.startswith("text") else default_type
    ), params


def _open_multipart(part: Part, raw: bytes, start: int, end: int, depth: int, walk: Walk) -> None:
    boundary = _boundary(part, raw, start, end, walk)
    if depth >= walk.limits.depth:
        walk.note("too-deep")
        part.content_type, part.body = "application/octet-stream", raw[start:end]
        return
    spans = _spans(raw, boundary, start, end, walk) if boundary else []
    if not spans:
        walk.note("no-parts")
        part.content_type, part.body = "text/plain", raw[start:end]
        return
    default_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for span_start, span_end in spans:
        if walk.parts >= walk.limits.parts:
            walk.note("parts-cut")
            return
        part.children.append(_read_part(raw, span_start, span_end, depth + 1, walk, default_type))


def _boundary(part: Part, raw: bytes, start: int, end: int, walk: Walk) -> bytes:
    """What was declared if it is there at all, else the first line that looks like one."""
    declared = part.params.get("boundary", "").rstrip().encode("utf-8", "replace")
    if declared and raw.find(b"--" + declared, start, end) >= 0:
        return declared
    walk.note("boundary")
    guess = _GUESS.search(raw, start, end)
    return guess.group(1) if guess else b""


def _spans(raw: bytes, boundary: bytes, start: int, end: int, walk: Walk) -> list[tuple[int, int]]:
    """Where each part begins and ends. What follows a closing line is skipped up to the next opening one."""
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for line_start, line_end, closes in _delimiters(raw, b"--" + boundary, start, end, walk.limits.parts):
        if opened is not None:
            spans.append((opened, _without_line_break(raw, opened, line_start)))
        opened = None if closes else line_end
    if opened is not None:
        walk.note("unclosed")
        spans.append((opened, end))
    return spans


def _delimiters(raw: bytes, delimiter: bytes, start: int, end: int, limit: int) -> Iterator[tuple[int, int, bool]]:
    """(start of the line, start of the next one, whether it closes), for whole lines only; `limit` parts and as many false ones."""
    position = start if raw.startswith(delimiter, start, end) else _next_line(raw, delimiter, start, end)
    seen = 0
    while position >= 0 and seen <= 4 * limit:
        seen += 1
        tail = _DELIMITER_TAIL.match(raw, position + len(delimiter), end)
        if tail:
            yield position, tail.end(), tail.group(1) is not None
        position = _next_line(raw, delimiter, position, end)


def _next_line(raw: bytes, delimiter: bytes, start: int, end: int) -> int:
    found = raw.find(b"\n" + delimiter, start, end)
    return found + 1 if found >= 0 else -1


def _without_line_break(raw: bytes, start: int, end: int) -> int:
    """The line break before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    if end > start and raw[end - 1] == 0x0A:
        end -= 1
        if end > start and raw[end - 1] == 0x0D:
            end -= 1
    return end
