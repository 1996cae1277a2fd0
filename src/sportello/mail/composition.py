"""From an outbox row to the bytes that go out, and from a plain text to the letter around it.

A letter is written once, as text; its HTML is the same text typeset: paragraphs, lists, quotes, links, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import TypedDict

import dkim
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString

from sportello.mail import headers, tokens
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Mailbox, OutboundMail

LOOP_HEADER = "X-Sportello-Loop"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_CONTENT_TYPE = re.compile(r"([a-z]{1,30})/([a-z0-9][a-z0-9.+-]{0,100})")
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
def letter(body: str, *, mailbox: Mailbox, language: str, signature_name: str = "") -> Letter:
    """The body with the mailbox's signature in `language` under it, as text and as HTML."""
    own = mailbox.signature_it if language == "it" else mailbox.signature_en
    signature = "\n".join(part for part in (signature_name, own or mailbox.display_name) if part)
    body, signature = tidy(body), tidy(signature)
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
        return f"{date_format(local, 'l j F Y, H:i')} ({local.tzname()})"


def tidy(text: str) -> str:
    """Plain lines: no control characters, one kind of line end, no blank space at the ends."""
    lines = (_CONTROL.sub("", line).rstrip() for line in _LINE_END.split(text))
    return "\n".join(lines).strip("\n")


def typeset(text: str) -> SafeString:
    """The text as simple HTML: everything is escaped, only http and https addresses become links."""
    blocks = re.split(r"\n{2,}", text)
    return SafeString("\n".join(_block(block.split("\n")) for block in blocks if block.strip()))


def _block(lines: list[str]) -> str:
    if all(line.startswith(">") for line in lines):
        quoted = typeset("\n".join(line[1:].removeprefix(" ") for line in lines))
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

    The same row gives the same headers every time, so that a mail tried twice is one mail to whoever gets both.
    """
    body = _body(mail, read).as_bytes(policy=SMTP)
    block = "".join(f"{line}\r\n" for line in _header_lines(mail))
    return _signed(block.encode() + body, mail)


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


def _body(mail: OutboundMail, read: Callable[[str], bytes]) -> EmailMessage:
    """The MIME parts, without the headers of the mail itself. Quoted-printable throughout: no line is long, no server changes a byte."""
    message = EmailMessage(policy=SMTP)
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for file in mail.attachments:
        maintype, subtype = _content_type(file["content_type"])
        name = headers.clean(file["name"], 200) or "file"
        message.add_attachment(read(file["sha256"]), maintype=maintype, subtype=subtype, filename=name)
    del message["MIME-Version"]
    return message


def _content_type(value: str) -> tuple[str, str]:
    match = _CONTENT_TYPE.fullmatch(value.strip().lower())
    if match is None or match.group(1) in _SENT_AS_BYTES:
        return "application", "octet-stream"
    return match.group(1), match.group(2)


# -- DKIM --------------------------------------------------------------------------------------------------------------------------------
_SIGNED_HEADERS = [b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references", b"mime-version", b"content-type"]


def _signed(content: bytes, mail: OutboundMail) -> bytes:
    """With a DKIM signature before it when a key is set and the sender's domain is the key's, or under it (RFC 6376)."""
    if not settings.DKIM_KEY or not _is_within(mail.mailbox.address.rpartition("@")[2].lower(), _dkim_domain()):
        return content
    signature: bytes = dkim.sign(
        content,
        settings.DKIM_SELECTOR.encode("ascii"),
        _dkim_domain().encode("ascii"),
        settings.DKIM_KEY.encode("ascii"),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=[name for name in _SIGNED_HEADERS if re.search(rb"(?im)^" + name + rb":", content.split(b"\r\n\r\n", 1)[0])],
    )
    return signature + content


@cache
def _ascii(domain: str) -> str:
    return headers.ascii_domain(domain)


def _dkim_domain() -> str:
    return _ascii(settings.DKIM_DOMAIN)


def _is_within(domain: str, parent: str) -> bool:
    return f".{_ascii(domain)}".endswith(f".{parent}")
