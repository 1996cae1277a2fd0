"""The site's owner is an enemy: whatever they answer, a look ends, keeps little, goes nowhere it must not, and says something sensible."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from time import monotonic

import dns.flags
import dns.message
import dns.rrset
import pytest

from sportello.core import clock
from sportello.diagnostics.adapters.looking import Subject, look
from sportello.diagnostics.adapters.vantage import Patience
from sportello.diagnostics.enums import Probe, Role, Sign
from sportello.diagnostics.rules import HEAD_BYTES, Facts, Judgement, Page, Seen, judge, sign_of, title_of, visible
from sportello.services.enums import ServiceKind, ServiceStatus, ServiceVerdict
from tests.diagnostics.internet import Conduct, Internet, Zone, an_internet, hanging, saying, sending_on

NAME, ADDRESS = "bottega.example", "127.0.7.1"
OURS = ip_network("127.0.7.0/24")
WELCOME = "<title>Bottega</title><h1>Benvenuti</h1><p>Ceramiche fatte a mano.</p>"
AMPLE = Patience(total=40.0, question=5.0, connect=10.0, page=20.0, mail=20.0, neighbours=10.0)
QUICK = Patience(total=3.0, question=0.3, connect=0.5, page=0.5, mail=0.8, neighbours=0.5)
"""For what never ends by itself."""


@pytest.fixture
def net() -> Iterator[Internet]:
    with an_internet() as found:
        yield found


@pytest.fixture
def visits(net: Internet) -> list[str]:
    """What came to a door of this machine that no customer may have us knock at."""
    came: list[str] = []

    def conduct(link: socket.socket) -> None:
        came.append(link.recv(4096).decode("latin-1"))

    for port in (80, 443, 25):
        net.serve("127.0.0.1", port, conduct)
    return came


def looked(net: Internet, *, kind: ServiceKind = ServiceKind.HOSTING, patience: Patience = AMPLE) -> tuple[Seen, ...]:
    """Only the customers' own network is open, as it is in the world outside."""
    vantage = replace(net.vantage(), networks=(OURS,))
    return look(Subject(kind, (NAME,), (ADDRESS,), own=(OURS,)), vantage, patience)


def judged(seen: tuple[Seen, ...], kind: ServiceKind = ServiceKind.HOSTING) -> Judgement:
    return judge(Facts(kind, ServiceStatus.ACTIVE, (NAME,), seen, clock.now(), is_on_our_server=True))


def page_of(seen: tuple[Seen, ...]) -> Seen:
    return next(each for each in seen if each.probe == Probe.PAGE)


# -- where it must not go ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::1]/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://2130706433/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "//127.0.0.1/",
        "\\\\127.0.0.1\\",
        f"http://{NAME}@127.0.0.1/",
        f"http://127.0.0.1#@{NAME}/",
        f"http://127.0.0.1\\@{NAME}/",
        f"http://un{NAME}/",
        f"http://{NAME}:6379/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/x",
    ],
)
def test_a_redirect_leads_to_no_address_but_the_services_own(net: Internet, visits: list[str], target: str) -> None:
    net.site(NAME, ADDRESS, sending_on(lambda _path: target))
    net.zone.add(f"un{NAME}", "127.0.0.1")
    assert page_of(looked(net)).sign in (Sign.PAGE_ELSEWHERE, Sign.PAGE_LOOP)
    assert visits == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "::7f00:1",
        "::1",
        "169.254.169.254",
        "100.100.100.200",
        "fd00:ec2::254",
    ],
)
def test_a_name_leads_to_no_address_of_this_machine_in_any_form(net: Internet, visits: list[str], address: str) -> None:
    for name in (NAME, f"www.{NAME}"):
        net.zone.add(name, address, "AAAA" if ":" in address else "A")
        net.zone.add(name, ADDRESS)
    net.zone.add(NAME, f"10 {NAME}.", "MX")
    assert judged(looked(net)).verdict == ServiceVerdict.UNKNOWN
    assert visits == []


def test_a_redirect_to_an_own_name_inside_is_not_followed_and_nothing_is_said(net: Internet, visits: list[str]) -> None:
    net.site(NAME, ADDRESS, sending_on(lambda _path: f"http://intern.{NAME}/"))
    net.zone.add(f"intern.{NAME}", "127.0.0.1")
    seen = looked(net)
    assert (page_of(seen).sign, judged(seen).verdict) == (Sign.NAME_FORBIDDEN, ServiceVerdict.UNKNOWN)
    assert visits == []


