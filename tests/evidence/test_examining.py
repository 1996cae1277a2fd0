"""A service is looked at for its tickets: asked for, done once, written down, and the tickets are judged by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from sportello.core import clock
from sportello.diagnostics import actions as diagnostics
from sportello.diagnostics.enums import Blame, Occasion, Sign
from sportello.diagnostics.models import Examination
from sportello.diagnostics.queries import names_of, subject_of, verdicts_on
from sportello.diagnostics.words import RULES, SEEN, seen_words
from sportello.evidence import actions
from sportello.evidence.models import Evidence
from sportello.evidence.queries import due_services, looks_of
from sportello.evidence.rules import Standing, due
from sportello.services.enums import ServiceKind, ServiceStatus, ServiceVerdict
from sportello.services.models import NetworkRange, QuietWindow, Service, ServiceDomain
from sportello.tickets.actions import solve
from sportello.tickets.models import Event, Ticket
from tests.desk.reading import find, parsed
from tests.diagnostics.internet import Conduct, Internet, an_internet, mail_server, saying
from tests.factories import NOW, make_contact, make_server, make_service, make_ticket, make_user

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "127.0.7.1"
BROKEN = saying("500 Internal Server Error", "<h1>Error establishing a database connection</h1>")
WORKS = saying("200 OK", "<title>Bottega</title><h1>Benvenuti</h1><p>Ceramiche fatte a mano.</p>")
HALF_A_MINUTE = timedelta(seconds=31)


@pytest.fixture
def net(settings: Settings) -> Iterator[Internet]:
    with an_internet() as found:
        vantage = found.vantage()
        settings.PROBES, settings.PROBE_EVERY_MINUTES, settings.PROBES_AT_ONCE = True, 15, 4
        settings.PROBE_RESOLVERS, settings.PROBE_NETWORKS = vantage.resolvers, vantage.networks
        settings.PROBE_PORTS, settings.PROBE_FORBIDDEN, settings.PROBE_PROXIES = vantage.ports, (), ()
        settings.PROBE_AUTHORITY = settings.PROBE_CANARY = ""
        NetworkRange.objects.create(network=str(ip_network("127.0.7.0/24")))
        yield found


@pytest.fixture
def service(net: Internet) -> Service:
    server = make_server("web-12")
    server.address = ADDRESS
    server.save()
    return make_service("bottega.example", server=server)


def ticket_about(service: Service, now: datetime | None = None) -> Ticket:
    return make_ticket(contact=make_contact(customer=service.customer), service=service, now=now or clock.now())


def looked(service: Service, now: datetime) -> Examination:
    asked = diagnostics.ask(service=service, occasion=Occasion.DEMAND, now=now)
    assert actions.examine(examination=Examination.objects.select_related("service").get(pk=asked.pk), now=now)
    asked.refresh_from_db()
    return asked


def test_two_looks_half_a_minute_apart_prove_an_outage_and_put_the_ticket_first(
    net: Internet, service: Service
) -> None:
    net.site("bottega.example", ADDRESS, BROKEN)
    ticket, now = ticket_about(service), clock.now()

    once = looked(service, now)
    assert (once.verdict, once.rule, once.sign) == (ServiceVerdict.UNKNOWN, "once", Sign.PAGE_DATABASE)
    ticket.refresh_from_db()
    assert ticket.verdict == "", "nobody is told or asked anything by a single failure"
    twice = looked(service, now + HALF_A_MINUTE)
    assert (twice.verdict, twice.rule, twice.blame) == (ServiceVerdict.UNUSABLE, "twice", Blame.OPEN)

    ticket.refresh_from_db()
    assert (ticket.verdict, ticket.is_outage) == (ServiceVerdict.UNUSABLE, True)
    assert [look.pk for look in looks_of(ticket)] == [twice.pk, once.pk]
    assert "Error establishing a database connection" in twice.findings.get(probe="page", name="bottega.example").head
    told = Event.objects.filter(ticket=ticket, kind="looked").values_list("data__verdict", flat=True)
    assert list(told) == ["unusable"]


def test_what_works_is_said_to_work_and_what_cannot_be_told_takes_nothing_back(net: Internet, service: Service) -> None:
    net.site("bottega.example", ADDRESS, WORKS)
    ticket, now = ticket_about(service), clock.now()
    assert looked(service, now).verdict == ServiceVerdict.FINE
    net.zone.is_dead = True
    assert looked(service, now + HALF_A_MINUTE).verdict == ServiceVerdict.UNKNOWN
    ticket.refresh_from_db()
    assert (ticket.verdict, ticket.is_outage) == (ServiceVerdict.FINE, False)


def test_a_look_is_done_once_and_many_tickets_share_it(net: Internet, service: Service) -> None:
    net.site("bottega.example", ADDRESS, WORKS)
    tickets = [ticket_about(service) for _number in range(5)]
    assert actions.look_around(now=clock.now()) == 1
    assert actions.look_around(now=clock.now()) == 0
    assert Evidence.objects.filter(ticket__in=tickets).count() == 5
    only = Examination.objects.get()
    assert not actions.examine(examination=Examination.objects.select_related("service").get(pk=only.pk), now=NOW)
    actions.conclude(examination=only, now=clock.now())
    assert Evidence.objects.count() == 5


def test_one_look_of_a_service_waits_at_a_time(service: Service) -> None:
    first = diagnostics.ask(service=service, occasion=Occasion.OPENING, now=NOW)
    assert diagnostics.ask(service=service, occasion=Occasion.DEMAND, now=NOW).pk == first.pk


def test_a_look_whose_worker_died_is_done_by_another(net: Internet, service: Service) -> None:
    net.site("bottega.example", ADDRESS, WORKS)
    asked = diagnostics.ask(service=service, occasion=Occasion.OPENING, now=NOW)
    Examination.objects.update(begun_at=NOW)
    whole = Examination.objects.select_related("service").get(pk=asked.pk)
    assert not actions.examine(examination=whole, now=NOW + timedelta(minutes=1))
    assert actions.examine(examination=whole, now=NOW + timedelta(minutes=3))


def test_r11_a_look_whose_worker_died_before_all_tickets_were_judged_by_it_is_made_up_for(
    net: Internet, service: Service
) -> None:
    """A fault found: an outage that was seen moved nothing until the next look, and nobody heard what came of one they had asked for."""
    net.site("bottega.example", ADDRESS, WORKS)
    judged, left, now = ticket_about(service), ticket_about(service), clock.now()
    asked = diagnostics.ask(service=service, occasion=Occasion.DEMAND, now=now)
    whole = Examination.objects.select_related("service").get(pk=asked.pk)
    assert diagnostics.examine(examination=whole, now=now)
    Evidence.objects.create(ticket=judged, examination=asked)
    actions.make_up(now=now + timedelta(seconds=10))
    assert Evidence.objects.count() == 1, "whoever looked may be at it"
    actions.make_up(now=now + timedelta(minutes=1))
    left.refresh_from_db()
    assert (left.verdict, Evidence.objects.count()) == (ServiceVerdict.FINE, 2)


def test_r11_no_ticket_is_judged_by_a_look_that_is_not_the_newest(net: Internet, service: Service) -> None:
    net.site("bottega.example", ADDRESS, WORKS)
    ticket, now = ticket_about(service), clock.now()
    first, second = looked(service, now), looked(service, now + timedelta(seconds=1))
    Evidence.objects.filter(examination=first).delete()
    actions.make_up(now=now + timedelta(minutes=1))
    assert [each.examination_id for each in Evidence.objects.filter(ticket=ticket)] == [second.pk]


def test_a_suspended_service_is_not_looked_at_at_all(net: Internet, service: Service) -> None:
    service.status = ServiceStatus.SUSPENDED
    service.save()
    found = looked(service, clock.now())
    assert (found.verdict, found.findings.count(), net.zone.asked) == (ServiceVerdict.SUSPENDED, 0, [])


def test_planned_maintenance_silences_what_fails(net: Internet, service: Service) -> None:
    net.site("bottega.example", ADDRESS, BROKEN)
    now = clock.now()
    QuietWindow.objects.create(
        source=uuid4(), server=service.server, starts_at=now - HALF_A_MINUTE, ends_at=now + timedelta(hours=1)
    )
    looked(service, now)
    found = looked(service, now + HALF_A_MINUTE)
    assert (found.verdict, found.rule) == (ServiceVerdict.UNKNOWN, "maintenance.planned")


def test_nothing_but_the_services_own_names_is_looked_at(service: Service) -> None:
    other = make_service("posta di bottega", kind=ServiceKind.MAIL)
    ServiceDomain.objects.create(service=other, name="bottega-mail.example")
    ServiceDomain.objects.create(service=other, name="venduto.example", until=NOW.date() - timedelta(days=1))
    assert names_of(other, on=NOW.date()) == ("bottega-mail.example",)
    assert subject_of(service).addresses == (ADDRESS,)
    beside = make_service("vicino.example", server=service.server)
    assert subject_of(service).neighbours == (beside.name,)
    assert subject_of(make_service("posta.example", kind=ServiceKind.MAIL, server=service.server)).neighbours == ()
    assert subject_of(make_service("vps-7", kind=ServiceKind.VPS, server=service.server)).addresses == ()


def test_the_page_that_was_entered_is_looked_at_and_its_text_must_be_there(net: Internet, service: Service) -> None:
    service.look_at, service.look_for = "shop.bottega.example/ordini/", "Gli ordini d'oggi"
    service.save()
    works = saying("200 OK", "<h1>Bottega</h1><p>Gli <b>ordini</b>\n d&rsquo;oggi sono 12.</p>")
    net.site("bottega.example", ADDRESS, works)
    net.zone.add("shop.bottega.example", ADDRESS)
    found = looked(service, clock.now())
    assert (found.verdict, found.sign) == (ServiceVerdict.FINE, Sign.PAGE_FINE)
    assert found.params["target"] == "http://shop.bottega.example/ordini/"


def test_a_page_without_the_text_that_must_be_there_works_in_part(net: Internet, service: Service) -> None:
    service.look_for = "Carrello"
    service.save()
    net.site("bottega.example", ADDRESS, WORKS)
    found = looked(service, clock.now())
    assert (found.verdict, found.sign) == (ServiceVerdict.DEGRADED, Sign.PAGE_TEXT_GONE)
    with translation.override("en"):
        assert seen_words(found.sign, found.params) == "The text that is expected is not on the page: Carrello"


def test_a_page_that_is_no_longer_of_its_own_names_is_not_looked_at(service: Service) -> None:
    service.look_at = "sold.example/shop/"
    assert subject_of(service).page == ""


def test_mail_without_a_domain_is_looked_at_by_the_server_it_is_on(net: Internet, service: Service) -> None:
    """It was said that it could not be told, and not why."""
    house = service.server
    assert house is not None
    house.hostname = "mx.provider.example"
    house.save()
    mail = make_service("posta 5", customer=service.customer, kind=ServiceKind.MAIL, server=house)
    net.zone.add("bottega.example", "10 mx.elsewhere.example.", "MX")
    net.zone.add("mx.elsewhere.example", "127.0.9.1")
    net.zone.add("mx.provider.example", ADDRESS)
    for port in (25, 587):
        net.serve(ADDRESS, port, mail_server("220 mx", "mx", "STARTTLS"))
    assert subject_of(mail).borrowed == ("bottega.example", "mx.provider.example")
    found = looked(mail, clock.now())
    assert (found.verdict, found.params["target"]) == (ServiceVerdict.FINE, "mx.provider.example:25")


@pytest.mark.parametrize("kind", [ServiceKind.MAIL, ServiceKind.HOSTING, ServiceKind.VPS])
def test_what_has_no_name_at_all_is_said_to_need_one(net: Internet, kind: ServiceKind) -> None:
    found = looked(make_service("contratto 7", kind=kind), clock.now())
    assert (found.verdict, found.rule) == (ServiceVerdict.UNKNOWN, "blind.names")


def test_a_server_says_what_was_last_seen_of_each_of_its_services(net: Internet, service: Service) -> None:
    net.site("bottega.example", ADDRESS, WORKS)
    now = clock.now()
    looked(service, now)
    assert service.server is not None
    assert verdicts_on(service.server, since=now - HALF_A_MINUTE) == {service.pk: ServiceVerdict.FINE}
    assert verdicts_on(service.server, since=now + timedelta(hours=1)) == {}


def test_of_one_server_no_more_is_looked_at_than_tells_something(service: Service) -> None:
    for _number in range(30):
        ticket_about(make_service(server=service.server))
    assert len(due_services(now=clock.now(), every=None, limit=100)) == 20


def test_solving_is_looked_after(net: Internet, service: Service) -> None:
    net.site("bottega.example", ADDRESS, WORKS)
    ticket = ticket_about(service)
    actions.look_around(now=clock.now())
    later = clock.now() + timedelta(minutes=1)
    solve(ticket=ticket, by=make_user(), now=later)
    assert [each.occasion for each in due_services(now=later + HALF_A_MINUTE, every=None, limit=9)] == [
        Occasion.SOLVING
    ]


@pytest.mark.parametrize(
    ("standing", "occasion"),
    [
        (Standing(NOW, None), Occasion.OPENING),
        (Standing(NOW, None, NOW - timedelta(seconds=10), "works"), None),
        (Standing(NOW, None, NOW - timedelta(seconds=40), "works"), Occasion.OPENING),
        (Standing(NOW - timedelta(hours=1), None, NOW - timedelta(seconds=40), ""), None),
        (Standing(NOW - timedelta(hours=1), None, NOW - timedelta(seconds=40), "once"), Occasion.AGAIN),
        (Standing(NOW - timedelta(hours=1), None, NOW - timedelta(seconds=40), "works"), None),
        (Standing(NOW - timedelta(hours=1), None, NOW - timedelta(minutes=16), "works"), Occasion.SCHEDULE),
        (Standing(None, NOW, NOW - timedelta(minutes=1), "works"), Occasion.SOLVING),
        (Standing(None, NOW - timedelta(minutes=2), NOW - timedelta(minutes=1), "once"), None),
    ],
)
def test_when_a_service_is_looked_at_again(standing: Standing, occasion: Occasion | None) -> None:
    assert due(standing, now=NOW, every=timedelta(minutes=15)) == occasion


def test_every_sign_is_said_in_words() -> None:
    assert set(SEEN) == set(Sign)
    assert all(str(words) for words in RULES.values())


def test_a_person_asks_for_another_look_and_reads_what_was_seen(
    net: Internet, service: Service, client: Client
) -> None:
    net.site("bottega.example", ADDRESS, saying("500 Internal Server Error", "<script>alert(1)</script>"))
    ticket = ticket_about(service)
    client.force_login(make_user())
    client.post(reverse("desk:look-again", args=[ticket.public_id]))
    asked = Examination.objects.select_related("service").get()
    assert asked.occasion == Occasion.DEMAND
    actions.examine(examination=asked, now=clock.now())
    page = client.get(reverse("desk:looks", args=[ticket.public_id])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_beside_the_ticket_the_newest_look_is_short_with_the_worst_first_and_a_link_to_all(
    net: Internet, service: Service, client: Client
) -> None:
    net.site("bottega.example", ADDRESS, saying("500 Internal Server Error", "guasto"))
    ticket = ticket_about(service)
    client.force_login(make_user(language="en"))
    address = reverse("desk:looks", args=[ticket.public_id])
    beside = {"HX-Request": "true", "HX-Target": "looks-found"}
    assert "Nobody has looked yet" in client.get(address, headers=beside).content.decode()
    for _twice in range(2):
        client.post(reverse("desk:look-again", args=[ticket.public_id]))
        actions.examine(examination=Examination.objects.select_related("service").latest("pk"), now=clock.now())
    short, whole = parsed(client.get(address, headers=beside).content), parsed(client.get(address).content)
    assert [len(find(page, "#looks-found .panel")) for page in (short, whole)] == [0, 2]
    lines = find(short, "#looks-found li")
    assert 1 <= len(lines) <= 5
    assert "danger" in find(lines[0], ".chip")[0].get("class")
    assert [fold.get("open") for fold in find(short, "details")] == [None] * len(find(short, "details"))
    assert [link.get("href") for link in find(short, "#looks-found a")] == [address]


UNWRITABLE = {
    "a zero in the answer's first line": lambda link: link.sendall(b"HTTP/9 \x00 what\r\n\r\n"),
    "half a letter in the title": saying(
        "500 No", "<title>+2AA-</title>", {"Content-Type": "text/html; charset=utf-7"}
    ),
}


@pytest.mark.parametrize("conduct", UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_what_no_database_keeps_is_written_out_and_the_look_comes_to_its_end(
    net: Internet, service: Service, conduct: Conduct
) -> None:
    """It failed, was begun again every two minutes, and took the other looks of its round with it."""
    net.site("bottega.example", ADDRESS, conduct)
    ticket = ticket_about(service)
    assert actions.look_around(now=clock.now()) == 1
    only = Examination.objects.get()
    assert only.finished_at is not None
    assert [look.pk for look in looks_of(ticket)] == [only.pk]
