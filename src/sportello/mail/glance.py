"""Who wrote, and about what, out of bytes that nothing else could read: so that even such a mail becomes a ticket somebody sees."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD_BYTES = 64 * 1024
_FIELD = re.compile(rb"^(from|subject|message-id|reply-to):[ \t]*([^\r\n]{0,2000})", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@]{1,64}@[^\s<>\"'(),;:@]{1,190}")
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Glance:
    from_addr: str
    subject: str
    message_id: str


def glance(raw: bytes) -> Glance:
    """The first From, Subject and Message-ID of the first 64 KiB, undecoded. Empty strings where there is none; never raises."""
    found: dict[bytes, str] = {}
    for match in _FIELD.finditer(raw[:_HEAD_BYTES]):
        found.setdefault(match.group(1).lower(), _text(match.group(2)))
    address = _ADDRESS.search(found.get(b"from", "") or found.get(b"reply-to", ""))
    return Glance(
        address.group(0) if address else "",
        found.get(b"subject", "")[:300],
        found.get(b"message-id", "").strip("<> ")[:900],
    )


def _text(value: bytes) -> str:
    return _NOT_PRINTED.sub(" ", value.decode("utf-8", "replace")).strip()
