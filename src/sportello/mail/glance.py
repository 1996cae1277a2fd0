"""The three things the list of mails shows before a mail was read: who, what, which id. Bounded and quick, in the transaction that stores the mail."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sportello.mail.parsing import addresses, headers
from sportello.mail.parsing.limits import KIB, Limits

log = logging.getLogger(__name__)
LIMITS = Limits(header_block_bytes=64 * KIB, header_bytes=4 * KIB, headers=200, encoded_words=30, addresses=1, references=1)


@dataclass(frozen=True, slots=True)
class Glance:
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    message_id: str = ""


def glance(raw: bytes) -> Glance:
    """Never raises: a mail that cannot even be glanced at is stored all the same."""
    try:
        return _read(raw[: LIMITS.header_block_bytes])
    except Exception:
        log.exception("A mail could not be glanced at; it is stored without sender and subject in the list.")
        return Glance()


def _read(head: bytes) -> Glance:
    fields = headers.split(head, 0, len(head), LIMITS).headers
    found = addresses.read(fields.any_of("from", "reply-to", "sender", "return-path"), LIMITS)
    sender = found[0] if found else addresses.Address("", "")
    ids = fields.ids("message-id")
    return Glance(
        sender=sender.addr[:320],
        sender_name=sender.name[:200],
        subject=fields.phrase("subject", 500),
        message_id=ids[0][:998] if ids else "",
    )
