"""One spelling of a mail address, so that one mailbox is one row, one person and one count. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

import idna

LONGEST_DOMAIN = 253  # RFC 1035, 2.3.4, without the last dot
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class BadAddressError(ValueError):
    """An address that no mail can be sent to."""


def ascii_domain(domain: str) -> str:
    """The domain as DNS knows it (IDNA 2008). Raises BadAddressError."""
    if len(domain) > LONGEST_DOMAIN:  # in ASCII it would be longer still
        raise BadAddressError(domain[:LONGEST_DOMAIN])
    return _ascii_domain(domain)


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    try:
        encoded = idna.encode(domain.rstrip("."), uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        encoded = domain.lower()  # underscores and the like: judged below
    if len(encoded) > LONGEST_DOMAIN or not _DOMAIN.fullmatch(encoded):
        raise BadAddressError(domain)
    return encoded


def as_kept(address: str) -> str:
    """An address as it is kept and looked for: in lower case, the domain as DNS knows it, since `müller`, full-width letters and `xn--mller-kva` are
    one domain. What has no domain that DNS could know stays as it is, in lower case.
    """
    local, at, domain = address.strip().lower().rpartition("@")
    try:
        return f"{local}{at}{ascii_domain(domain)}"
    except BadAddressError:
        return f"{local}{at}{domain}"