def test_a_redirect_to_an_own_name_that_is_gone_is_a_failure(net: Internet) -> None:
    """It was taken for a site that sends its visitors elsewhere, and said to work."""
    net.site(NAME, ADDRESS, sending_on(lambda _path: f"http://www.{NAME}/"))
    found = judged(looked(net))
    assert (found.sign, found.rule) == (Sign.PAGE_NOWHERE, "once")


@dataclass(slots=True)
class TurningZone(Zone):
    """Says the truth once, and then a lie: the address that is checked, and the one that is meant to be connected to."""

    told: set[str] = field(default_factory=set)

    def answer(self, query: dns.message.Message) -> dns.message.Message | None:
        reply, question = Zone.answer(self, query), query.question[0]
        key = f"{question.name} {question.rdtype}"
        if reply is not None and reply.answer and question.rdtype.name == "A" and key in self.told:
            reply.answer = [dns.rrset.from_text(question.name, 0, "IN", "A", "127.0.0.1")]
        self.told.add(key)
        return reply


def test_an_answer_of_dns_that_changes_after_the_check_changes_nothing() -> None:
    with an_internet(TurningZone()) as net:
        came: list[str] = []
        net.serve("127.0.0.1", 80, lambda link: came.append(link.recv(99).decode()))
        net.site(NAME, ADDRESS, sending_on(lambda path: f"http://www.{NAME}{path}"))
        net.zone.add(f"www.{NAME}", ADDRESS)
        seen = looked(net)
        assert {each.address for each in seen if each.probe == Probe.TCP} == {ADDRESS}
        assert came == []


# -- what has no end -----------------------------------------------------------------------------------------------------
def without_end(first: bytes, piece: bytes, *, pause: float = 0.0) -> Conduct:
    def conduct(link: socket.socket) -> None:
        with suppress(OSError):
            link.sendall(first)
            while True:
                link.sendall(piece)
                threading.Event().wait(pause)

    return conduct


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("conduct", "expected"),
    [
        pytest.param(without_end(OK, b"X-Long: " + b"x" * 60_000), Sign.PAGE_CUT_OFF, id="a header of megabytes"),
        pytest.param(without_end(OK, b"X-Many: x\r\n" * 99), Sign.PAGE_CUT_OFF, id="headers without end"),
        pytest.param(without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99), Sign.PAGE_CUT_OFF, id="100 without end"),
        pytest.param(
            without_end(OK + b"\r\n" + WELCOME.encode(), b"x" * 9000), Sign.PAGE_FINE, id="a body without end"
        ),
        pytest.param(
            without_end(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 999),
            Sign.PAGE_FINE,
            id="chunks without end",
        ),
        pytest.param(without_end(OK, b"x", pause=0.05), Sign.PAGE_HANGING, id="a header in drops"),
        pytest.param(without_end(b"\x00", b"\x00" * 9000), Sign.PAGE_CUT_OFF, id="nothing but zeros"),
        pytest.param(lambda link: link.sendall(b"HTTP/9.9 999 \xff\r\n\r\n"), Sign.PAGE_CUT_OFF, id="no HTTP"),
    ],
)
def test_an_answer_without_end_is_read_to_a_limit(net: Internet, conduct: Conduct, expected: Sign) -> None:
    net.site(NAME, ADDRESS, conduct)
    page = page_of(looked(net, patience=QUICK if expected == Sign.PAGE_HANGING else AMPLE))
    assert page.sign == expected
    assert len(page.head) <= HEAD_BYTES
    assert int(page.params.get("bytes", 0)) <= 256 * 1024


def test_a_hundred_redirects_are_followed_five_times(net: Internet) -> None:
    net.site(NAME, ADDRESS, sending_on(lambda path: f"{path}{len(path)}" if len(path) < 300 else "/"))
    asked = page_of(looked(net)).head.count("302 Found")
    assert asked == 6


def test_a_compressed_bomb_is_not_unpacked(net: Internet) -> None:
    bomb = gzip.compress(b"<p>x</p>" * 2_000_000)
    head = f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()

    def conduct(link: socket.socket) -> None:
        link.recv(4096)
        link.sendall(OK + head + bomb)

    net.site(NAME, ADDRESS, conduct)
    assert int(page_of(looked(net)).params["bytes"]) <= len(bomb)


@pytest.mark.parametrize("port", [443, 465, 993])
def test_an_encrypted_door_that_never_shakes_hands_is_left(net: Internet, port: int) -> None:
    net.zone.add(NAME, f"10 {NAME}.", "MX")
    net.site(NAME, ADDRESS, without_end(b"\x16\x03\x03\x3f\xff", b"\x02", pause=0.05), port=port)
    began = monotonic()
    looked(net, kind=ServiceKind.HOSTING if port == 443 else ServiceKind.MAIL, patience=QUICK)
    assert monotonic() - began < 60  # of a look that may take three seconds, on a machine that is busy


