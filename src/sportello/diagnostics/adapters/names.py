"""Asking DNS about a service's names: addresses, mail servers, name servers, and why there is no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
from dns.rdatatype import AAAA, MX, NS, SOA, A, RdataType

from sportello.core import clock
from sportello.diagnostics.adapters.vantage import Deadline, Stopwatch, Vantage
from sportello.diagnostics.enums import Probe, Role, Sign
from sportello.diagnostics.rules import HEAD_BYTES, Seen

MOST_ADDRESSES = 6
MOST_SERVERS = 4
_TRIES = 2
LEADS_NOWHERE = frozenset((Sign.NAME_NOT_THERE, Sign.NAME_EMPTY))
"""What DNS itself says for certain."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a resolver said; without a message nothing came."""

    message: dns.message.Message | None
    server: str

    @property
    def code(self) -> int | None:
        return int(self.message.rcode()) if self.message is not None else None

    @property
    def head(self) -> str:
        return self.message.to_text()[:HEAD_BYTES] if self.message is not None else ""


@dataclass(frozen=True, slots=True)
class Found:
    """A name's addresses, all of them checked, or the sign that says why there are none."""

    sign: Sign
    addresses: tuple[str, ...] = ()
    head: str = ""
    server: str = ""
    params: tuple[tuple[str, str], ...] = ()


