"""From a mail that was read to the message it becomes. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sportello.intake.rules import Mark
from sportello.mail.parsing import ParsedMail
from sportello.tickets.actions import NewFile

RAW_NAME = "mail.eml"
RAW_TYPE = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Contents:
    """`html` keeps `cid:` addresses: whoever shows it puts the attachment with that content id in their place."""

    subject: str
    text: str
    fresh_text: str
    html: str
    sanitiser_version: int
    language: str
    extra: dict[str, Any]
    files: tuple[NewFile, ...]


def contents_of(mail: ParsedMail, marks: tuple[Mark, ...], *, is_answer: bool) -> Contents:
    """Quotes and signature are folded away in answers only: of a first mail everything is shown."""
    text = mail.text if mail.text.strip() else mail.html_text
    folded = is_answer and mail.reply_text.strip() and mail.reply_text.strip() != text.strip()
    return Contents(
        subject=mail.subject,
        text=text,
        fresh_text=mail.reply_text if folded else "",
        html=mail.html,
        sanitiser_version=mail.sanitiser_version,
        language=mail.language,
        extra=_extra(mail, marks),
        files=tuple(
            NewFile(file.name, file.content_type, file.content, file.content_id, file.inline)
            for file in mail.attachments
        ),
    )


def unread(text: str, *, subject: str, raw: bytes) -> Contents:
    """For a mail that could not be read: a sentence, and the mail itself as a file."""
    files = (NewFile(RAW_NAME, RAW_TYPE, raw),)
    return Contents(subject, text, "", "", 0, "", {"unread": True}, files)


def _extra(mail: ParsedMail, marks: tuple[Mark, ...]) -> dict[str, Any]:
    """What is shown beside the text; only what is there."""
    found: dict[str, Any] = {
        "invitation": asdict(mail.calendar) if mail.calendar else None,
        "pec": {"kind": mail.pec.kind.value, "envelope_from": mail.pec.envelope_from} if mail.pec else None,
        "marks": [[str(mark.reason), dict(mark.params)] for mark in marks],
        "problems": list(mail.problems),
        "encrypted": mail.is_encrypted,
        "signed": "S/MIME" if mail.is_smime_signed else "PGP" if mail.is_pgp_signed else "",
        "forward_from": mail.forward_from,
        "reply_to": [address for address in mail.reply_to if address.lower() != mail.from_addr.lower()],
    }
    return {name: value for name, value in found.items() if value}
