"""A customer with a thousand services: what is offered of them, and how the others are found, by keyboard and without scripts."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.core import clock
from sportello.core.paging import PAGE_SIZE
from sportello.customers.models import Contact
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import Service
from sportello.services.queries import MOST_OFFERED, possible_names
from sportello.tickets.models import Ticket
from tests.desk.reading import find, only, page, parsed, text_of, texts
from tests.factories import make_contact, make_customer, make_message, make_queue, make_service, make_ticket
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db

MANY = 600


@pytest.fixture
def boss(db: None) -> Contact:
    """Somebody of an agency, whose services are called site000.example and so on."""
    make_queue()
    contact = make_contact("Anna Neri", customer=make_customer("Agenzia Neri"), address="anna@neri.example")
    Service.objects.bulk_create(
        Service(customer=contact.customer, kind=ServiceKind.HOSTING, name=f"site{number:03}.example")
        for number in range(MANY)
    )
    return contact


def called(name: str) -> Service:
    return Service.objects.get(name=name)


def address(ticket: Ticket, place: str = "") -> str:
    return f"/desk/tickets/{ticket.public_id}/{place}"


# -- a ticket's page ---------------------------------------------------------------------------------------------------
def test_a_ticket_offers_its_own_service_those_named_and_those_asked_about_lately(desk: Client, boss: Contact) -> None:
    """A fault found: with 1,500 services the page weighed 171 kB."""
    make_ticket("Before", contact=boss, service=called("site400.example"), now=clock.now())
    ticket = make_ticket("Site", contact=boss, service=called("site500.example"), now=clock.now())
    make_message(ticket, "Look at https://www.site300.example/shop, please.", now=clock.now())
    shown = page(desk, address(ticket))
    offered = texts(shown, "#service option")
    assert offered[:4] == ["none", "site500.example", "site300.example", "site400.example"]
    assert len(offered) == 2 + MOST_OFFERED
    assert texts(shown, "#service option[selected]") == ["site500.example"]
    assert address(ticket, "service/choose/") in [link.get("href") for link in find(shown, "#change-service a")]


def test_any_service_is_found_and_chosen_on_a_page_of_its_own(desk: Client, boss: Contact) -> None:
    ticket = make_ticket(contact=boss, service=called("site500.example"), now=clock.now())
    Service.objects.filter(name="site599.example").update(status=ServiceStatus.ENDED)
    make_service("site555.example.org")  # another customer's
    all_of_them = page(desk, address(ticket, "service/choose/"))
    assert len(find(all_of_them, ".list li")) == PAGE_SIZE
    assert len(find(all_of_them, ".pager a[rel=next]")) == 1
    found = page(desk, address(ticket, "service/choose/?find=site55"))
    assert texts(found, ".list strong") == [f"site55{n}.example" for n in range(10)]
    assert not find(page(desk, address(ticket, "service/choose/?find=site599")), ".list li")
    assert "as it stands" in text_of(page(desk, address(ticket, "service/choose/?find=site500")))
    button = find(found, ".list button")[4]
    desk.post(address(ticket, "service"), {button.get("name"): button.get("value")})
    ticket.refresh_from_db()
    assert ticket.service == called("site554.example")


def test_a_page_of_services_to_choose_from_is_there_for_customers_only(desk: Client) -> None:
    stranger = make_ticket(contact=make_contact(unknown=True), now=clock.now())
    assert desk.get(address(stranger, "service/choose/")).status_code == 404


def test_few_services_are_all_offered_by_name(desk: Client) -> None:
    contact = make_contact()
    for name in ("c.example", "a.example", "b.example"):
        make_service(name, customer=contact.customer)
    ended = make_service("old.example", customer=contact.customer)
    ticket = make_ticket(contact=contact, service=ended, now=clock.now())
    Service.objects.filter(pk=ended.pk).update(status=ServiceStatus.ENDED)
    shown = page(desk, address(ticket))
    assert texts(shown, "#service option") == ["none", "old.example", "a.example", "b.example", "c.example"]
    assert texts(shown, "#service option[selected]") == ["old.example"]
    assert not find(shown, "#change-service a")


def test_a_message_that_names_another_of_a_thousand_is_offered_to_be_split_off(desk: Client, boss: Contact) -> None:
    ticket = make_ticket(contact=boss, service=called("site500.example"), now=clock.now())
    make_message(ticket, "Thanks! But site123.example is down, too.", now=clock.now())
    assert "It names site123.example" in text_of(page(desk, address(ticket)))


@pytest.mark.parametrize("place", ["ticket", "call"])
def test_a_page_reads_a_few_of_a_thousand_services(desk: Client, boss: Contact, place: str) -> None:
    ticket = make_ticket("site300.example", contact=boss, service=called("site500.example"), now=clock.now())
    there = address(ticket) if place == "ticket" else f"/desk/calls/from/{boss.public_id}/"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE services_service")
        cursor.execute("SET LOCAL enable_seqscan = off")
    desk.get(there)  # reads what is kept for a while
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(there).status_code == 200
    assert rows_touched(captured) < MANY / 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The shop (www.Negozio-Rossi.example) is down.", "negozio-rossi.example"),
        ("mail to info@rossi.example.", "rossi.example"),
        ("Please restart VPS Rossi 2!", "vps rossi 2"),
        ("posta", "posta"),
    ],
)
def test_what_in_a_text_may_be_a_name(text: str, name: str) -> None:
    assert name in possible_names(text)


# -- a call ------------------------------------------------------------------------------------------------------------
def take_down(desk: Client, boss: Contact, service: str, text: str = "It is down") -> Service | str | None:
    """The service of the ticket that follows; what was said against it."""
    typed = {"subject": "Call", "text": text, "service": service, "once": str(uuid4())}
    answer = desk.post(f"/desk/calls/from/{boss.public_id}/", typed)
    if answer.status_code == 302:
        return Ticket.objects.latest("pk").service
    return text_of(only(parsed(answer.content), "#id_service_error"))


def test_a_caller_of_an_agency_says_which_service(desk: Client, boss: Contact) -> None:
    shown = page(desk, f"/desk/calls/from/{boss.public_id}/")
    assert only(shown, "#id_service").tag == "input"
    assert len(find(shown, "aside p a")) < 2 * MOST_OFFERED
    assert take_down(desk, boss, "SITE123.example") == called("site123.example")
    assert take_down(desk, boss, "te321") == called("site321.example")
    assert take_down(desk, boss, "") is None
    assert take_down(desk, boss, "", "site222.example is down") == called("site222.example")
    assert take_down(desk, boss, "site32") == (
        "Several services are called so: " + ", ".join(f"site32{number}.example" for number in range(5))
    )
    make_service("rossi.example")  # another customer's
    assert take_down(desk, boss, "rossi.example") == "No running service is called rossi.example."


def test_of_a_site_and_its_mail_of_one_name_the_one_is_meant_that_was_spoken_of(desk: Client, boss: Contact) -> None:
    mail = make_service("site123.example", customer=boss.customer, kind=ServiceKind.MAIL)
    assert take_down(desk, boss, "site123.example", "La casella non riceve") == mail
    found = take_down(desk, boss, "site123.example", "Il sito non si apre")
    assert isinstance(found, Service)
    assert found.kind == ServiceKind.HOSTING


def test_what_is_open_about_the_service_of_a_call_is_asked_while_it_is_typed(desk: Client, boss: Contact) -> None:
    text = "Il negozio dà errore 500 e non prende ordini da stamattina"
    open_one = make_ticket("Errore 500", text=text, contact=boss, service=called("site123.example"), now=clock.now())
    typed = {"subject": "Errore 500", "text": text, "service": "site123.example"}
    answer = desk.post(f"/desk/calls/from/{boss.public_id}/same/now", typed).content.decode()
    assert f"#{open_one.number}" in answer
