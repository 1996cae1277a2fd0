"""Reading SPF as receivers do (RFC 7208), without macros: whether a record is sound, and whether it lets an address send."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from sportello.mail.adapters.dns import Resolver

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4
Address = IPv4Address | IPv6Address


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - the word of RFC 7208
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"


QUALIFIERS = {"+": Verdict.PASS, "-": Verdict.FAIL, "~": Verdict.SOFTFAIL, "?": Verdict.NEUTRAL}


class SpfError(Exception):
    """The record, or one that it includes, is not sound; receivers treat it as if it were not there. `code` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(slots=True)
class Evaluation:
    """One walk through a record and what it includes; counts the questions that it costs a receiver."""

    resolver: Resolver
    lookups: int = 0
    _path: list[str] = field(default_factory=list)

    def judge(self, address: str, domain: str) -> Verdict:
        """What a receiver concludes for mail of `domain` from this address. Raises SpfError, DnsUnreachable."""
        record = record_of(self.resolver, domain)
        if record is None:
            return Verdict.NONE
        self._enter(domain)
        verdict = self._walk(ip_address(address), domain, record)
        self._path.pop()
        return verdict

    def _walk(self, address: Address, domain: str, record: str) -> Verdict:
        redirect = ""
        for term in terms(record):
            if term.startswith("redirect="):
                redirect = term.removeprefix("redirect=")
                continue
            qualifier, mechanism = (term[0], term[1:]) if term[0] in QUALIFIERS else ("+", term)
            if "=" not in mechanism.partition(":")[0] and self._matches(address, domain, mechanism):
                return QUALIFIERS[qualifier]
        return self._redirected(address, redirect) if redirect else Verdict.NEUTRAL

    def _redirected(self, address: Address, domain: str) -> Verdict:
        self._count()
        return self.judge(str(address), domain)

    def _matches(self, address: Address, domain: str, mechanism: str) -> bool:
        name, _, value = mechanism.partition(":")
        name, _, prefix = name.partition("/")
        match name:
            case "all":
                return True
            case "ip4" | "ip6":
                return _within(address, value)
            case "a" | "mx" | "include" | "exists" | "ptr":
                self._count()
                return self._asked(address, domain, name, value, prefix)
            case _:
                raise SpfError("syntax", mechanism)

    def _asked(self, address: Address, domain: str, name: str, value: str, prefix: str) -> bool:
        """A mechanism that costs a question. Macros, `exists` and `ptr` are not followed: they match nothing here."""
        target, _, own_prefix = value.partition("/")
        target, prefix = target or domain, own_prefix or prefix
        if "%" in target or name in {"exists", "ptr"}:
            return False
        if name == "include":
            return self._included(address, target)
        hosts = self.resolver.exchangers(target)[:10] if name == "mx" else [target]
        return any(_near(address, found, prefix) for host in hosts for found in self.resolver.addresses(host))

    def _included(self, address: Address, domain: str) -> bool:
        verdict = self.judge(str(address), domain)
        if verdict is Verdict.NONE:
            raise SpfError("include", domain)
        return verdict is Verdict.PASS

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise SpfError("lookups")

    def _enter(self, domain: str) -> None:
        if domain in self._path:
            raise SpfError("circle", domain)
        self._path.append(domain)


def record_of(resolver: Resolver, domain: str) -> str | None:
    """The SPF record of a domain. Raises SpfError when there are several: receivers then take none."""
    records = [text for text in resolver.texts(domain) if text.lower().split(" ", 1)[0] == "v=spf1"]
    if len(records) > 1:
        raise SpfError("several", domain)
    return records[0] if records else None


def terms(record: str) -> list[str]:
    return [term.lower() for term in record.split()[1:]]


def _within(address: Address, network: str) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        raise SpfError("syntax", network) from None


def _near(address: Address, found: str, prefix: str) -> bool:
    """Whether both lie in one network; `prefix` is "24", "24//64" or "/64" as in `a:host/24//64`."""
    other = ip_address(found)
    four, _, six = prefix.partition("//") if "//" in prefix else (prefix, "", "")
    length = (four if other.version == 4 else six.strip("/")) or str(other.max_prefixlen)
    return other.version == address.version and _within(address, f"{other}/{length}")
