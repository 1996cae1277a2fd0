"""Words taken out of mails for good: the bytes as they came are replaced, and the fingerprint stays, so that the same mail is not taken again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText

from django.db.models import Exists, OuterRef, QuerySet

from sportello.core.blotting import Blot
from sportello.core.storing import blot_rows
from sportello.mail.models import InboundMail, OutboundMail, RawMail
from sportello.mail.problems import BLOTTED


def replace_raw(mails: Iterable[InboundMail], *, text: str = "", blot: Blot | None = None) -> int:
    """Puts a mail of our own making in the place of the bytes: who, when, the subject, `text`. Returns how many mails lost theirs."""
    count = 0
    for mail in mails:
        if blot is not None:
            mail.subject, mail.sender_name = blot.text(mail.subject)[0], blot.text(mail.sender_name)[0]
        before = mail.raw_id
        content = _replacement(mail, text).as_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        raw, _made = RawMail.objects.get_or_create(sha256=sha256, defaults={"content": content, "size": len(content)})
        mail.raw, mail.reason_params, mail.error, mail.problems = raw, {}, "", [BLOTTED]
        mail.save(update_fields=["subject", "sender_name", "raw", "reason_params", "error", "problems"])
        count += before != sha256
    drop_unnamed_raws()
    return count


def drop_unnamed_raws() -> None:
    """Takes away the bytes that no mail is about any more."""
    RawMail.objects.filter(~Exists(InboundMail.objects.filter(raw=OuterRef("pk")))).delete()


def blot_outbound(mails: QuerySet[OutboundMail], blot: Blot) -> int:
    """Takes words out of what is in the outbox, sent or not; returns in how many places they stood."""
    count = blot_rows(mails, blot, "subject", "text", "last_answer")
    for mail in mails.exclude(html="").only("pk", "html"):
        rest, found = blot.html(mail.html)
        if found:
            OutboundMail.objects.filter(pk=mail.pk).update(html=rest)
        count += found
    return count


def _replacement(mail: InboundMail, text: str) -> Message:
    """Headers are made anew from what was read, so that nothing odd in them lives on."""
    made = MIMEText(text, "plain", "utf-8")
    made["X-Sportello-Blotted"] = "the mail as it came was removed"
    made["Date"] = mail.received_at.strftime("%a, %d %b %Y %H:%M:%S %z")
    for name, value in (
        ("From", mail.sender),
        ("To", mail.envelope_to),
        ("Subject", mail.subject),
        ("Message-ID", mail.message_id),
    ):
        if value.strip():
            made[name] = Header(" ".join(value.split()), None if value.isascii() else "utf-8", maxlinelen=900).encode()
    return made


def forget_files(mails: QuerySet[OutboundMail], sha256s: Collection[str]) -> None:
    """Mails to be sent again go without these files."""
    for mail in mails.select_for_update(no_key=True):
        rest = [file for file in mail.attachments if file["sha256"] not in sha256s]
        if len(rest) < len(mail.attachments):
            OutboundMail.objects.filter(pk=mail.pk).update(attachments=rest)
