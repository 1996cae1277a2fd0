"""Where we may connect to when somebody else says the name: a name is looked up once, and the address that was checked is the one connected to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], list[str]]

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("64:ff9b:1::/48", "192.0.0.0/24", "192.88.99.0/24", "::/96", "fec0::/10", "3fff::/20"))
)
"""What some versions of Python take for global: NAT64 within a network (RFC 8215), protocol assignments, the old relays of 6to4, IPv4 in the
last digits of an IPv6 address, site-local addresses, and those of examples (RFC 9637)."""
MAY_HOLD_IPV4 = tuple(map(ipaddress.IPv6Network, ("::/96", "64:ff9b:1::/48")))
METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200", "192.0.0.192")))
"""Where clouds tell a machine its secrets, besides the link-local 169.254.169.254."""


class NotAllowed(Exception):  # noqa: N818 - names what is wrong
    """The address is one that may not be reached."""


class Unreachable(Exception):  # noqa: N818 - names what is wrong
    """Nobody answered, or not in the language that was expected."""


def connection(
    host: str, port: int, *, timeout: float, allowed: tuple[Network, ...], resolve: Resolver | None = None
) -> socket.socket:
    """A connection to one of the addresses of this name, all of which were checked. Raises NotAllowed, Unreachable, OSError."""
    *others, last = checked_addresses(host, port, allowed=allowed, resolve=resolve or look_up)
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout)
    return socket.create_connection((last, port), timeout)


def checked_address(host: str, port: int, *, allowed: tuple[Network, ...], resolve: Resolver) -> str:
    """One address of this name to connect to. Raises NotAllowed, Unreachable."""
    return checked_addresses(host, port, allowed=allowed, resolve=resolve)[0]


def checked_addresses(host: str, port: int, *, allowed: tuple[Network, ...], resolve: Resolver) -> list[str]:
    """All of them, at least one. One bad address among several condemns the name: it may be chosen next time."""
    found = [ipaddress.ip_address(text.partition("%")[0]) for text in resolve(host, port)]
    for address in found:
        if not may_be_reached(address, allowed):
            raise NotAllowed(f"{host} leads to {address}, which is not on the public internet")
    if not found:
        raise Unreachable(f"{host} has no address")
    return [str(address) for address in found]


def may_be_reached(address: Address, allowed: tuple[Network, ...], forbidden: tuple[Network, ...] = ()) -> bool:
    """Public ones, and those of the `allowed` networks; link-local, metadata, unspecified and multicast addresses never.

    What lies in a `forbidden` network is refused in every form in which it can be written.
    """
    inner = _inside(address)
    if _is_never_reached(inner) or _is_never_reached(_last_digits(inner)):
        return False
    if any(each in network for network in forbidden for each in (address, inner)):
        return False
    return is_public(inner) or any(inner in network for network in allowed)


def is_public(address: Address) -> bool:
    """Whether the address lies on the public internet, looking through IPv4 written inside IPv6."""
    inner = _inside(address)
    special = inner.is_multicast or inner.is_reserved or any(inner in network for network in NOT_PUBLIC)
    return inner.is_global and not special


def _inside(address: Address) -> Address:
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address


def _is_never_reached(address: Address) -> bool:
    return address.is_link_local or address.is_unspecified or address.is_multicast or address in METADATA


def _last_digits(address: Address) -> Address:
    """IPv4 where it may be meant: by a system that still knows `::192.0.2.1`, or by a NAT64 of its own network."""
    if isinstance(address, ipaddress.IPv6Address) and any(address in network for network in MAY_HOLD_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def look_up(host: str, port: int) -> list[str]:
    """Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host}: {error}") from error
    return [str(entry[4][0]) for entry in found]
