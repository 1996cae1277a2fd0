"""Looking at services on a small internet of our own: what is seen, what is not reached, and that every look ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from time import monotonic

import pytest

from sportello.core import clock
from sportello.diagnostics.adapters.looking import Subject, look
from sportello.diagnostics.adapters.vantage import Patience, Vantage
from sportello.diagnostics.enums import Blame, Probe, Role, Sign
from sportello.diagnostics.rules import Facts, Judgement, Seen, judge
from sportello.services.enums import ServiceKind, ServiceStatus, ServiceVerdict
from tests.diagnostics.internet import (
    Conduct,
    Internet,
    an_internet,
    answer,
    dripping,
    gone_at_once,
    hanging,
    hanging_up,
    mail_server,
    never_ending,
    saying,
    secured,
    sending_on,
)
from tests.mail.certificates import certificate_in

OWN = (ip_network("127.0.7.0/24"),)
NAME = "bottega.example"
ADDRESS = "127.0.7.1"
QUICK = Patience(total=3.0, question=0.2, connect=0.5, page=0.5, mail=0.8, neighbours=0.5)
"""For what hangs and is to be given up."""
AMPLE = Patience(total=40.0, question=5.0, connect=10.0, page=20.0, mail=20.0, neighbours=10.0)
"""For what answers, on a machine that is busy."""
WELCOME = "<title>Bottega</title><h1>Benvenuti</h1><p>Ceramiche fatte a mano.</p>"


@pytest.fixture
def net() -> Iterator[Internet]:
    with an_internet() as found:
        yield found


def subject(kind: ServiceKind = ServiceKind.HOSTING, **other: object) -> Subject:
    return replace(Subject(kind, (NAME,), own=OWN), **other)  # type: ignore[arg-type] # fields of Subject


def judged(seen: tuple[Seen, ...], kind: ServiceKind = ServiceKind.HOSTING) -> Judgement:
    return judge(Facts(kind, ServiceStatus.ACTIVE, (NAME,), seen, clock.now(), is_on_our_server=True))


def looked(
    net: Internet, of: Subject | None = None, vantage: Vantage | None = None, patience: Patience = AMPLE
) -> tuple[Seen, ...]:
    return look(of or subject(), vantage or net.vantage(), patience)


def sign(seen: tuple[Seen, ...], probe: Probe, role: Role = Role.OWN) -> Sign | None:
    return next((each.sign for each in seen if each.probe == probe and each.role == role), None)


@pytest.mark.parametrize(
    ("conduct", "expected"),
    [
        (saying("200 OK", WELCOME), Sign.PAGE_FINE),
        (saying("200 OK", "<html><head><title>x</title></head><body></body></html>"), Sign.PAGE_EMPTY),
        (saying("500 Internal Server Error", ""), Sign.PAGE_EMPTY),
        (saying("500 Internal Server Error", "<h1>Error establishing a database connection</h1>"), Sign.PAGE_DATABASE),
        (saying("200 OK", "<b>Fatal error</b>: Uncaught Error: x in /a.php on line 3"), Sign.PAGE_PHP),
        (saying("403 Forbidden", "<h1>Forbidden</h1>"), Sign.PAGE_FORBIDDEN),
        (saying("200 OK", "<h1>Account Suspended</h1>"), Sign.PAGE_SUSPENDED),
        (sending_on(lambda path: f"http://{NAME}{path}"), Sign.PAGE_LOOP),
        (sending_on(lambda path: f"http://{NAME}{path}a"), Sign.PAGE_MANY_REDIRECTS),
        (sending_on(lambda _path: "http://127.0.0.1/"), Sign.PAGE_ELSEWHERE),
        (sending_on(lambda _path: "http://2130706433/"), Sign.PAGE_ELSEWHERE),
        (sending_on(lambda _path: "http://intranet.example/"), Sign.PAGE_ELSEWHERE),
        (sending_on(lambda _path: "ftp://bottega.example/"), Sign.PAGE_ELSEWHERE),
        (sending_on(lambda _path: "http://bottega.example:6379/"), Sign.PAGE_ELSEWHERE),
        (hanging, Sign.PAGE_HANGING),
        (dripping, Sign.PAGE_HANGING),
        (hanging_up, Sign.PAGE_CUT_OFF),
    ],
)
def test_a_page_is_read_as_a_visitor_sees_it(net: Internet, conduct: Conduct, expected: Sign) -> None:
    net.site(NAME, ADDRESS, conduct)
    patience = QUICK if expected == Sign.PAGE_HANGING else AMPLE
    assert sign(looked(net, patience=patience), Probe.PAGE) == expected


def test_a_page_still_to_come_when_the_time_is_over_is_slow_however_short_the_time_was(net: Internet) -> None:
    """The lab's "page without end": looked at late, by a busy desk, it was called fine."""
    net.site(NAME, ADDRESS, never_ending)
    assert sign(looked(net, patience=QUICK), Probe.PAGE) == Sign.PAGE_SLOW


