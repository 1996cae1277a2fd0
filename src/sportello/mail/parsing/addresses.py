"""Addresses out of From, To and the like: one pass over the characters, no recursion, nothing refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sportello.mail.parsing import charset
from sportello.mail.parsing.encoded_words import decode_words
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.patterns import COMMENT

_BARE = re.compile(
    r"[^\s<>\"(),;:\[\]@]{1,128}(?:@(?:\[[^\s<>\"(),;\[\]]{1,255}\]|[^\s<>\"(),;:\[\]@]{1,255}))+"
)  # of several @ the last one counts, as for a mail server
_BARE_QUOTED = re.compile(r'"[^"]{0,128}"@[^\s<>"(),;:@]{1,255}')
_QUOTED_LOCAL = re.compile(r'"[^"@<>]{1,128}"@[^\s<>"(),;:@]{1,255}')
_LEFT_OVER = re.compile(r"\[(?:mailto:)? \]")
_DOMAIN_END = ".,;:'\"> \t"


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    addr: str


@dataclass(slots=True)
class _Mailbox:
    """What was gathered since the last comma."""

    words: list[str]
    angle: list[str] | None = None
    comments: list[str] | None = None
    has_at: bool = False
    """In its words, quoted ones too."""

    @property
    def is_half_a_name(self) -> bool:
        """`Greco, Anna <anna@example.it>`, without the quotes that belong there."""
        return self.angle is None and not self.has_at and any(word.strip() for word in self.words)

    @property
    def empty(self) -> bool:
        return not self.angle and not "".join(self.words).strip()


def read(value: str, limits: Limits) -> list[Address]:
    """Every address of one header, groups flattened, at most `limits.addresses` of them."""
    if "@" not in value and "=?" in value:  # some senders encode the whole "Name <address>" as one word
        value = decode_words(value, limits.encoded_words)
    return _mailboxes(value, limits)


def _mailboxes(value: str, limits: Limits) -> list[Address]:
    out: list[Address] = []
    current = _Mailbox([])
    index, length = 0, len(value)
    closing = _comment_ends(value)
    last_group_end = value.rfind(";")
    while index < length and len(out) < limits.addresses:
        char = value[index]
        if char == '"':
            index = _quoted(value, index, current)
        elif char == "(" and index in closing:
            index = _comment(value, index, closing[index], current)
        elif char == "<":
            index = _angle(value, index, current)
        elif char == "," and current.is_half_a_name:
            current.words.append(char)
            index += 1
        elif char in ",;":
            _close(current, out, limits)
            current = _Mailbox([])
            index += 1
        elif (
            char == ":"
            and index < last_group_end
            and current.angle is None
            and not current.has_at
            and _starts_group(value, index)
        ):
            current = _Mailbox([])
            index += 1
        else:
            end = _plain_end(value, index)
            current.words.append(value[index:end])
            current.has_at = current.has_at or "@" in current.words[-1]
            index = end
    _close(current, out, limits)
    return out[: limits.addresses]


_BRACKET = re.compile(r"\\.|[()]", re.DOTALL)
_SPECIAL = re.compile(r'["(<,;:]')


def _plain_end(value: str, index: int) -> int:
    match = _SPECIAL.search(value, index + 1)
    return match.start() if match else len(value)


def _starts_group(value: str, index: int) -> bool:
    """`Team: a@b, c@d;` but not the colon of `mailto:` or of a bare `a:b`."""
    return value[max(0, index - 6) : index].lower() != "mailto"


def _quoted(value: str, index: int, current: _Mailbox) -> int:
    position = index + 1
    text: list[str] = []
    while position < len(value) and value[position] != '"':
        if value[position] == "\\" and position + 1 < len(value):
            position += 1
        text.append(value[position])
        position += 1
    if position >= len(value) and "<" in value[index:]:
        return index + 1  # a lone quote: read on as if it were not there
    quoted = "".join(text)
    current.has_at = current.has_at or "@" in quoted
    if value[position + 1 : position + 2] == "@":  # "odd local part"@example.it
        end = _plain_end(value, position)
        current.words.append(f'"{quoted}"{value[position + 1 : end]}')
        current.has_at = True
        return end
    current.words.append(quoted)
    return position + 1


def _comment_ends(value: str) -> dict[int, int]:
    """Where each comment that is closed ends. A bracket that is never closed opens none."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKET.finditer(value):
        if match.group() == "(":
            opened.append(match.start())
        elif match.group() == ")" and opened:
            ends[opened.pop()] = match.start()
    return ends


def _comment(value: str, index: int, end: int, current: _Mailbox) -> int:
    if current.comments is None:
        current.comments = []
    current.comments.append(value[index + 1 : end])
    return end + 1


def _angle(value: str, index: int, current: _Mailbox) -> int:
    end = value.find(">", index)
    if end < 0 or (
        (again := value.find("<", index + 1, end)) > 0
        and "@" in value[index + 1 : again]
        and "," in value[index + 1 : again]
    ):
        comma = value.find(",", index)
        end = comma if comma >= 0 else len(value)
    inner = COMMENT.sub("", value[index + 1 : end]).strip()
    if current.angle is None:
        current.angle = []
    if "@" in inner or not current.angle:
        current.angle.append(inner.lstrip("<"))
    return end + 1 if value[end : end + 1] == ">" else end


def _close(current: _Mailbox, out: list[Address], limits: Limits) -> None:
    if current.empty:
        return
    words = "".join(current.words)
    if current.angle:
        addr = next((a for a in reversed(current.angle) if "@" in a), current.angle[0])
        name = words
    else:
        bare = _BARE_QUOTED.search(words) or _BARE.search(words)  # an address inside the quotes is not the address
        addr = bare.group(0) if bare else words.strip()
        name = _LEFT_OVER.sub(" ", words.replace(bare.group(0), " ")) if bare else ""
        name = name if name.strip(" '\"<>.:") and bare and name.lower().strip() != "mailto:" else ""
    addr = clean_address(decode_words(addr, limits.encoded_words))
    name = _clean_name(name if name.strip() else " ".join(current.comments or ()), limits)
    if addr:
        out.append(Address("" if name == addr else name, addr))


def _clean_name(name: str, limits: Limits) -> str:
    text = charset.one_line(decode_words(name, limits.encoded_words), limits.name_chars)
    if text[:1] in ("'", '"') and (text[-1] == text[0] or text.count(text[0]) == 1):  # but not of: 'Anna' via Sales
        text = text.strip("\"' ")
    return text.strip("<> ")


def clean_address(text: str) -> str:
    """Without source route, mailto:, spaces and stray punctuation; at most 320 characters (RFC 3696 erratum 1690, and some)."""
    text = charset.one_line(text, 1000)
    text = text.removeprefix("mailto:").removeprefix("MAILTO:").strip(" \t<>")
    if _QUOTED_LOCAL.fullmatch(text):
        return text[:320]
    text = text.strip(_DOMAIN_END)
    if text.startswith("@") and ":" in text:  # <@relay,@relay:user@example.it>, RFC 822 source route
        text = text.rpartition(":")[2]
    return "".join(text.split())[:320]
