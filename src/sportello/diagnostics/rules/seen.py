"""What a look at a service consists of: plain values, whoever gathered them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sportello.diagnostics.enums import Effect, Probe, Role, Sign

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What steers terminals and the direction of writing, and what no database keeps."""

HEAD_BYTES = 8 * 1024
"""So much of an answer is kept."""

_EFFECTS: Mapping[Sign, Effect] = {
    Sign.NAME_FOUND: Effect.GOOD,
    Sign.NAME_FORBIDDEN: Effect.BLIND,
    Sign.NAME_BLIND: Effect.BLIND,
    Sign.SERVERS_AGREE: Effect.GOOD,
    Sign.SERVERS_LAME: Effect.ODD,
    Sign.SERVERS_DIFFER: Effect.ODD,
    Sign.SERVERS_UNKNOWN: Effect.BLIND,
    Sign.PORT_OPEN: Effect.GOOD,
    Sign.PORT_NO_ROUTE: Effect.BLIND,
    Sign.CERTIFICATE_GOOD: Effect.GOOD,
    Sign.CERTIFICATE_SOON: Effect.ODD,
    Sign.CERTIFICATE_EXPIRED: Effect.PART,
    Sign.CERTIFICATE_OTHER_NAME: Effect.PART,
    Sign.CERTIFICATE_CHAIN: Effect.PART,
    Sign.CERTIFICATE_SELF_SIGNED: Effect.PART,
    Sign.PAGE_FINE: Effect.GOOD,
    Sign.PAGE_SLOW: Effect.SLOW,
    Sign.PAGE_MANY_REDIRECTS: Effect.ODD,
    Sign.PAGE_ELSEWHERE: Effect.ODD,
    Sign.PAGE_PASSWORD: Effect.ODD,
    Sign.PAGE_LISTING: Effect.PART,
    Sign.PAGE_MISSING: Effect.PART,
    Sign.PAGE_TEXT_GONE: Effect.PART,
    Sign.PAGE_SUSPENDED: Effect.STOPPED,
    Sign.PAGE_TURNED_AWAY: Effect.BLIND,
    Sign.MAIL_GOOD: Effect.GOOD,
    Sign.MAIL_NO_STARTTLS: Effect.ODD,
    Sign.MAIL_BUSY: Effect.SLOW,
    Sign.MAIL_TURNED_AWAY: Effect.BLIND,
    Sign.MAIL_NO_ROUTE: Effect.BLIND,
    Sign.MAIL_ELSEWHERE: Effect.ODD,
}


def visible(text: str) -> str:
    r"""A text from outside, with what would not be seen in it written out: \u202e."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def effect_of(sign: Sign) -> Effect:
    return _EFFECTS.get(sign, Effect.FAILS)


@dataclass(frozen=True, slots=True)
class Seen:
    """One probe of one thing, and what it saw."""

    probe: Probe
    target: str
    """As it was asked for: a name, an address with its port, a web address."""
    sign: Sign
    at: datetime
    name: str
    """The name of the service, or of its neighbour, that it tells about."""
    role: Role = Role.OWN
    address: str = ""
    """Which address answered, or did not."""
    milliseconds: int = 0
    head: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def effect(self) -> Effect:
        return effect_of(self.sign)

    @property
    def fails(self) -> bool:
        return self.effect == Effect.FAILS