def test_a_redirect_that_only_wants_its_cookie_back_is_no_loop(net: Internet) -> None:
    def conduct(link: object) -> None:
        got = link.recv(4096).decode()  # type: ignore[attr-defined] # a socket
        sent = answer("200 OK", WELCOME) if "Cookie: seen=1" in got else _with_cookie()
        link.sendall(sent)  # type: ignore[attr-defined] # a socket

    net.site(NAME, ADDRESS, conduct)
    assert sign(looked(net), Probe.PAGE) == Sign.PAGE_FINE


def _with_cookie() -> bytes:
    return answer("302 Found", headers={"Location": f"http://{NAME}/", "Set-Cookie": "seen=1; Path=/"})


def test_what_stands_on_the_wire_is_kept_up_to_a_limit(net: Internet) -> None:
    net.site(NAME, ADDRESS, saying("200 OK", WELCOME + "x" * 400_000, {"X-Powered-By": "PHP/8.2"}))
    page = next(each for each in looked(net) if each.probe == Probe.PAGE)
    assert page.head.startswith("\n\nHTTP/1.1 200 OK\r\n") or page.head.startswith("HTTP/1.1 200 OK\r\n")
    assert "X-Powered-By: PHP/8.2" in page.head
    assert len(page.head) <= 8192
    assert int(page.params["bytes"]) <= 256 * 1024


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [("broken", Sign.NAME_BROKEN), ("bogus", Sign.NAME_BOGUS), ("silent", Sign.NAME_SILENT), ("", Sign.NAME_NOT_THERE)],
)
def test_a_name_that_cannot_be_found_is_told_by_its_reason(net: Internet, trouble: str, expected: Sign) -> None:
    if trouble:
        net.zone.add(NAME, ADDRESS)
        getattr(net.zone, trouble).add(NAME)
    patience = QUICK if trouble == "silent" else AMPLE
    assert sign(looked(net, patience=patience), Probe.DNS) == expected


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "169.254.169.254",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2002:a00:1::",
        "fe80::1",
        "0.0.0.0",  # noqa: S104 - an address that is looked at, not bound
    ],
)
def test_an_address_that_is_not_public_is_never_connected_to(net: Internet, address: str) -> None:
    net.zone.add(NAME, address, "AAAA" if ":" in address else "A")
    seen = looked(net)
    assert {each.probe for each in seen} <= {Probe.DNS, Probe.DELEGATION}
    assert judged(seen).verdict == ServiceVerdict.UNKNOWN


def test_one_forbidden_address_among_good_ones_condemns_the_name(net: Internet) -> None:
    net.site(NAME, ADDRESS, saying("200 OK", WELCOME))
    net.zone.add(NAME, "192.168.1.1")
    assert sign(looked(net), Probe.DNS) == Sign.NAME_FORBIDDEN


def test_the_providers_own_management_is_refused_though_it_is_allowed_otherwise(net: Internet) -> None:
    net.site(NAME, ADDRESS, saying("200 OK", WELCOME))
    vantage = replace(net.vantage(), forbidden=(ip_network("127.0.7.0/28"),))
    assert sign(looked(net, vantage=vantage), Probe.DNS) == Sign.NAME_FORBIDDEN


