"""The pages about customers, people and services: what each shows, put together from the rooms that know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sportello.accounts.models import AuditEntry, User
from sportello.accounts.queries import history_of
from sportello.core.paging import Page, Place
from sportello.customers import queries as customers
from sportello.customers.invitations import invitations_of
from sportello.customers.models import Contact, Customer, Invitation, Membership
from sportello.customers.second_factor import WaysIn, ways_in
from sportello.diagnostics.queries import borrowed_names, names_of
from sportello.services import queries as services
from sportello.services.models import Server, Service, ServiceDomain
from sportello.tickets import queries as tickets
from sportello.tickets.models import Ticket
from sportello.tickets.queries import Shown

FIRST = 30
"""Of people and of services that stand on a customer's page: an agency has a thousand."""


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """`people`, `services` and `tickets` count what is active: contacts, services not ended, tickets on the desk."""

    customer: Customer
    people: int
    services: int
    tickets: int


@dataclass(frozen=True, slots=True)
class CustomersListed:
    lines: list[CustomerLine]
    page: Page[Customer]


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Of people and services the first FIRST; `has_more_people`, `has_more_services`: there are others, on pages of their own."""

    customer: Customer
    people: list[Contact]
    invitations: list[Invitation]
    beside: list[Membership]
    services: list[Service]
    tickets: Page[Ticket]
    history: list[AuditEntry]
    concerns: list[Shown]
    has_more_people: bool
    has_more_services: bool


@dataclass(frozen=True, slots=True)
class ContactPage:
    """`candidates` are the customers to whom a person could belong whom nobody knows, or for whom one could write besides."""

    contact: Contact
    memberships: list[Membership]
    has_more_memberships: bool
    tickets: Page[Ticket]
    candidates: Sequence[Customer]
    history: list[AuditEntry]
    ways: WaysIn


@dataclass(frozen=True, slots=True)
class ServicePage:
    """`elsewhere` are the places where its domains are or were besides. `looked_at` are the names that the desk looks at, its own or borrowed."""

    domains: list[ServiceDomain]
    looked_at: Sequence[str]
    elsewhere: list[ServiceDomain]
    tickets: Page[Ticket]
    history: list[AuditEntry]


@dataclass(frozen=True, slots=True)
class ServerPage:
    """`is_outside`: one of its addresses is in none of the provider's networks."""

    services: Page[Service]
    is_outside: bool
    history: list[AuditEntry]


def customers_listed(user: User, *, search: str, place: Place) -> CustomersListed:
    """In three queries."""
    page = customers.customers_page(search=search, place=place)
    running, open_ = services.service_counts(page.rows), tickets.open_counts(user, page.rows)
    lines = [
        CustomerLine(row, getattr(row, "people", 0), running.get(row.pk, 0), open_.get(row.pk, 0)) for row in page.rows
    ]
    return CustomersListed(lines, page)


def customer_page(user: User, customer: Customer, place: Place) -> CustomerPage:
    people = customers.first_people_of(customer, FIRST + 1)
    theirs = services.first_services_of(customer, FIRST + 1)
    return CustomerPage(
        customer,
        people[:FIRST],
        invitations_of([customer]),
        customers.people_beside(customer),
        theirs[:FIRST],
        tickets.tickets_of_customer(user, customer, place=place),
        history_of(customer),
        tickets.concerns_of(user, customer.pk),
        has_more_people=len(people) > FIRST,
        has_more_services=len(theirs) > FIRST,
    )


def service_page(user: User, service: Service, place: Place) -> ServicePage:
    return ServicePage(
        services.domains_of(service),
        names_of(service) or borrowed_names(service),
        services.elsewhere(service),
        tickets.tickets_of_service(user, service, place=place),
        history_of(service),
    )


def server_page(server: Server, place: Place) -> ServerPage:
    is_outside = bool(services.servers_outside([server], services.networks()))
    return ServerPage(services.services_on(server, place=place), is_outside, history_of(server))


def contact_page(user: User, contact: Contact, place: Place, *, search: str, number: int) -> ContactPage:
    """Candidates are those found by `search`, and before anything was searched those of the sender's own domain.

    `number` is which FIRST of the customers they write for are shown, from 1 on.
    """
    memberships = customers.memberships_of(contact, start=(number - 1) * FIRST, limit=FIRST + 1)
    candidates: Sequence[Customer] = customers.customers_named(search) if search else ()
    if contact.customer is None and not search:
        candidates = customers.customers_of_domain(contact)
    return ContactPage(
        contact,
        memberships[:FIRST],
        len(memberships) > FIRST,
        tickets.tickets_of_contact(user, contact, place=place),
        candidates,
        history_of(contact),
        ways_in(contact),
    )
