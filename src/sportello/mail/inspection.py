"""One mail as it came, for somebody who looks at it: bounded, decoded, shown as it is and never acted upon. Never raises."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from sportello.mail.glance import LIMITS
from sportello.mail.parsing import authentication, headers
from sportello.mail.parsing.charset import one_line
from sportello.mail.parsing.encoded_words import decode_words
from sportello.mail.parsing.model import Authentication

log = logging.getLogger(__name__)

SHOWN_BYTES = 256 * 1024
LONGEST_VALUE = 2_000
NOTHING_FOUND = Authentication()
# What a terminal or a page would act on instead of showing it: controls, and marks that turn the direction of writing.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Inspection:
    """`headers` are (Name, value) in their order; `servers` wrote an Authentication-Results header, topmost first.

    `authentication` is what our own mail server found, `topmost` what the last server found, whoever it is.
    """

    headers: tuple[tuple[str, str], ...] = ()
    authentication: Authentication = NOTHING_FOUND
    topmost: Authentication = NOTHING_FOUND
    servers: tuple[str, ...] = ()


def inspect(raw: bytes, *, trusted_authserv: str) -> Inspection:
    """The header of a mail; what could not be read is left out."""
    try:
        return _read(raw[: LIMITS.header_block_bytes], trusted_authserv)
    except Exception:
        log.exception("The header of a mail could not be shown.")
        return Inspection()


def source(raw: bytes) -> tuple[str, bool]:
    """The beginning of a mail as text, with a mark in the place of what would not be seen; and whether there is more."""
    text = raw[:SHOWN_BYTES].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("\ufffd", text), len(raw) > SHOWN_BYTES


def _read(head: bytes, trusted_authserv: str) -> Inspection:
    found = headers.split(head, 0, len(head), LIMITS).headers
    return Inspection(
        headers=tuple((_name(name), _value(value)) for name, value in found.fields),
        authentication=authentication.read(found, trusted_authserv),
        topmost=authentication.topmost(found),
        servers=tuple(server for server in authentication.servers(found) if server),
    )


def _name(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))


def _value(value: bytes) -> str:
    text = decode_words(value.decode("utf-8", "replace"), LIMITS.encoded_words)
    return _UNSEEN.sub("\ufffd", one_line(text, LONGEST_VALUE))
