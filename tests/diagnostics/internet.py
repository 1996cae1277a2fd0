"""A small internet on loopback addresses: name servers, sites and mail servers, each as well or as badly behaved as a test wants it."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from sportello.diagnostics.adapters.vantage import Vantage
from tests.ports import free_port

RESOLVER = "127.0.0.1"
Conduct = Callable[[socket.socket], None]


@dataclass(slots=True)
class Zone:
    """What the name server says: records by name and kind, and the names at which it behaves otherwise."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    bogus: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    is_dead: bool = False
    asked: list[str] = field(default_factory=list)

    def add(self, name: str, address: str, kind: str = "A") -> None:
        self.records.setdefault((f"{name}.", kind), []).append(address)

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name, kind = question.name.to_text(), question.rdtype.name
        self.asked.append(f"{name} {kind}")
        plain = name.rstrip(".")
        if self.is_dead or plain in self.silent:
            return None
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if plain in self.broken or (plain in self.bogus and not query.flags & dns.flags.CD):
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply
        found = self.records.get((name, kind))
        if found:
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *found))
        elif plain and not any(known == name for known, _kind in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply


@dataclass(slots=True)
class Internet:
    zone: Zone
    ports: dict[int, int]
    authority: str = ""
    stack: ExitStack = field(default_factory=ExitStack)

    def vantage(self, **other: str) -> Vantage:
        return Vantage(
            resolvers=((RESOLVER, self.ports[53]),),
            networks=(ip_network("127.0.0.0/8"),),
            ports=self.ports,
            authority=self.authority,
            canary=other.get("canary", ""),
        )

    def site(self, name: str, address: str, conduct: Conduct, *, port: int = 80) -> None:
        self.zone.add(name, address)
        self.serve(address, port, conduct)

    def serve(self, address: str, port: int, conduct: Conduct) -> None:
        self.stack.enter_context(_serving(address, self.ports[port], conduct))


@contextmanager
def an_internet(zone: Zone | None = None) -> Iterator[Internet]:
    zone = zone or Zone()
    with ExitStack() as stack:
        dns_port = stack.enter_context(_name_server(zone))
        ports = {53: dns_port, **{port: free_port() for port in (80, 443, 25, 587, 465, 993, 22, 3389)}}
        yield Internet(zone, ports, stack=stack)


# -- ways of behaving ----------------------------------------------------------------------------------------------------
def saying(status: str, body: str = "", headers: Mapping[str, str] | None = None) -> Conduct:
    """A site that answers every request with the same."""

    def conduct(link: socket.socket) -> None:
        _request(link)
        link.sendall(answer(status, body, headers))

    return conduct


def answer(status: str, body: str = "", headers: Mapping[str, str] | None = None) -> bytes:
    told = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body.encode())), **(headers or {})}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def sending_on(where: Callable[[str], str]) -> Conduct:
    """Redirects each path to the address that `where` says."""

    def conduct(link: socket.socket) -> None:
        path = _request(link).split(" ")[1]
        link.sendall(answer("302 Found", headers={"Location": where(path)}))

    return conduct


def hanging(link: socket.socket) -> None:
    """Takes the connection, and says nothing until the other side goes away."""
    while link.recv(4096):
        pass


def dripping(link: socket.socket) -> None:
    """One byte of the head at a time, without end."""
    _without_end(link, b"HTTP/1.1 200 OK\r\nX: ", b"x")


def never_ending(link: socket.socket) -> None:
    """A whole head and the beginning of a page, and a little more of it now and then."""
    _without_end(link, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Benvenuti</h1>", b"<p>x")


def _without_end(link: socket.socket, beginning: bytes, piece: bytes) -> None:
    _request(link)
    link.sendall(beginning)
    while True:
        link.sendall(piece)
        threading.Event().wait(0.05)


def hanging_up(link: socket.socket) -> None:
    _request(link)


def gone_at_once(_link: socket.socket) -> None:
    """Hangs up without a word."""


def mail_server(greeting: str, *offers: str) -> Conduct:
    def conduct(link: socket.socket) -> None:
        link.sendall(f"{greeting}\r\n".encode())
        if link.recv(4096) and offers:
            lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
            link.sendall("".join(f"{line}\r\n" for line in lines).encode())
            link.recv(4096)

    return conduct


def secured(conduct: Conduct, certificate: Path) -> Conduct:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def wrapped(link: socket.socket) -> None:
        with context.wrap_socket(link, server_side=True) as shielded:
            conduct(shielded)

    return wrapped


# -- what it stands on ---------------------------------------------------------------------------------------------------
def _request(link: socket.socket) -> str:
    got = b""
    while b"\r\n\r\n" not in got and (piece := link.recv(4096)):
        got += piece
    return got.decode()


@contextmanager
def _serving(address: str, port: int, conduct: Conduct) -> Iterator[None]:
    listener = socket.create_server((address, port))

    def one(link: socket.socket) -> None:
        with link:
            link.settimeout(20)
            with suppress(OSError, IndexError):  # the other side has gone, perhaps without a word
                conduct(link)
                link.shutdown(socket.SHUT_WR)

    def serve() -> None:
        while True:
            try:
                link, _from = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(link,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@contextmanager
def _name_server(zone: Zone) -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((RESOLVER, 0))
        stop = threading.Event()

        def serve() -> None:
            while True:
                wire, sender = listener.recvfrom(4096)
                if stop.is_set():
                    return
                reply = zone.answer(dns.message.from_wire(wire))
                if reply is not None:
                    listener.sendto(reply.to_wire(), sender)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        stop.set()
        listener.sendto(b"", listener.getsockname())
        thread.join()
