"""Signed words in addresses and Message-IDs: what we once sent can be told from what somebody made up.

A word is an HMAC-SHA256 cut to 80 bits, in lower-case base32, because local parts and Message-IDs travel through programs that change
their case. `SECRET_KEY_FALLBACKS` are honoured, so that the key can be changed while old mails still come back.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from sportello.core.addresses import ascii_domain
from sportello.mail import headers
from sportello.mail.models import Mailbox

MAC_BYTES = 10
LOCAL_PART_OCTETS = 64  # RFC 5321, 4.5.3.1.1
_ID = "[a-z2-7]{26}"
_MAC = "[a-z2-7]{16}"
_REPLY = re.compile(rf"\+t({_ID})-({_MAC})@", re.IGNORECASE)
_BOUNCE = re.compile(rf"\+b({_ID})-({_MAC})@", re.IGNORECASE)
_ABOUT = re.compile(rf"<?t\.({_ID})\.({_MAC})\.({_MAC})@[^\s<>@]+>?", re.IGNORECASE)
_PLAIN = re.compile(rf"<?n\.({_MAC})\.({_MAC})@[^\s<>@]+>?", re.IGNORECASE)


def reply_address(mailbox: Mailbox, reference: str) -> str:
    """`support+t<reference>-<mac>@domain`. The mailbox's own address when its local part leaves no room for it."""
    return _tagged(mailbox, "t", UUID(reference), "reply")


def reference_in(address: str) -> str | None:
    """The reference that a reply address of ours carries; None when there is none or it is not genuine."""
    found = _genuine(_REPLY.search(address), "reply")
    return str(found) if found else None


def bounce_address(mailbox: Mailbox, outbound: UUID) -> str:
    """The envelope sender of one mail (VERP), so that its bounce is known however mangled its text is."""
    return _tagged(mailbox, "b", outbound, "bounce")


def outbound_of_envelope(address: str) -> UUID | None:
    """The public id of the outbound mail whose envelope sender this is; None when there is none or it is not genuine."""
    return _genuine(_BOUNCE.search(address), "bounce")


def message_id(mailbox: Mailbox, reference: str = "") -> str:
    """A new Message-ID: `<t.<reference>.<nonce>.<mac>@domain>`, or `<n.<nonce>.<mac>@domain>` for a mail about nothing."""
    nonce = _base32(secrets.token_bytes(MAC_BYTES))
    domain = ascii_domain(mailbox.address.rpartition("@")[2])
    if not reference:
        return f"<n.{nonce}.{_mac('message-id', nonce)}@{domain}>"
    word = _base32(UUID(reference).bytes)
    return f"<t.{word}.{nonce}.{_mac('message-id', f'{word}.{nonce}')}@{domain}>"


def reference_of_message_id(value: str) -> str | None:
    """What a Message-ID of ours is about; None when it is not ours or about nothing."""
    match = _ABOUT.fullmatch(value.strip())
    if match is None:
        return None
    word, nonce, mac = (part.lower() for part in match.groups())
    identifier = _uuid(word)
    return str(identifier) if identifier and _is_genuine("message-id", f"{word}.{nonce}", mac) else None


def is_our_message_id(value: str) -> bool:
    """Whether we gave this Message-ID to a mail."""
    match = _PLAIN.fullmatch(value.strip())
    if match is None:
        return reference_of_message_id(value) is not None
    nonce, mac = (part.lower() for part in match.groups())
    return _is_genuine("message-id", nonce, mac)


def loop_mark() -> str:
    """The value of X-Sportello-Loop: the same in every mail of this installation, and in nobody else's."""
    return _mac("loop", "")


def is_loop_mark(value: str) -> bool:
    mac = value.strip().lower()
    return re.fullmatch(_MAC, mac) is not None and _is_genuine("loop", "", mac)


def _tagged(mailbox: Mailbox, letter: str, identifier: UUID, purpose: str) -> str:
    local, _, domain = headers.address(mailbox.address).rpartition("@")
    tagged = f"{local}+{letter}{_base32(identifier.bytes)}-{_mac(purpose, str(identifier))}"
    return f"{tagged if len(tagged.encode()) <= LOCAL_PART_OCTETS else local}@{domain}"


def _genuine(match: re.Match[str] | None, purpose: str) -> UUID | None:
    if match is None:
        return None
    identifier = _uuid(match.group(1).lower())
    if identifier is None or not _is_genuine(purpose, str(identifier), match.group(2).lower()):
        return None
    return identifier


def _mac(purpose: str, value: str) -> str:
    return _sign(purpose, value, settings.SECRET_KEY)


def _is_genuine(purpose: str, value: str, mac: str) -> bool:
    return any(constant_time_compare(_sign(purpose, value, key), mac) for key in _keys())


def _keys() -> Iterator[str | bytes]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _sign(purpose: str, value: str, key: str | bytes) -> str:
    digest = salted_hmac(f"sportello.mail.{purpose}", value, secret=key, algorithm="sha256").digest()
    return _base32(digest[:MAC_BYTES])


def _base32(content: bytes) -> str:
    return base64.b32encode(content).decode("ascii").rstrip("=").lower()


def _uuid(word: str) -> UUID | None:
    """The UUID that 26 letters stand for. They carry 130 bits: the two spare ones must be nought, so that a word has one spelling."""
    content = base64.b32decode(f"{word.upper()}======")
    return UUID(bytes=content) if _base32(content) == word else None
