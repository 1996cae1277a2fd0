"""From an outbox row to the bytes that go out, and from a plain text to the letter around it.

A letter is written once, as text; its HTML is the same text typeset: paragraphs, lists, quotes, links, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import TypedDict

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sportello.core.addresses import ascii_domain
from sportello.mail import headers, tokens
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Mailbox, OutboundMail

DEEPEST_QUOTE = 8
LOOP_HEADER = "X-Sportello-Loop"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_CONTENT_TYPE = re.compile(r"([a-z]{1,30})/[a-z0-9][a-z0-9.+-]{0,100}")
_SENT_AS_BYTES = frozenset({"message", "multipart"})  # these may not be put in base64 (RFC 2046)


class AttachedFile(TypedDict):
    """An attachment of an outbound mail: its bytes lie in core.files under `sha256`."""

    name: str
    content_type: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Letter:
    text: str
    html: str


# -- the letter --------------------------------------------------------------------------------------------------------------------------
def letter(body: str, *, mailbox: Mailbox, language: str, signature_name: str = "", foot: str = "") -> Letter:
    """The body with the mailbox's signature in `language` under it, as text and as HTML.

    The `foot` stands under the signature, below its mark: mail programs and readers of replies take it off with it.
    """
    own = mailbox.signature_it if language == "it" else mailbox.signature_en
    signature = "\n".join(part for part in (signature_name, own or mailbox.display_name) if part)
    body, signature = tidy(body), tidy("\n\n".join(part for part in (signature, foot) if part))
    text = f"{body}\n\n-- \n{signature}\n" if signature else f"{body}\n"
    context = {"language": language, "body": typeset(body), "signature": typeset(signature)}
    return Letter(text=text, html=render_to_string("mail/letter.html", context))


def write(template: str, *, language: str, **context: object) -> str:
    """A mail's text from a template of a room, in the reader's language; blank lines made by template tags are closed up."""
    with translation.override(language):
        text = render_to_string(template, context)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def when(instant: datetime, *, language: str) -> str:
    """An instant as the customer is told it: day, hour, and the provider's time zone, in words of `language`."""
    with translation.override(language):
        local = timezone.localtime(instant)
        day = date_format(local, "l j F Y")
        parts = {"day": day.lower() if language == "it" else day, "time": f"{local:%H:%M}", "zone": local.tzname()}
        return _("%(day)s at %(time)s (%(zone)s)") % parts


def tidy(text: str) -> str:
    """Plain lines: no control characters, one kind of line end, no blank space at the ends."""
    lines = (_CONTROL.sub("", line).rstrip() for line in _LINE_END.split(text))
    return "\n".join(lines).strip("\n")


def typeset(text: str, *, depth: int = 0) -> SafeString:
    """The text as simple HTML: everything is escaped, only http and https addresses become links."""
    blocks = re.split(r"\n{2,}", text)
    return SafeString("\n".join(_block(block.split("\n"), depth) for block in blocks if block.strip()))


def _block(lines: list[str], depth: int) -> str:
    if depth < DEEPEST_QUOTE and all(line.startswith(">") for line in lines):
        quoted = typeset("\n".join(line[1:].removeprefix(" ") for line in lines), depth=depth + 1)
        return f'<blockquote style="margin:0 0 1em;padding-left:12px;border-left:3px solid #c9ced6;color:#5b6472">{quoted}</blockquote>'
    if all(line.startswith(("    ", "\t")) for line in lines):
        return f'<pre style="margin:0 0 1em;padding:8px 12px;background:#f3f4f6">{escape(chr(10).join(lines))}</pre>'
    if all(line.startswith(("- ", "* ")) for line in lines):
        return f'<ul style="margin:0 0 1em">{"".join(f"<li>{_linked(line[2:])}</li>" for line in lines)}</ul>'
    return f'<p style="margin:0 0 1em">{"<br>".join(_linked(line) for line in lines)}</p>'


def _linked(line: str) -> str:
    out, end = [], 0
    for match in _LINK.finditer(line):
        shown = escape(match.group())
        out += [escape(line[end : match.start()]), f'<a href="{shown}">{shown}</a>']
        end = match.end()
    return "".join([*out, escape(line[end:])])


# -- the bytes ---------------------------------------------------------------------------------------------------------------------------
def source(mail: OutboundMail, *, read: Callable[[str], bytes]) -> bytes:
    """The whole mail as it goes over the wire. `read` gives the bytes of an attachment by its sha256.

    The same row gives the same bytes every time, so that a mail tried twice is one mail to whoever gets both. The parts are put together here
    because the standard library decodes RFC 2047 words in a file's name and lets a line break in them end the header.
    """
    block = "".join(f"{line}\r\n" for line in _header_lines(mail))
    return _signed(block.encode() + bytes(_body(mail, read)), mail)


