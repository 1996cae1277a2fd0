"""The pages about customers, people and services: what each shows, put together from the rooms that know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sportello.accounts.models import User
from sportello.core.paging import Page, Place
from sportello.customers import queries as customers
from sportello.customers.models import Contact, Customer
from sportello.services import queries as services
from sportello.services.models import Service
from sportello.tickets import queries as tickets
from sportello.tickets.models import Ticket


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
    customer: Customer
    people: list[Contact]
    services: list[Service]
    tickets: Page[Ticket]


@dataclass(frozen=True, slots=True)
class ContactPage:
    """`candidates` are the customers to whom a person whom nobody knows could belong."""

    contact: Contact
    tickets: Page[Ticket]
    candidates: Sequence[Customer]


def customers_listed(user: User, *, search: str, place: Place) -> CustomersListed:
    """In three queries."""
    page = customers.customers_page(search=search, place=place)
    running, open_ = services.service_counts(page.rows), tickets.open_counts(user, page.rows)
    lines = [
        CustomerLine(row, getattr(row, "people", 0), running.get(row.pk, 0), open_.get(row.pk, 0)) for row in page.rows
    ]
    return CustomersListed(lines, page)


def customer_page(user: User, customer: Customer, place: Place) -> CustomerPage:
    return CustomerPage(
        customer,
        customers.everybody_of(customer),
        services.every_service_of(customer),
        tickets.tickets_of_customer(user, customer, place=place),
    )


def contact_page(user: User, contact: Contact, place: Place, *, search: str) -> ContactPage:
    """Candidates are those found by `search`, and before anything was searched those of the sender's own domain."""
    candidates: Sequence[Customer] = ()
    if contact.customer is None:
        candidates = customers.customers_named(search) if search else customers.customers_of_domain(contact)
    return ContactPage(contact, tickets.tickets_of_contact(user, contact, place=place), candidates)