def test_dead_dns_is_our_blindness_and_nobodys_outage(net: Internet) -> None:
    net.zone.add(NAME, ADDRESS)
    net.zone.is_dead = True
    found = judged(looked(net, patience=QUICK))
    assert (found.verdict, found.rule, found.sign) == (ServiceVerdict.UNKNOWN, "blind", Sign.NAME_BLIND)


def test_a_look_ends_in_time_though_every_probe_hangs(net: Internet) -> None:
    for port in (80, 443, 25, 587, 465):
        net.serve(ADDRESS, port, hanging)
    net.zone.add(NAME, ADDRESS)
    net.zone.add(NAME, f"10 {NAME}.", "MX")
    net.zone.silent.add(f"www.{NAME}")
    began = monotonic()
    found = judged(looked(net, patience=QUICK))
    assert (found.verdict, found.rule) == (ServiceVerdict.DEGRADED, "hanging")
    assert monotonic() - began < 60  # of a look that may take three seconds, on a machine that is busy


def test_neighbours_that_work_tell_that_it_is_the_site_and_not_the_server(net: Internet) -> None:
    net.site(NAME, ADDRESS, saying("403 Forbidden", "<h1>Forbidden</h1>"))
    for number in (2, 3):
        net.site(f"vicino{number}.example", f"127.0.7.{number}", saying("200 OK", WELCOME))
    found = judged(looked(net, subject(neighbours=("vicino2.example", "vicino3.example"), addresses=(ADDRESS,))))
    assert (found.blame, found.neighbours.tried, found.neighbours.down) == (Blame.CUSTOMER, 2, 0)


def test_neighbours_that_fail_too_tell_that_it_is_the_server(net: Internet) -> None:
    for name in (NAME, "vicino2.example", "vicino3.example"):
        net.zone.add(name, ADDRESS)
    net.serve(ADDRESS, 80, saying("503 Service Unavailable", "<h1>Service Unavailable</h1>"))
    found = judged(looked(net, subject(neighbours=("vicino2.example", "vicino3.example"), addresses=(ADDRESS,))))
    assert (found.sign, found.blame, found.neighbours.down) == (Sign.PAGE_GATEWAY, Blame.PROVIDER, 2)


def test_past_a_proxy_our_own_server_is_asked(net: Internet) -> None:
    net.site(NAME, "127.0.8.1", saying("521 Web Server Is Down", "cloudflare", {"CF-RAY": "1-MXP"}))
    net.serve(ADDRESS, 80, saying("200 OK", WELCOME))
    vantage = replace(net.vantage(), proxies=(ip_network("127.0.8.0/24"),))
    seen = looked(net, subject(addresses=(ADDRESS,)), vantage)
    assert sign(seen, Probe.PAGE) == Sign.PAGE_PROXY
    assert sign(seen, Probe.PAGE, Role.ORIGIN) == Sign.PAGE_FINE
    assert judged(seen).verdict == ServiceVerdict.DEGRADED


def test_a_name_that_leads_elsewhere_is_not_ours(net: Internet) -> None:
    net.site(NAME, "127.0.99.1", saying("500 Internal Server Error", "x"))
    assert judged(looked(net)).verdict == ServiceVerdict.NOT_OURS


# -- certificates --------------------------------------------------------------------------------------------------------
def with_certificate(
    net: Internet, folder: Path, name: str, *, days: int = 90, is_strict: bool = False
) -> tuple[Seen, ...]:
    made = certificate_in(folder, names=(name,), days=days)
    headers = {"Strict-Transport-Security": "max-age=31536000"} if is_strict else {}
    net.site(NAME, ADDRESS, secured(saying("200 OK", WELCOME, headers), made), port=443)
    net.authority = str(made)
    return looked(net)


