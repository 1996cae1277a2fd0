"""How much of one mail is read. Every bound is applied to bytes, before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What lies beyond a bound is left out of the reading (never out of the stored bytes) and named in `ParsedMail.problems`."""

    total_bytes: int = 64 * MIB
    header_block_bytes: int = 512 * KIB
    header_bytes: int = 64 * KIB
    headers: int = 1_000
    encoded_words: int = 1_000
    """In one header."""
    parameters: int = 200
    """Of one structured header, RFC 2231 continuations included."""
    addresses: int = 300
    """In one header, and in the whole list of recipients."""
    references: int = 100
    parts: int = 1_000
    depth: int = 50
    attachments: int = 250
    envelopes: int = 1
    """How many mails deep a certified-mail envelope is opened."""
    text_chars: int = 1_000_000
    html_bytes: int = 32 * MIB
    """With the images pasted into it; without them, `html_chars`."""
    html_chars: int = MIB
    html_depth: int = 256
    html_attributes: int = 1_000
    """White-space separated tokens inside one tag."""
    subject_chars: int = 998
    name_chars: int = 255
    bounce_chars: int = 32 * 1024
    tnef_bytes: int = 32 * MIB


DEFAULT = Limits()
