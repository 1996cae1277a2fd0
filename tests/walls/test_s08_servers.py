"""Mail servers that an administrator enters: which can be entered, which are connected to, and what is told of them (S08)."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date
from ipaddress import IPv4Address, IPv4Network, ip_address, ip_network
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.enums import Role
from sportello.core import reach
from sportello.intake.preview import outlook
from sportello.mail.actions.mailboxes import HOST_NAME
from sportello.mail.adapters.imap import ImapError, Place, opened, trouble_of
from sportello.mail.enums import ImapMode, ImapTrouble
from sportello.mail.models import ImapAccount
from tests.conftest import Tried
from tests.factories import make_mailbox, make_user
from tests.mail.certificates import certificate_in
from tests.walls.hostile.tally import IS_LONG, Tally

NEVER = (
    "0.0.0.0", "0.1.2.3", "[::]", "::", "169.254.169.254", "169.254.0.1", "fe80::1", "[fe80::1]", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "fd00:ec2::254",  # noqa: S104 - nothing is bound
    "100.100.100.200", "192.0.0.192", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "198.18.0.1", "100.64.0.1",
)  # fmt: skip
NO_NAMES = (
    "2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "127.0.0.01", "017700000001", "2852039166", "0xa9fea9fe", "169.254.43518", "a b", "imap.example/x", "imap.example:80",
    "user@imap.example", "http://imap.example", "imap.example?x", "imap.example#x", "imap..example", "-imap.example", ".", "imap.example\r\nQUIT", "imap.example%00", "[::1", "1.2.3.4.5", "file:///etc/passwd",
    "imap_.example", "a" * 64 + ".example", "localhost:25", "[::1]:25", "①②⑦.0.0.1",
)  # fmt: skip
NAMES = ("imap.example", "localhost", "imap.example.", "münchen.example", "xn--mnchen-3ya.example", "127.0.0.1", "10.1.2.3", "::1", "fd12::1", "8.8.8.8")  # fmt: skip
PORTS = (1, 22, 25, 80, 110, 389, 443, 465, 587, 995, 3306, 5432, 6379, 8000, 8024, 9200, 11211, 65535)


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(make_user(role=Role.ADMIN, language="en"))
    return client


@pytest.mark.django_db
def test_s08_only_mail_servers_can_be_entered(admin: Client, settings: Settings, tried: Tried) -> None:
    settings.SECRETS = {"INFO": "x"}
    address = reverse("desk:new-imap", args=[make_mailbox().pk])
    sent = {
        "port": 993,
        "tls": "on",
        "username": "info",
        "secret": "INFO",
        "folder": "INBOX",
        "since": "2026-01-01",
        "mode": "preview",
    }
    for host in (*NEVER, *NO_NAMES):
        tried("S08")
        answer = admin.post(address, {**sent, "host": host})
        assert (answer.status_code, ImapAccount.objects.count()) == (422, 0), host
    for port in PORTS:
        tried("S08")
        answer = admin.post(address, {**sent, "host": "imap.example", "port": port})
        assert "Mail is fetched from these ports only: 143, 993." in answer.content.decode(), port
    ImapAccount.objects.all().delete()
    for host in NAMES:
        assert admin.post(address, {**sent, "host": host}).status_code == 302, host


@pytest.mark.parametrize("text", [host.strip("[]") for host in NEVER])
def test_s08_no_setting_opens_what_is_never_reached(text: str) -> None:
    everything = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    only_if_said = {"198.18.0.1", "100.64.0.1", "240.0.0.1", "0.1.2.3", "255.255.255.255"}
    assert reach.may_be_reached(ip_address(text), everything) == (text in only_if_said)
    assert not reach.may_be_reached(ip_address(text), ())


NEVER_NETWORKS = ("169.254.0.0/16", "224.0.0.0/4", "0.0.0.0/32", "100.100.100.200/32", "192.0.0.192/32")
MANY = 5_000 if IS_LONG else 100


def written(address: IPv4Address) -> Iterator[str]:
    """The same address in every notation that a system may look through: RFC 4291, 6052, 8215, 3056, 4380."""
    number = int(address)
    high, low = number >> 16, number & 0xFFFF
    yield str(address)
    yield from (
        f"{before}{high:x}:{low:x}" for before in ("::ffff:", "64:ff9b::", "64:ff9b:1::", "64:ff9b:1:7::", "::")
    )
    yield from (f"2002:{high:x}:{low:x}::1", f"2001:0:102:304:0:0:{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}")


def test_s08_however_an_address_is_written_that_is_never_reached(
    record_property: Callable[[str, object], None],
) -> None:
    tally, chance = Tally("S08 addresses that are never reached, in every notation"), Random(8)  # noqa: S311 - the same each time
    everything = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    for number in range(MANY):
        network = IPv4Network(NEVER_NETWORKS[number % len(NEVER_NETWORKS)])
        address = network[chance.randrange(network.num_addresses)]
        for text in written(address):
            tally.add(text, ["reached"] if reach.may_be_reached(ip_address(text), everything) else [])
        for text in (
            str(int(address)),
            hex(int(address)),
            oct(int(address)),
            f"{int(address) >> 24}.{int(address) & 0xFFFFFF}",
        ):
            tally.add(text, ["a name"] if HOST_NAME.fullmatch(text) else [])
    record_property("counted", str(tally))
    tally.settle()


# -- what a name leads to ------------------------------------------------------------------------------------------------
@contextmanager
def neighbour(says: bytes, tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A service that is no mail server: its port, and what it was told."""
    heard: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line, suppress(OSError):
                    line.settimeout(1)
                    with tls.wrap_socket(line, server_side=True) if tls else line as talk:
                        talk.sendall(says)
                        heard.append(talk.recv(1000))

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)  # else it goes on listening until the next connection


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Each look-up gets the next answer, as with a name server that turns."""
    left = iter(answers)

    def found(_host: str, port: int, **_kwargs: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(left)]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def trouble(place: Place) -> ImapTrouble:
    try:
        with opened(place, "password"):
            raise AssertionError("it was opened")
    except (ImapError, OSError) as error:
        return trouble_of(error)


def test_s08_a_name_that_leads_inside_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tried: Tried
) -> None:
    settings.IMAP_NETWORKS = ()
    with neighbour(b"* OK ready\r\n") as (port, heard):
        place = Place("imap.attacker.example", port, tls=False, username="u", folder="INBOX")
        for answer in (["127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1"], ["0.0.0.1"], []):
            tried("S08")
            resolving(monkeypatch, answer)
            assert trouble(place) in (ImapTrouble.NOT_ALLOWED, ImapTrouble.NO_ANSWER)
        assert heard == []


def test_s08_a_name_that_turns_is_connected_to_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """DNS rebinding: the second answer is never asked for."""
    settings.IMAP_NETWORKS = (ip_network("127.0.0.2/32"),)
    with neighbour(b"* OK ready\r\n") as (port, heard):
        resolving(monkeypatch, ["127.0.0.2"], ["127.0.0.1"])
        assert (
            trouble(Place("imap.attacker.example", port, tls=False, username="u", folder="INBOX"))
            == ImapTrouble.NO_ANSWER
        )
        assert heard == []


@pytest.mark.parametrize(
    "says",
    [
        b"SSH-2.0-OpenSSH_9.2 SECRET-BANNER\r\n",
        b"HTTP/1.1 400 SECRET-BANNER\r\n\r\n",
        b"* BYE SECRET-BANNER\r\n",
        b"",
        b"\x00\xff" * 50,
    ],
)
@pytest.mark.django_db
def test_s08_nothing_of_a_strange_service_comes_back(
    admin: Client, settings: Settings, says: bytes, tried: Tried
) -> None:
    """Nor does it hear a password; a closed port is told of in the same words."""
    settings.SECRETS = {"INFO": "PASSWORD"}
    with neighbour(says) as (port, heard):
        told = {looked_at(admin, port)}
        assert [words for words in heard if b"PASSWORD" in words] == []
    told.add(looked_at(admin, port))
    tried("S08", 2)
    assert told == {"The server did not let us look: no mail server answers there"}


def looked_at(admin: Client, port: int) -> str:
    account, _ = ImapAccount.objects.update_or_create(
        username="info",
        defaults={"mailbox": make_mailbox(), "host": "127.0.0.1", "port": port, "tls": False, "secret": "INFO", "folder": "INBOX", "mode": ImapMode.PREVIEW, "since": date(2026, 1, 1)},
    )  # fmt: skip
    page = admin.post(reverse("desk:look-imap", args=[account.pk])).content.decode()
    assert "SECRET-BANNER" not in page
    assert str(outlook(account).error) in page
    return page.partition('<p class="notice error">')[2].partition("</p>")[0]


def test_s08_tls_is_spoken_with_the_name_that_was_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tried: Tried
) -> None:
    """On a connection to the address that was checked. Who is not vouched for is told of as such, and hears no password."""
    certificate = certificate_in(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with neighbour(b"* OK ready\r\n", context) as (port, heard):
        place = Place("127.0.0.1", port, tls=True, username="u", folder="INBOX")
        tried("S08", 2)
        assert trouble(place) == ImapTrouble.CERTIFICATE
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert trouble(place) == ImapTrouble.NO_ANSWER
        assert trouble(replace(place, host="localhost")) == ImapTrouble.CERTIFICATE
        assert [b"CAPABILITY" in words for words in heard] == [True]
