"""Customers, their people, services and servers, as staff see and change them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry
from sportello.core import clock
from sportello.core.paging import PAGE_SIZE
from sportello.customers.actions import mark_bounced
from sportello.customers.models import Contact, ContactAddress, Customer, Membership
from sportello.desk.register import FIRST
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import Server, Service
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_message,
    make_server,
    make_service,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db
COMPANY = {"kind": "company", "language": "it", "time_zone": "Europe/Rome"}
"""What the form for a customer holds before anybody types."""


def _signed_in(role: Role = Role.AGENT) -> Client:
    client = Client()
    client.force_login(make_user(role=role, language="en"))
    return client


@pytest.fixture
def agent() -> Client:
    return _signed_in()


def _text(client: Client, address: str, **query: str) -> str:
    return client.get(address, query).content.decode()


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


# -- lists -------------------------------------------------------------------------------------------------------------
def test_an_agency_has_its_first_people_and_services_on_its_page_and_all_on_pages_of_their_own(agent: Client) -> None:
    """A fault found: with 1,500 services and 400 people the page weighed 370 kB and took a second and a half."""
    agency, other = make_customer("Agenzia"), make_customer("Altri")
    for number in range(FIRST + 22):
        make_contact(f"Persona {number:03}", customer=agency, address=f"p{number}@agenzia.example")
        make_service(f"sito{number:03}.example", customer=agency)
    make_contact("Estranea", customer=other)
    make_service("estraneo.example", customer=other)
    page = _text(agent, reverse("desk:customer", args=[agency.public_id]))
    for first, last, beyond, name, count, sought, found in (
        (
            "Persona 000",
            f"Persona {FIRST - 1:03}",
            f"Persona {FIRST:03}",
            "customer-people",
            "Persona ",
            "p7@",
            "Persona 007",
        ),
        ("sito000", f"sito{FIRST - 1:03}", f"sito{FIRST:03}", "customer-services", ">sito", "sito007", "sito007"),
    ):
        assert first in page
        assert last in page
        assert beyond not in page
        address = reverse(f"desk:{name}", args=[agency.public_id])
        assert address in page
        listed = _text(agent, address)
        assert listed.count(count) == PAGE_SIZE
        assert "Further" in listed
        assert "strane" not in listed
        only = _text(agent, address, find=sought)
        assert found in only
        assert first not in only
        assert "called that" in _text(agent, address, find="zzz")
    small = _text(agent, reverse("desk:customer", args=[other.public_id]))
    assert "customers/" in small
    assert "All people" not in small
    assert "All services" not in small


def test_who_writes_for_hundreds_of_customers_has_them_in_pages(agent: Client) -> None:
    """A fault found: with 300 the person's page took a quarter of a second, and each more made it longer."""
    contact = make_contact("Anna Neri")
    others = Customer.objects.bulk_create(Customer(name=f"Cliente {n:03}", code=f"K{n}") for n in range(FIRST + 5))
    Membership.objects.bulk_create(Membership(contact=contact, customer=each, since=clock.now()) for each in others)
    address = reverse("desk:contact", args=[contact.public_id])
    first, second = _text(agent, address), _text(agent, address, customers="2")
    assert (f"Cliente {FIRST - 1:03}" in first, f"Cliente {FIRST:03}" in first) == (True, False)
    assert (f"Cliente {FIRST - 1:03}" in second, f"Cliente {FIRST + 4:03}" in second) == (False, True)
    assert ("?customers=2" in first, "?customers=1" in second, "?customers=3" in second) == (True, True, False)


def test_a_customers_lists_ask_as_many_questions_for_few_as_for_many(agent: Client) -> None:
    customer = make_customer()
    addresses = [
        reverse(f"desk:{name}", args=[customer.public_id]) for name in ("customer-people", "customer-services")
    ]
    make_contact(customer=customer)
    make_service(customer=customer)
    few = [_queries(agent, address) for _warm in range(2) for address in addresses][2:]
    for _ in range(5):
        make_contact(customer=customer)
        make_service(customer=customer)
    assert [_queries(agent, address) for address in addresses] == few