@pytest.mark.parametrize(
    ("name", "days", "expected", "verdict"),
    [
        (NAME, 90, Sign.CERTIFICATE_GOOD, ServiceVerdict.FINE),
        (NAME, 3, Sign.CERTIFICATE_SOON, ServiceVerdict.FINE),
        (NAME, -2, Sign.CERTIFICATE_EXPIRED, ServiceVerdict.DEGRADED),
        ("altro.example", 90, Sign.CERTIFICATE_OTHER_NAME, ServiceVerdict.DEGRADED),
    ],
)
def test_a_certificate_is_judged_as_browsers_do(
    net: Internet, tmp_path: Path, name: str, days: int, expected: Sign, verdict: ServiceVerdict
) -> None:
    seen = with_certificate(net, tmp_path, name, days=days)
    assert (sign(seen, Probe.TLS), judged(seen).verdict) == (expected, verdict)


def test_a_certificate_that_nobody_vouches_for_is_told_apart(net: Internet, tmp_path: Path) -> None:
    made = certificate_in(tmp_path, names=(NAME,), days=9)
    net.site(NAME, ADDRESS, secured(saying("200 OK", WELCOME), made), port=443)
    assert sign(looked(net), Probe.TLS) == Sign.CERTIFICATE_SELF_SIGNED


def test_an_expired_certificate_shuts_the_site_that_forbids_to_go_on(net: Internet, tmp_path: Path) -> None:
    found = judged(with_certificate(net, tmp_path, NAME, days=-2, is_strict=True))
    assert (found.rule, found.sign) == ("once", Sign.CERTIFICATE_EXPIRED)


# -- mail and machines -----------------------------------------------------------------------------------------------------
def a_mail_house(net: Internet, conduct: Conduct, *, submission: Conduct | None) -> tuple[Seen, ...]:
    net.zone.add(NAME, f"10 mx.{NAME}.", "MX")
    net.site(f"mx.{NAME}", ADDRESS, conduct, port=25)
    if submission is not None:
        net.serve(ADDRESS, 587, submission)
    return looked(net, subject(ServiceKind.MAIL))


POLITE = mail_server("220 mx ESMTP", "mx", "PIPELINING", "STARTTLS")


@pytest.mark.parametrize(
    ("conduct", "submission", "expected", "verdict"),
    [
        (POLITE, POLITE, Sign.MAIL_GOOD, ServiceVerdict.FINE),
        (mail_server("220 mx", "mx", "SIZE 1"), POLITE, Sign.MAIL_NO_STARTTLS, ServiceVerdict.FINE),
        (mail_server("421 too busy"), POLITE, Sign.MAIL_BUSY, ServiceVerdict.FINE),
        (POLITE, None, Sign.MAIL_GOOD, ServiceVerdict.DEGRADED),
        (gone_at_once, None, Sign.MAIL_CUT_OFF, ServiceVerdict.UNKNOWN),
        (mail_server("554 go away"), None, Sign.MAIL_TURNED_AWAY, ServiceVerdict.UNKNOWN),
    ],
)
def test_mail_is_judged_by_its_doors(
    net: Internet, conduct: Conduct, submission: Conduct | None, expected: Sign, verdict: ServiceVerdict
) -> None:
    seen = a_mail_house(net, conduct, submission=submission)
    found = judged(seen, ServiceKind.MAIL)
    assert (sign(seen, Probe.MAIL), found.verdict) == (expected, verdict)


def test_a_mail_server_of_ours_that_is_down_is_our_fault(net: Internet) -> None:
    """It was said that whose fault it is cannot be told: a mail service has no sites beside it."""
    net.zone.add(NAME, ADDRESS)
    found = judged(looked(net, subject(ServiceKind.MAIL)), ServiceKind.MAIL)
    assert (found.sign, found.blame) == (Sign.MAIL_REFUSED, Blame.PROVIDER)


def test_a_machine_with_one_open_port_is_on(net: Internet) -> None:
    net.site(NAME, ADDRESS, hanging, port=22)
    machine = subject(ServiceKind.VPS, addresses=(ADDRESS,))
    assert judged(looked(net, machine), ServiceKind.VPS).verdict == ServiceVerdict.FINE
