"""The address a request came from. `config.front` has already decided which of our proxies to believe."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's IP address; None on a socket that has none."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def network_of(address: str | None) -> str:
    """What limits count by: the IPv4 address, or the /64 that one subscriber of IPv6 has whole."""
    if address is None:
        return "unknown"
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
