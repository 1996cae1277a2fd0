"""Whose a person is, told once for all their tickets."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sportello.accounts.models import User
from sportello.customers import actions as customers
from sportello.customers.models import Contact, Customer
from sportello.tickets.actions.sorting import set_customer
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
        strays.exclude(merged_into=None).update(customer=customer)
        alive = list(strays.defer("search").order_by("pk"))
        for ticket in alive:
            set_customer(ticket=ticket, customer=customer, by=by, now=now)
    return len(alive)
