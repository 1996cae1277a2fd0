"""What names and networks of the provider's machines must look like."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import idna

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


def domain_name(written: str) -> str:
    """A domain as DNS knows it: lower case, without the last dot, foreign letters as xn--. Raises ValueError."""
    plain = written.strip().rstrip(".").lower()
    if not plain.isascii():
        plain = idna.encode(plain, uts46=True).decode()  # its errors are ValueErrors
    labels = plain.split(".")
    if len(plain) > 253 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(written)
    return plain


def network(written: str) -> str:
    """A network in its shortest form: 192.0.2.0/24. A single address is one, too. Raises ValueError."""
    return str(ip_network(written.strip(), strict=True))


def network_of(address: str, networks: Iterable[str]) -> str | None:
    """The narrowest of the networks that holds the address; None outside of all, and for what is no address."""
    try:
        wanted = ip_address(address)
    except ValueError:
        return None
    holding: list[IPv4Network | IPv6Network] = [
        each for each in map(ip_network, networks) if each.version == wanted.version and wanted in each
    ]
    return str(max(holding, key=lambda each: each.prefixlen)) if holding else None