def test_customers_are_found_by_name_code_person_and_address(agent: Client) -> None:
    doria = make_customer("Ceramiche Doria Srl", code="C-77")
    make_contact("Laura Doria", customer=doria, address="laura@doria.example")
    make_customer("Studio Ferri")
    address = reverse("desk:customers")
    for q in ("doria srl", "c-77", "laura", "laura@doria"):
        page = _text(agent, address, find=q)
        assert "Ceramiche Doria Srl" in page
        assert "Studio Ferri" not in page
    assert "Nobody is called that" in _text(agent, address, find="zzz")
    assert "Studio Ferri" in _text(agent, address, find="\x00")


def test_pages_about_many_ask_the_database_no_more_than_pages_about_one(agent: Client) -> None:
    customer, server = make_customer(), make_server()
    pages = [
        reverse("desk:customers"),
        reverse("desk:strangers"),
        reverse("desk:customer", args=[customer.public_id]),
        reverse("desk:services"),
        reverse("desk:servers"),
        reverse("desk:server", args=[server.pk]),
    ]

    def add_one_of_each() -> None:
        contact = make_contact(customer=customer)
        service = make_service(customer=customer, server=server)
        make_ticket(contact=contact, service=service)
        make_contact(unknown=True)
        make_contact()
        make_server()

    add_one_of_each()
    agent.get(pages[0])
    with_one = [_queries(agent, page) for page in pages]
    add_one_of_each()
    add_one_of_each()
    assert [_queries(agent, page) for page in pages] == with_one


def test_empty_lists_say_what_to_do(agent: Client) -> None:
    assert "There are no customers yet" in _text(agent, reverse("desk:customers"))
    assert "Everybody is known" in _text(agent, reverse("desk:strangers"))
    assert "A service is entered on the page of its customer." in _text(agent, reverse("desk:services"))
    assert "There are no servers yet" in _text(agent, reverse("desk:servers"))


def test_who_reads_only_sees_all_and_no_button(agent: Client) -> None:
    contact = make_contact()
    assert contact.customer
    reader = _signed_in(Role.READ_ONLY)
    for address in (
        reverse("desk:customers"),
        reverse("desk:customer", args=[contact.customer.public_id]),
        reverse("desk:contact", args=[contact.public_id]),
    ):
        assert '<form method="post"' in _text(agent, address) or "/new/" in _text(agent, address)
        page = _text(reader, address).split("<main")[1].split("</main>")[0]
        assert ('method="post"' in page, "/new/" in page, "/edit/" in page) == (False, False, False)


# -- customers ---------------------------------------------------------------------------------------------------------
def test_a_new_customer_is_entered_and_noted_in_the_audit(agent: Client) -> None:
    answer = agent.post(
        reverse("desk:new-customer"),
        {**COMPANY, "name": "Panificio Greco", "code": "P1", "since": "2020-02-01", "is_active": "on"},
    )
    customer = Customer.objects.get()
    assert answer["Location"] == reverse("desk:customer", args=[customer.public_id])
    assert (customer.name, str(customer.since), customer.is_active) == ("Panificio Greco", "2020-02-01", True)
    assert list(AuditEntry.objects.values_list("act", "subject")) == [(Act.CUSTOMER_CREATED, "Panificio Greco")]


