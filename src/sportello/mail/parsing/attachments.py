"""Enclosed parts as files: with a safe name, their content, and whether they belong inside the text."""

from __future__ import annotations

import hashlib
import mimetypes
import re

from sportello.mail.parsing import charset
from sportello.mail.parsing.encoded_words import decode_words
from sportello.mail.parsing.headers import split
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.model import Attachment
from sportello.mail.parsing.parameters import from_url
from sportello.mail.parsing.structure import Part, Walk

_NAMES = {
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "receipt.txt",
    "message/feedback-report": "complaint.txt",
    "text/rfc822-headers": "original-headers.txt",
    "message/rfc822": "message.eml",
    "message/global": "message.eml",
    "message/news": "message.eml",
    "text/calendar": "invite.ics",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat",
}
MAILS = ("message/rfc822", "message/global", "message/news")
_STEMS = {"image": "image", "audio": "audio", "video": "video", "text": "text"}
_NOT_IN_NAMES = re.compile(r"[/\\:*?\"<>|]+")


def of_part(part: Part, walk: Walk, number: int) -> Attachment:
    content, intact = part.content()
    if not intact:
        walk.note("transfer-encoding")
    named = (
        file_name(part.filename, walk.limits)
        or _enclosed_name(part, content, walk.limits)
        or file_name(_named_by_place(part), walk.limits)
    )
    shown_in_text = bool(part.content_id) and part.main_type == "image" and part.disposition != "attachment"
    return of_bytes(
        named or _NAMES.get(part.content_type) or _made_name(part, number),
        part.content_type,
        content,
        content_id=charset.one_line(part.content_id, 250),
        inline=shown_in_text or part.disposition == "inline",
    )


def of_bytes(name: str, content_type: str, content: bytes, *, content_id: str = "", inline: bool = False) -> Attachment:
    return Attachment(
        name, content_type, content, content_id, inline, hashlib.sha256(content).hexdigest(), len(content)
    )


def pasted(name: bytes, content: bytes, limits: Limits) -> Attachment:
    """A file found uuencoded in a text."""
    text = file_name(charset.decode(name)[0], limits) or "file"
    return of_bytes(text, type_by_name(text), content)


def type_by_name(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def file_name(text: str, limits: Limits) -> str:
    """The last piece of any path, on one line; empty when nothing usable is left."""
    path = from_url(decode_words(text, limits.encoded_words)).replace("\\", "/")
    name = charset.one_line(path.rpartition("/")[2], 1000).strip(". ")
    if len(name) <= limits.name_chars:
        return name
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: limits.name_chars - 20]}{dot}{extension[:19]}"


def _named_by_place(part: Part) -> str:
    """The end of its Content-Location (RFC 2557), which is all that tells the pictures of a saved page apart."""
    place = "".join(part.headers.get("content-location").split()).partition("?")[0]
    return place if "." in place.rpartition("/")[2] else ""


def _enclosed_name(part: Part, content: bytes, limits: Limits) -> str:
    """A forwarded mail is called by its subject."""
    if part.content_type not in MAILS:
        return ""
    subject = split(content, 0, len(content), limits).headers.phrase("subject", 80)
    subject = " ".join(_NOT_IN_NAMES.sub(" ", subject).split()).strip(". ")
    return f"{subject}.eml" if subject else ""


def _made_name(part: Part, number: int) -> str:
    extension = mimetypes.guess_extension(part.content_type, strict=False) or ""
    return f"{_STEMS.get(part.main_type, 'attachment')}-{number}{extension}"
