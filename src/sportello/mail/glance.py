"""Who, what, which id: enough to list a mail before it was read, and to show somebody one that nothing could read. Bounded and quick."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sportello.mail.parsing import addresses, headers
from sportello.mail.parsing.limits import KIB, Limits

log = logging.getLogger(__name__)
LIMITS = Limits(
    header_block_bytes=64 * KIB, header_bytes=4 * KIB, headers=200, encoded_words=30, addresses=1, references=1
)


@dataclass(frozen=True, slots=True)
class Glance:
    """`message_id` has no angle brackets. What the mail does not say is empty."""

    from_addr: str = ""
    from_name: str = ""
    subject: str = ""
    message_id: str = ""


def glance(raw: bytes) -> Glance:
    """The first 64 KiB, and of these the header alone. Never raises: a mail that cannot even be glanced at is stored all the same."""
    try:
        return _read(raw[: LIMITS.header_block_bytes])
    except Exception:
        log.exception("A mail could not be glanced at; it is listed without sender and subject.")
        return Glance()


def _read(head: bytes) -> Glance:
    fields = headers.split(head, 0, len(head), LIMITS).headers
    found = addresses.read(fields.any_of("from", "reply-to", "sender", "return-path"), LIMITS)
    sender = found[0] if found else addresses.Address("", "")
    ids = fields.ids("message-id")
    return Glance(
        from_addr=sender.addr[:320],
        from_name=sender.name[:200],
        subject=fields.phrase("subject", 500),
        message_id=ids[0] if ids else "",
    )