class Names:
    """DNS as seen from one vantage point."""

    def __init__(self, vantage: Vantage, *, question: float) -> None:
        self._vantage = vantage
        self._question = question
        self._resolvers = vantage.resolvers or tuple(_of_this_machine())

    def ask(self, name: str, kind: RdataType, deadline: Deadline, *, unchecked: bool = False) -> Reply:
        """The first answer of a resolver; each is tried, the first one twice if it stands alone. `unchecked` leaves DNSSEC out."""
        try:
            query = dns.message.make_query(name, kind, want_dnssec=False, use_edns=True)
        except (dns.exception.DNSException, UnicodeError):
            return Reply(None, "")
        if unchecked:
            query.flags |= dns.flags.CD
        for address, port in _rounds(self._resolvers):
            if deadline.is_over:
                break
            reply = _exchange(query, address, port, min(self._question, deadline.left))
            if reply is not None:
                return Reply(reply, address)
        return Reply(None, "")

    def addresses(self, name: str, deadline: Deadline) -> Found:
        """IPv4 first. One forbidden address among several condemns the name: it may be chosen next time."""
        four = self.ask(name, A, deadline)
        if four.code != dns.rcode.NOERROR:
            return self._why(name, four, deadline)
        six = self.ask(name, AAAA, deadline)
        found = [*_texts(four, A), *_texts(six, AAAA)][:MOST_ADDRESSES]
        if not found:
            return Found(Sign.NAME_EMPTY, head=four.head, server=four.server)
        bad = next((address for address in found if not self._vantage.may_reach(address)), None)
        if bad is not None:
            return Found(Sign.NAME_FORBIDDEN, head=four.head, server=four.server, params=(("address", bad),))
        return Found(Sign.NAME_FOUND, tuple(found), f"{four.head}\n{six.head}"[:HEAD_BYTES], four.server)

    def _why(self, name: str, reply: Reply, deadline: Deadline) -> Found:
        match reply.code:
            case dns.rcode.NXDOMAIN:
                sign = Sign.NAME_NOT_THERE
            case dns.rcode.SERVFAIL:
                unchecked = self.ask(name, A, deadline, unchecked=True)
                sign = Sign.NAME_BOGUS if unchecked.code == dns.rcode.NOERROR else Sign.NAME_BROKEN
            case None:
                root = self.ask(".", SOA, Deadline(self._question * _TRIES))
                sign = Sign.NAME_BLIND if root.code is None else Sign.NAME_SILENT
            case _:
                sign = Sign.NAME_BLIND
        return Found(sign, head=reply.head, server=reply.server)

    def exchangers(self, name: str, deadline: Deadline) -> tuple[str, ...] | None:
        """The names of the mail servers, best first; none where none is named; None where DNS does not tell.

        A single "." says that the name takes no mail (RFC 7505).
        """
        reply = self.ask(name, MX, deadline)
        if reply.message is None or reply.code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return None
        rows = [row for group in reply.message.answer if group.rdtype == MX for row in group]
        rows.sort(key=lambda row: row.preference)
        return tuple(row.exchange.to_text(omit_final_dot=True) or "." for row in rows)

    def delegation(self, name: str, deadline: Deadline) -> Seen:
        """Whether each of the zone's name servers answers for it, and whether they agree on its serial number."""
        watch, zone = Stopwatch(), self._zone(name, deadline)
        servers = self._servers(zone, deadline) if zone else ()
        said = {server: self._serial(zone, server, deadline) for server in servers}
        serials = {serial for serial in said.values() if serial is not None}
        lame = [server for server, serial in said.items() if serial is None]
        if not said or not serials:
            sign = Sign.SERVERS_UNKNOWN
        elif lame:
            sign = Sign.SERVERS_LAME
        else:
            sign = Sign.SERVERS_AGREE if len(serials) == 1 else Sign.SERVERS_DIFFER
        head = "\n".join(f"{server}: {'-' if serial is None else serial}" for server, serial in said.items())
        params: dict[str, str | int] = {"servers": ", ".join(said), "lame": ", ".join(lame)}
        return Seen(
            Probe.DELEGATION, zone or name, sign, clock.now(), name, Role.OWN, "", watch.milliseconds, head, params
        )

    def _zone(self, name: str, deadline: Deadline) -> str:
        """The zone that a name lies in; empty where DNS does not tell."""
        reply = self.ask(name, SOA, deadline)
        if reply.message is None:
            return ""
        owners = [group.name for group in (*reply.message.answer, *reply.message.authority) if group.rdtype == SOA]
        asked = dns.name.from_text(name)
        holding = [owner for owner in owners if asked.is_subdomain(owner) and len(owner) > 2]
        return holding[0].to_text(omit_final_dot=True) if holding else ""

    def _servers(self, zone: str, deadline: Deadline) -> tuple[str, ...]:
        reply = self.ask(zone, NS, deadline)
        rows = [row for group in reply.message.answer if group.rdtype == NS for row in group] if reply.message else []
        return tuple(sorted(row.target.to_text(omit_final_dot=True) for row in rows))[:MOST_SERVERS]

    def _serial(self, zone: str, server: str, deadline: Deadline) -> int | None:
        """What this server says by itself; None where it does not answer for the zone."""
        addresses = _texts(self.ask(server, A, deadline), A)
        if not addresses or not self._vantage.may_reach(addresses[0]):
            return None
        query = dns.message.make_query(zone, SOA)
        query.flags &= ~dns.flags.RD
        reply = _exchange(query, addresses[0], self._vantage.port(53), min(self._question, deadline.left))
        if reply is None or not reply.flags & dns.flags.AA:
            return None
        return next((row.serial for group in reply.answer if group.rdtype == SOA for row in group), None)


def _exchange(query: dns.message.Message, address: str, port: int, seconds: float) -> dns.message.Message | None:
    """By UDP, and by TCP what does not fit."""
    with suppress(dns.exception.DNSException, OSError, EOFError):
        return dns.query.udp_with_fallback(query, address, timeout=seconds, port=port, ignore_unexpected=True)[0]
    return None


def _rounds(resolvers: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    yield from resolvers
    if len(resolvers) < _TRIES:
        yield from resolvers


def _of_this_machine() -> Iterator[tuple[str, int]]:
    with suppress(dns.resolver.NoResolverConfiguration):
        for server in dns.resolver.Resolver().nameservers[:_TRIES]:
            yield str(server), 53


def _texts(reply: Reply, kind: RdataType) -> list[str]:
    """Also behind aliases, which a resolver follows."""
    if reply.message is None:
        return []
    return [row.address for group in reply.message.answer if group.rdtype == kind for row in group]
