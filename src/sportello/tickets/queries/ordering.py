"""What cannot be undone: who may confirm it, and what waits for that."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from sportello.core.statements import Reading
from sportello.customers.models import Contact, Customer
from sportello.tickets.enums import OrderState
from sportello.tickets.models import Order, Ticket

_PEOPLE = ("ticket", "customer", "asked_by", "asked_by_contact", "decided_by")
_OF_TICKET = Reading(lambda ticket: Order.objects.filter(ticket=ticket).select_related(*_PEOPLE).order_by("-pk"))
MOST = 100


def who_may_order(customer: Customer) -> list[Contact]:
    """The active people who may confirm for this customer what cannot be undone, also those of other customers."""
    own = Q(customer=customer, may_order=True)
    beside = Q(memberships__customer=customer, memberships__may_order=True)
    return list(Contact.objects.filter(own | beside, is_active=True).distinct().order_by("name", "pk"))


def orders_of(ticket: Ticket) -> list[Order]:
    """All that was put up on a ticket, the newest first; in one query."""
    return _OF_TICKET(ticket.pk)


def orders_waiting_for(contact: Contact, *, now: datetime) -> list[Order]:
    """What this contact may confirm or refuse, the most urgent first."""
    waiting = _of_contact(contact).filter(state=OrderState.ASKED, expires_at__gt=now)
    return list(waiting.order_by("expires_at", "pk")[:MOST])


def may_order_anywhere(contact: Contact) -> bool:
    return contact.may_order or contact.memberships.filter(may_order=True).exists()


def order_of_contact(contact: Contact, public_id: UUID) -> Order | None:
    """One that this contact may decide about, or decided."""
    return _of_contact(contact).filter(public_id=public_id).first()


def order_by_id(public_id: UUID) -> Order | None:
    return Order.objects.select_related(*_PEOPLE).filter(public_id=public_id).first()


def _of_contact(contact: Contact) -> QuerySet[Order]:
    """None of a ticket that has become another customer's since: what it says is not theirs to read."""
    may = contact.memberships.filter(may_order=True).values("customer")
    theirs = Q(customer__in=may) | (Q(customer=contact.customer_id) if contact.may_order else Q(pk__in=[]))
    return Order.objects.filter(theirs, ticket__customer=F("customer")).select_related(*_PEOPLE)
