"""Asking DNS. The resolver of the standard library cannot read TXT and MX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import dns.exception
import dns.resolver
from dns.rdatatype import AAAA, MX, TXT, A, RdataType

SECONDS = 3.0  # for one question, all name servers together


class DnsUnreachable(Exception):  # noqa: N818 - names what is wrong
    """The name servers did not answer, or answered that they cannot: nothing is known of the name."""


class Resolver(Protocol):
    """What is asked of DNS. A name that does not exist has nothing; raises DnsUnreachable."""

    def texts(self, name: str) -> list[str]:
        """TXT records, each with its strings joined (RFC 7208, 3.3)."""

    def exchangers(self, name: str) -> list[str]:
        """Names of the mail servers, best first; "." alone says that the name takes no mail (RFC 7505)."""

    def addresses(self, name: str) -> list[str]:
        """IPv4 and IPv6 addresses."""


@dataclass(frozen=True, slots=True)
class Dns:
    """The name servers of this machine, or the ones given (for tests) with their port."""

    nameservers: tuple[str, ...] = ()
    port: int = 53

    def texts(self, name: str) -> list[str]:
        answers = self._ask(name, TXT)
        return [b"".join(answer.strings).decode("utf-8", "replace") for answer in answers]

    def exchangers(self, name: str) -> list[str]:
        answers = sorted(self._ask(name, MX), key=lambda answer: (answer.preference, answer.exchange))
        return [answer.exchange.to_text(omit_final_dot=True) for answer in answers]

    def addresses(self, name: str) -> list[str]:
        return [answer.address for kind in (A, AAAA) for answer in self._ask(name, kind)]

    def _ask(self, name: str, kind: RdataType) -> list[Any]:
        resolver = dns.resolver.Resolver(configure=not self.nameservers)
        if self.nameservers:
            resolver.nameservers, resolver.port = list(self.nameservers), self.port
        try:
            return list(resolver.resolve(name, kind, lifetime=SECONDS, search=False, raise_on_no_answer=False))
        except (dns.resolver.NXDOMAIN, dns.exception.SyntaxError, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except dns.exception.DNSException as error:
            raise DnsUnreachable(str(error)) from error