def needs_utf8(mail: OutboundMail) -> bool:
    """Whether an address in it has letters outside ASCII before the @ (RFC 6531)."""
    return not all(value.isascii() for value in (mail.to, mail.reply_to, mail.mailbox.address, *mail.cc))


def _header_lines(mail: OutboundMail) -> Iterator[str]:
    yield f"Date: {format_datetime(mail.created_at.astimezone(UTC))}"
    yield f"Message-ID: {mail.message_id}"
    yield headers.line("From", [mail.from_header])
    yield headers.line("To", [headers.mailbox(mail.to_name, mail.to)])
    if mail.cc:
        yield headers.line("Cc", _with_commas(mail.cc))
    if mail.reply_to:
        yield headers.line("Reply-To", [mail.reply_to])
    yield headers.text("Subject", mail.subject)
    if mail.in_reply_to:
        yield headers.line("In-Reply-To", [mail.in_reply_to])
    if mail.references:
        yield headers.line("References", mail.references)
    if mail.automatic:
        yield f"Auto-Submitted: {'auto-replied' if mail.kind == OutboundKind.RECEIPT else 'auto-generated'}"
        yield "X-Auto-Response-Suppress: All"
    yield f"{LOOP_HEADER}: {tokens.loop_mark()}"
    yield "MIME-Version: 1.0"


def _with_commas(addresses: list[str]) -> list[str]:
    return [f"{one}," for one in addresses[:-1]] + addresses[-1:]


def _body(mail: OutboundMail, read: Callable[[str], bytes]) -> _Part:
    """The MIME parts. Quoted-printable and base64 throughout: no line is long, no server has a reason to change a byte."""
    text = _text_part("plain", mail.text)
    if mail.html:
        text = _multipart("alternative", [text, _text_part("html", mail.html)], mail)
    files = [_file_part(file, read(file["sha256"])) for file in mail.attachments]
    return _multipart("mixed", [text, *files], mail) if files else text


@dataclass(frozen=True, slots=True)
class _Part:
    """A MIME part: its header lines, which come from here alone, and its encoded content."""

    lines: tuple[str, ...]
    content: bytes

    def __bytes__(self) -> bytes:
        return "\r\n".join(self.lines).encode("ascii") + b"\r\n\r\n" + self.content


def _text_part(subtype: str, text: str) -> _Part:
    encoded = quopri.encodestring(text.encode()).replace(b"\n", b"\r\n")
    return _Part(
        (f"Content-Type: text/{subtype}; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"), encoded
    )


def _file_part(file: AttachedFile, content: bytes) -> _Part:
    lines = (
        f"Content-Type: {_content_type(file['content_type'])}",
        "Content-Transfer-Encoding: base64",
        headers.disposition(file["name"]),
    )
    return _Part(lines, base64.encodebytes(content).replace(b"\n", b"\r\n"))


def _multipart(subtype: str, parts: list[_Part], mail: OutboundMail) -> _Part:
    """`=_` stands in neither quoted-printable nor base64, so that no content can hold the boundary."""
    boundary = f"=_{subtype}_{hashlib.sha256(mail.message_id.encode()).hexdigest()[:24]}"
    inner = b"".join(f"--{boundary}\r\n".encode() + bytes(part) + b"\r\n" for part in parts)
    return _Part((f'Content-Type: multipart/{subtype}; boundary="{boundary}"',), inner + f"--{boundary}--\r\n".encode())


def _content_type(value: str) -> str:
    match = _CONTENT_TYPE.fullmatch(value.strip().lower())
    return match.group() if match and match.group(1) not in _SENT_AS_BYTES else "application/octet-stream"


# -- DKIM --------------------------------------------------------------------------------------------------------------------------------
_SIGNED_HEADERS = [
    b"from",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
]


def _signed(content: bytes, mail: OutboundMail) -> bytes:
    """With a DKIM signature before it when a key is set and the sender's domain is the key's, or under it (RFC 6376)."""
    if not settings.DKIM_KEY or not _is_within(mail.mailbox.address.rpartition("@")[2].lower(), _dkim_domain()):
        return content
    import dkim  # noqa: PLC0415 - brings all that reads DNS, which makes every start a third longer

    signature: bytes = dkim.sign(
        content,
        settings.DKIM_SELECTOR.encode("ascii"),
        _dkim_domain().encode("ascii"),
        settings.DKIM_KEY.encode("ascii"),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[
            name for name in _SIGNED_HEADERS if re.search(rb"(?im)^" + name + rb":", content.split(b"\r\n\r\n", 1)[0])
        ],
    )
    return signature + content


@cache
def _ascii(domain: str) -> str:
    return ascii_domain(domain)


def _dkim_domain() -> str:
    return _ascii(settings.DKIM_DOMAIN)


def _is_within(domain: str, parent: str) -> bool:
    return f".{_ascii(domain)}".endswith(f".{parent}")