def test_a_code_that_is_taken_is_said_beside_the_field_and_nothing_typed_is_lost(agent: Client) -> None:
    make_customer("Doria", code="C1")
    answer = agent.post(reverse("desk:new-customer"), {**COMPANY, "name": "Altra Ditta", "code": "C1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a customer with this code." in page
    assert 'value="Altra Ditta"' in page
    assert Customer.objects.count() == 1


def test_a_changed_customer_shows_before_and_after_in_the_audit(agent: Client) -> None:
    customer = make_customer("Doria", code="C1")
    changed = {**COMPANY, "name": "Doria Srl", "code": "C1"}
    agent.post(reverse("desk:edit-customer", args=[customer.public_id]), changed)
    entry = AuditEntry.objects.get(act=Act.CUSTOMER_CHANGED)
    ended_on = ["", str(clock.now().date())]
    assert entry.detail == {"name": ["Doria", "Doria Srl"], "is_active": ["True", "False"], "ended_on": ended_on}
    assert "changed the customer" in _text(agent, reverse("desk:customer", args=[customer.public_id]))
    assert "no contract" in _text(agent, reverse("desk:customers"))


# -- people ------------------------------------------------------------------------------------------------------------
def test_a_person_is_added_with_their_address(agent: Client) -> None:
    customer = make_customer()
    agent.post(
        reverse("desk:new-contact", args=[customer.public_id]),
        {
            "name": "Anna Greco",
            "mail": " Anna@Greco.Example ",
            "language": "en",
            "role": "",
            "phone": "",
            "is_active": "on",
        },
    )
    contact = Contact.objects.get()
    assert (contact.name, contact.language, contact.customer) == ("Anna Greco", "en", customer)
    assert list(contact.addresses.values_list("address", "is_primary")) == [("anna@greco.example", True)]


def test_an_address_of_somebody_else_makes_no_half_person(agent: Client) -> None:
    doria = make_customer("Ceramiche Doria Srl")
    make_contact(customer=doria, address="info@doria.example")
    answer = agent.post(
        reverse("desk:new-contact", args=[make_customer().public_id]),
        {"name": "Anna", "mail": "info@doria.example", "language": "it"},
    )
    assert "info@doria.example belongs to Ceramiche Doria Srl already." in answer.content.decode()
    assert not Contact.objects.filter(name="Anna").exists()


def test_mail_goes_to_the_address_that_is_chosen(agent: Client) -> None:
    contact = make_contact(address="old@doria.example")
    agent.post(reverse("desk:add-address", args=[contact.public_id]), {"mail": "new@doria.example"})
    new = ContactAddress.objects.get(address="new@doria.example")
    assert not new.is_primary
    agent.post(reverse("desk:make-primary", args=[contact.public_id, new.pk]))
    chosen = contact.addresses.order_by("address").values_list("address", "is_primary")
    assert list(chosen) == [("new@doria.example", True), ("old@doria.example", False)]


def test_when_the_address_that_mail_goes_to_is_removed_the_next_one_takes_its_place(agent: Client) -> None:
    contact = make_contact(address="old@doria.example")
    agent.post(reverse("desk:add-address", args=[contact.public_id]), {"mail": "new@doria.example"})
    old = ContactAddress.objects.get(address="old@doria.example")
    agent.post(reverse("desk:remove-address", args=[contact.public_id, old.pk]))
    assert list(contact.addresses.values_list("address", "is_primary")) == [("new@doria.example", True)]


def test_the_last_address_stays(agent: Client) -> None:
    contact = make_contact()
    only = contact.addresses.get()
    answer = agent.post(reverse("desk:remove-address", args=[contact.public_id, only.pk]), follow=True)
    assert "This is the only address; add the new one first." in answer.content.decode()
    assert contact.addresses.count() == 1


def test_an_address_of_another_person_is_not_found(agent: Client) -> None:
    other = make_contact().addresses.get()
    address = reverse("desk:remove-address", args=[make_contact().public_id, other.pk])
    assert agent.post(address).status_code == 404


def test_a_bounce_is_shown_and_can_be_taken_away(agent: Client) -> None:
    contact = make_contact(address="piena@doria.example")
    mark_bounced(address="piena@doria.example", reason="552 mailbox full", now=NOW)
    address = reverse("desk:contact", args=[contact.public_id])
    assert "552 mailbox full" in _text(agent, address)
    agent.post(reverse("desk:clear-bounce", args=[contact.public_id, contact.addresses.get().pk]))
    assert "552 mailbox full" not in _text(agent, address)


def test_a_person_whom_nobody_knew_brings_their_tickets_to_the_customer(agent: Client) -> None:
    customer = make_customer("Ceramiche Doria Srl")
    make_contact(customer=customer, address="laura@doria.example")
    stranger = make_contact("Paolo", unknown=True, address="paolo@doria.example")
    ticket = make_ticket(contact=stranger)
    assert "Belongs to Ceramiche Doria Srl" in _text(agent, reverse("desk:contact", args=[stranger.public_id]))
    agent.post(reverse("desk:attach-contact", args=[stranger.public_id, customer.public_id]))
    ticket.refresh_from_db(fields=["customer"])
    assert ticket.customer == customer
    assert "Everybody is known" in _text(agent, reverse("desk:strangers"))


def test_a_person_of_one_customer_is_never_moved_to_another(agent: Client) -> None:
    contact = make_contact()
    address = reverse("desk:attach-contact", args=[contact.public_id, make_customer("Altra").public_id])
    answer = agent.post(address, follow=True)
    assert "This contact belongs to another customer." in answer.content.decode()


def test_tickets_of_a_customer_are_paged(agent: Client) -> None:
    contact = make_contact()
    assert contact.customer
    for n in range(22):
        make_message(make_ticket(f"Richiesta {n:02}", contact=contact, now=NOW + timedelta(minutes=n)))
    address = reverse("desk:customer", args=[contact.customer.public_id])
    page = agent.get(address)
    assert "Richiesta 21" in page.content.decode()
    assert "Richiesta 01" not in page.content.decode()
    older = page.context["about"].tickets.older
    assert "Richiesta 01" in _text(agent, address, older=older)


# -- services ----------------------------------------------------------------------------------------------------------
def test_a_service_is_entered_for_a_customer_and_changed(agent: Client) -> None:
    customer, server = make_customer(), make_server("web-12")
    agent.post(
        reverse("desk:new-service", args=[customer.public_id]),
        {"name": " Greco.Example ", "kind": "hosting", "plan": "Negozio", "server": server.pk, "since": ""},
    )
    service = Service.objects.get()
    assert (service.name, service.customer, service.server) == ("greco.example", customer, server)
    agent.post(
        reverse("desk:edit-service", args=[service.public_id]),
        {"name": "greco.example", "kind": "vps", "plan": "", "server": "", "since": "", "status": "suspended"},
    )
    service.refresh_from_db()
    assert (service.kind, service.server, service.status) == (ServiceKind.VPS, None, ServiceStatus.SUSPENDED)


def test_two_servers_of_one_name_are_refused(agent: Client) -> None:
    make_server("web-12")
    answer = agent.post(reverse("desk:new-server"), {"name": "web-12", "hostname": "", "address": ""})
    assert "There is a server with this name." in answer.content.decode()
    assert Server.objects.count() == 1


def test_the_page_of_a_service_lists_what_was_asked_about_it(agent: Client) -> None:
    service = make_service("greco.example")
    make_ticket("Certificato scaduto", service=service, contact=make_contact(customer=service.customer))
    assert "Certificato scaduto" in _text(agent, reverse("desk:service", args=[service.public_id]))


# -- what else is on file ------------------------------------------------------------------------------------------------
def test_a_wrong_number_is_said_beside_its_field(agent: Client) -> None:
    wrong = {**COMPANY, "name": "Doria", "code": "C1", "vat_number": "00743110158", "tax_code": "", "pec": ""}
    answer = agent.post(reverse("desk:new-customer"), wrong)
    assert (answer.status_code, Customer.objects.count()) == (422, 0)
    assert "This is not a VAT number: a digit may be wrong." in answer.content.decode()


def test_a_person_is_let_write_for_one_more_customer_and_no_longer(agent: Client) -> None:
    contact, other = make_contact(), make_customer("Panificio Greco", code="P1")
    address = reverse("desk:contact", args=[contact.public_id])
    place = reverse("desk:membership", args=[contact.public_id, other.public_id])
    assert place in _text(agent, address, find="P1")
    agent.post(place, {"sees_all": "on", "may_open": "on"})
    row = contact.memberships.get()
    assert (row.customer, row.sees_all, row.may_approve) == (other, True, False)
    assert str(contact) in _text(agent, reverse("desk:customer", args=[other.public_id]))
    agent.post(reverse("desk:end-membership", args=[contact.public_id, row.pk]))
    assert not contact.memberships.exists()


def test_domains_and_networks_are_kept(agent: Client) -> None:
    service, admin = make_service(), _signed_in(Role.ADMIN)
    posted = {
        "name": service.name,
        "kind": "hosting",
        "status": "active",
        "domains": "doria.example\nshop.doria.example",
    }
    agent.post(reverse("desk:edit-service", args=[service.public_id]), posted)
    page = _text(agent, reverse("desk:service", args=[service.public_id]))
    assert [name in page for name in ("doria.example", "shop.doria.example")] == [True, True]
    admin.post(reverse("desk:networks"), {"network": "192.0.2.0/24", "label": "Milano"})
    assert "192.0.2.0/24" in _text(agent, reverse("desk:networks"))
    server = Server.objects.create(name="web-1", address="198.51.100.7")
    assert "outside our networks" in _text(agent, reverse("desk:servers"))
    assert "outside our networks" in _text(agent, reverse("desk:server", args=[server.pk]))
    assert agent.post(reverse("desk:networks"), {"network": "2001:db8::/32"}).status_code == 403
