"""What names and networks of the provider's machines must look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit

import idna

_IN_PATHS = "/%:@!$&'()*+,;=~?"
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


def page_address(written: str, names: Sequence[str]) -> str:
    """A page as its host and path, of one of these names or of what stands under them; a path alone is of the first. Raises ValueError."""
    plain = " ".join(written.split())
    if plain.startswith("/"):
        plain = f"{names[0] if names else ''}{plain}"
    parts = urlsplit(plain if "://" in plain else f"http://{plain}")
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.port is not None:
        raise ValueError(written)
    host = domain_name(parts.hostname or "")
    if not is_own(host, names):
        raise ValueError(written)
    path = quote(parts.path or "/", safe=_IN_PATHS)
    return f"{host}{path}{f'?{quote(parts.query, safe=_IN_PATHS)}' if parts.query else ''}"


def is_own(host: str, names: Iterable[str]) -> bool:
    """Whether it is one of these names, with or without www, or stands under one."""
    bare = {name.removeprefix("www.") for name in names if "." in name}
    return any(host == each or host.endswith(f".{each}") for each in bare)


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
