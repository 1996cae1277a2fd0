"""The menu of the customers' area, and the page of services that it leads to."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.customers.models import Contact, Customer, Membership
from sportello.services.enums import ServiceStatus
from sportello.services.models import Service
from sportello.tickets.models import Ticket
from tests.factories import NOW, make_contact, make_customer, make_queue, make_service, make_ticket
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db


def page_of(contact: Contact, path: str) -> str:
    return browser(contact).get(path).content.decode()


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/portal/", []),
        ("/portal/requests/", [("/portal/requests/", "page")]),
        ("/portal/search", [("/portal/requests/", "true")]),
        ("/portal/services/", [("/portal/services/", "page")]),
        ("/portal/new/", [("/portal/new/", "page")]),
        ("/portal/pin/", [("/portal/pin/", "page")]),
        ("/portal/settings/privacy/", [("/portal/settings/", "true")]),
    ],
)
def test_the_page_that_one_is_on_is_marked(path: str, marked: list[tuple[str, str]]) -> None:
    page = page_of(make_contact(), path).partition("<main")[0]
    assert re.findall(r'href="([^"]+)" aria-current="(\w+)"', page) == marked


def test_a_request_belongs_to_the_requests() -> None:
    ticket = make_ticket(contact=make_contact())
    page = page_of(ticket.contact, f"/portal/tickets/{ticket.public_id}/")
    assert 'href="/portal/requests/" aria-current="true"' in page


def test_nothing_stands_in_it_that_its_reader_may_not_open() -> None:
    contact = make_contact()
    contact.may_open = False
    contact.save()
    menu = page_of(contact, "/portal/").partition("<main")[0]
    assert re.findall(r'<a href="/portal/(\w+)/"', menu) == ["requests", "services", "pin", "settings"]


def test_a_right_at_another_customer_opens_its_page_too() -> None:
    """A fault found: who sees all requests, but of another customer than their own, found no way to its people."""
    contact = make_contact()
    beside = Membership.objects.create(
        contact=contact, customer=make_customer(), since=NOW, sees_all=True, may_order=True
    )
    menu = page_of(contact, "/portal/").partition("<main")[0]
    assert re.findall(r'<a href="/portal/(\w+)/"', menu) == [
        "requests",
        "services",
        "new",
        "pin",
        "people",
        "orders",
        "settings",
    ]
    Customer.objects.filter(pk=beside.customer_id).update(is_active=False)
    menu = page_of(contact, "/portal/").partition("<main")[0]
    assert re.findall(r'<a href="/portal/(\w+)/"', menu) == ["requests", "services", "new", "pin", "settings"]


# -- services -----------------------------------------------------------------------------------------------------------
def test_all_services_are_listed_page_by_page_and_searched_in_one_query() -> None:
    contact = make_contact(language="en")
    for number in range(60):
        make_service(f"site{number:02}.example", customer=contact.customer)
    Service.objects.filter(name="site01.example").update(status=ServiceStatus.ENDED)
    anothers = make_service("site99.example")
    client = browser(contact)
    with CaptureQueriesContext(
        connection,
    ) as first:
        page = client.get("/portal/services/").content.decode()
    with CaptureQueriesContext(connection) as found:
        hit = client.get("/portal/services/?q=SITE5").content.decode()
    assert page.count("Ask about it") == 50
    assert 'href="?q=&amp;page=2"' in page
    assert client.get("/portal/services/?page=2").content.decode().count("Ask about it") == 9
    assert hit.count("Ask about it") == 10
    assert "site01.example" not in page
    assert anothers.name not in hit + page
    assert "No service has this name." in client.get("/portal/services/?q=%00nothing%25").content.decode()
    assert len(first) == len(found)


def test_who_writes_for_several_customers_asks_about_the_services_of_each() -> None:
    """ADR 21: the service is chosen, and the customer follows."""
    make_queue()
    contact, client_of_agency = make_contact(language="en"), make_customer("Ceramiche Doria")
    beside = Membership.objects.create(contact=contact, customer=client_of_agency, since=NOW)
    shop = make_service("doria.example", customer=client_of_agency)
    client = browser(contact)
    for path in ("/portal/", "/portal/services/", "/portal/new/"):
        page = client.get(path).content.decode()
        assert "doria.example" in page
        assert "Ceramiche Doria" in page
    asked = {"service": str(shop.public_id), "claim": "question", "text": "One more mailbox?"}
    assert client.post("/portal/new/", {**asked, "once": str(uuid4())}).status_code == 302
    assert Ticket.objects.get().customer == client_of_agency
    beside.may_open = False
    beside.save()
    assert client.post("/portal/new/", {**asked, "once": str(uuid4())}).status_code == 422
    assert "doria.example" not in client.get("/portal/new/").content.decode().partition("<form id")[2]


def test_who_writes_for_several_customers_reads_whose_request_is_about_no_service() -> None:
    """ADR 21: it is the person's own customer's. The choice did not say so."""
    make_queue()
    contact, client_of_agency = make_contact(language="en"), make_customer("Ceramiche Doria")
    assert contact.customer is not None
    Customer.objects.filter(pk=contact.customer.pk).update(name="Agenzia Verdi")
    make_service("verdi.example", customer=contact.customer)
    client = browser(contact)
    said = "invoices, domains, contract · Agenzia Verdi"
    assert said not in client.get("/portal/new/").content.decode()
    Membership.objects.create(contact=contact, customer=client_of_agency, since=NOW)
    make_service("doria.example", customer=client_of_agency)
    assert said in client.get("/portal/new/").content.decode()


def test_who_may_open_for_another_customer_only_may_do_that() -> None:
    make_queue()
    contact, other = make_contact(language="en"), make_customer("Ceramiche Doria")
    Contact.objects.filter(pk=contact.pk).update(may_open=False)
    Membership.objects.create(contact=contact, customer=other, since=NOW)
    own, theirs = make_service(customer=contact.customer), make_service("doria.example", customer=other)
    client = browser(contact)
    for service, status in ((own, 422), (theirs, 302)):
        given = {"service": str(service.public_id), "claim": "question", "text": "Why?", "once": str(uuid4())}
        assert client.post("/portal/new/", given).status_code == status
    general = {"service": "other", "claim": "question", "text": "An invoice?", "once": str(uuid4())}
    assert client.post("/portal/new/", general).status_code == 409
