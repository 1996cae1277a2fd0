"""Whose a person is, told once for all their tickets."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers import actions as customers
from sportello.customers.actions import ContactFields, CustomerFields
from sportello.customers.models import Contact, Customer
from sportello.tickets.actions.changing import changing, hold, record
from sportello.tickets.actions.sorting import set_customer
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_write


def attach_contact(*, contact: Contact, customer: Customer, by: User | None, now: datetime) -> int:
    """Says that a person whom nobody knew writes for this customer; their tickets become the customer's.

    Returns how many tickets. Raises Refused("other-customer") when the person belongs to another one.
    """
    check_can_write(by)
    with transaction.atomic():
        customers.attach_contact(contact=contact, customer=customer, by=by, now=now)
        strays = Ticket.objects.filter(contact=contact, customer=None)
        hold(strays)
        strays.exclude(merged_into=None).update(customer=customer)
        alive = list(strays.defer("search").order_by("pk"))
        for ticket in alive:
            set_customer(ticket=ticket, customer=customer, by=by, now=now)
    return len(alive)


def make_customer(
    *,
    ticket: Ticket,
    fields: CustomerFields,
    person: ContactFields,
    by: User | None,
    now: datetime,
    address: str | None,
) -> Customer:
    """Makes a customer of whoever asked; all their tickets become the customer's.

    Raises Refused("customer-known") for a customer's person, and what making a customer and changing a person raise.
    """
    check_can_write(by)
    with transaction.atomic():
        contact = Contact.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.contact_id)
        if contact.customer is not None:
            words = _("%(contact)s belongs to %(customer)s already.")
            raise Refused("customer-known", words % {"contact": contact, "customer": contact.customer})
        customer = customers.create_customer(fields=fields, by=by, now=now, address=address)
        customers.change_contact(contact=contact, fields=person, by=by, now=now, address=address)
        attach_contact(contact=contact, customer=customer, by=by, now=now)
    ticket.refresh_from_db()
    return customer


def take_back_customer(*, ticket: Ticket, by: User | None, now: datetime, address: str | None) -> None:
    """Undoes `make_customer`: the person's tickets are of no customer again. Raises Refused("customer-in-use")."""
    check_can_write(by)
    with transaction.atomic():
        contact = Contact.objects.select_for_update(of=("self",), no_key=True).get(pk=ticket.contact_id)
        customer = ticket.customer
        if customer is None:
            return
        theirs = Ticket.objects.filter(contact=contact, customer=customer)
        hold(theirs)
        for each in theirs.filter(merged_into=None).defer("search").order_by("pk"):
            with changing(each, now=now):
                each.customer = each.service = None
                record(each, EventKind.CUSTOMER_TAKEN_BACK, now=now, by=by, name=customer.name)
        theirs.update(customer=None)
        customers.take_back_customer(contact=contact, customer=customer, by=by, now=now, address=address)
    ticket.refresh_from_db()
