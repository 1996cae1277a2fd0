"""Where addresses lead: to the provider's own machines, to a proxy before them, or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class Where(StrEnum):
    OURS = "ours"
    PROXY = "proxy"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    """The provider's own networks are not known, and it is not the address of the service's server."""


PROXIES: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            # Cloudflare, as listed at cloudflare.com/ips
            *("173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18"),
            *("108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17"),
            *("162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22"),
            *("2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32"),
            *("2a06:98c0::/29", "2c0f:f248::/32"),
            # Fastly
            *("151.101.0.0/16", "2a04:4e40::/32", "2a04:4e42::/32"),
            # Sucuri
            *("192.88.134.0/23", "185.93.228.0/22", "66.248.200.0/22", "208.109.0.0/22", "2a02:fe80::/29"),
        ),
    )
)


def where(
    addresses: Sequence[str], *, own: Iterable[Network], servers: Iterable[str], proxies: Iterable[Network]
) -> Where:
    """Of several addresses the one that is ours counts: a name may have one more at another place."""
    known, machines, before = tuple(own), set(servers), (*PROXIES, *proxies)
    found = {_where(address, known, machines, before) for address in addresses}
    for kind in (Where.OURS, Where.PROXY, Where.UNKNOWN):
        if kind in found:
            return kind
    return Where.ELSEWHERE


def _where(address: str, own: tuple[Network, ...], servers: set[str], proxies: tuple[Network, ...]) -> Where:
    there = ip_address(address)
    if address in servers or any(there in network for network in own):
        return Where.OURS
    if any(there in network for network in proxies):
        return Where.PROXY
    return Where.ELSEWHERE if own else Where.UNKNOWN