@pytest.mark.parametrize(
    ("conduct", "expected"),
    [
        pytest.param(without_end(b"", b"220-ciao\r\n" * 99), Sign.MAIL_CUT_OFF, id="a greeting of many lines"),
        pytest.param(without_end(b"220 ", b"x" * 9000), Sign.MAIL_NO_STARTTLS, id="a greeting of one line"),
        pytest.param(without_end(b"220 mx\r\n", b"250-STARTTLSX\r\n" * 99), Sign.MAIL_GOOD, id="offers without end"),
        pytest.param(without_end(b"", b"2", pause=0.05), Sign.MAIL_BUSY, id="a greeting in drops"),
        pytest.param(hanging, Sign.MAIL_BUSY, id="no greeting"),
    ],
)
def test_a_mail_server_without_end_is_listened_to_up_to_a_limit(
    net: Internet, conduct: Conduct, expected: Sign
) -> None:
    net.zone.add(NAME, f"10 mx.{NAME}.", "MX")
    net.site(f"mx.{NAME}", ADDRESS, conduct, port=25)
    seen = looked(net, kind=ServiceKind.MAIL, patience=QUICK if expected == Sign.MAIL_BUSY else AMPLE)
    door = next(each for each in seen if each.probe == Probe.MAIL and each.params["port"] == 25)
    assert (door.sign, len(door.head) <= HEAD_BYTES) == (expected, True)


# -- what DNS says -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [ServiceKind.HOSTING, ServiceKind.MAIL])
def test_a_mail_server_at_this_machine_is_not_visited_and_nothing_is_said(
    net: Internet, visits: list[str], kind: ServiceKind
) -> None:
    """It was said that the name takes no mail, also where we alone may not go there."""
    net.site(NAME, ADDRESS, saying("200 OK", WELCOME))
    net.zone.add(NAME, f"10 mx.{NAME}.", "MX")
    net.zone.add(f"mx.{NAME}", "127.0.0.1")
    found = judged(looked(net, kind=kind), kind)
    assert found.verdict == (ServiceVerdict.FINE if kind == ServiceKind.HOSTING else ServiceVerdict.UNKNOWN)
    assert visits == []


def test_a_name_that_takes_no_mail_is_taken_at_its_word(net: Internet) -> None:
    net.site(NAME, ADDRESS, saying("200 OK", WELCOME))
    net.zone.add(NAME, "0 .", "MX")
    assert judged(looked(net)).verdict == ServiceVerdict.FINE


def test_aliases_in_a_circle_are_a_name_without_address(net: Internet) -> None:
    net.zone.add(NAME, f"www.{NAME}.", "CNAME")
    net.zone.add(f"www.{NAME}", f"{NAME}.", "CNAME")
    assert next(each.sign for each in looked(net) if each.probe == Probe.DNS) == Sign.NAME_EMPTY


def test_of_fifty_addresses_and_mail_servers_a_few_are_looked_at(net: Internet) -> None:
    for number in range(1, 51):
        net.zone.add(NAME, f"127.0.7.{number}")
        net.zone.add(NAME, f"{number} mx{number}.{NAME}.", "MX")
        net.zone.add(f"mx{number}.{NAME}", f"127.0.7.{number}")
    seen = looked(net, patience=QUICK)
    assert len({each.address for each in seen if each.probe == Probe.TCP and each.role == Role.OWN}) == 2
    assert len({each.address for each in seen if each.probe == Probe.MAIL}) == 1


# -- what stands on pages ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "charset", ["undefined", "punycode", "idna", "unicode_escape", "zlib", "rot13", "\x00", "", "x" * 999]
)
def test_a_character_set_that_is_none_of_pages_breaks_nothing(net: Internet, charset: str) -> None:
    """`undefined` made a page that opens one that breaks off; others of Python's take for ever."""
    net.site(NAME, ADDRESS, saying("200 OK", WELCOME, {"Content-Type": f"text/html; charset={charset}"}))
    page = page_of(looked(net))
    assert (page.sign, page.params["title"]) == (Sign.PAGE_FINE, "Bottega")


def test_a_page_of_titles_that_never_close_is_read_at_once() -> None:
    """It took ten seconds for each page, in which the worker did nothing else."""
    assert title_of("<title " * 150_000) == ""
    assert sign_of(Page(500, "<title " * 150_000)) == Sign.PAGE_SERVER_ERROR


def test_what_steers_terminals_and_the_direction_of_writing_is_written_out() -> None:
    assert visible("a\x1b[31mb\u202ec\x00d\ud800e\r\n\tè") == "a\\u001b[31mb\\u202ec\\u0000d\\ud800e\r\n\tè"
