"""Whom a mail that waited in the outbox may still go to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sportello.accounts.models import User
from sportello.core import clock
from sportello.core.addresses import as_kept
from sportello.customers.invitations import still_granted
from sportello.customers.models import Contact, ContactAddress, Invitation
from sportello.customers.queries import rights_at
from sportello.mail.models import OutboundMail
from sportello.mail.tokens import reference_of_message_id
from sportello.tickets.models import Order
from sportello.tickets.queries.joining import thread_for
from sportello.tickets.queries.ordering import who_may_order
from sportello.tickets.queries.public import mailed_readers


def readers_by_now(mail: OutboundMail) -> frozenset[str] | None:
    """The addresses, as they are kept, that a mail may still go to; None for one that leaves whatever has happened.

    One about a ticket is judged by the ticket that it was joined to, where it was, as what is written in it is; all else by what it says of its
    reader (`OutboundMail.reader`).
    """
    reference = reference_of_message_id(mail.message_id)
    ticket = thread_for(reference=reference, message_ids=()) if reference else None
    if ticket is not None:
        return _addresses_of(mailed_readers(ticket))
    return next((judge(mail.reader) for name, judge in _JUDGES.items() if name in mail.reader), None)


def _of_staff(reader: Mapping[str, Any]) -> frozenset[str]:
    """An administrator may have entered another address meanwhile."""
    return _kept(User.objects.filter(pk=reader["user"], is_active=True).values_list("email", flat=True))


def _of_people(reader: Mapping[str, Any]) -> frozenset[str]:
    """Of somebody who is active, and still writes for all customers that it tells of."""
    contact = Contact.objects.filter(pk=reader["contact"], is_active=True).first()
    if contact is None or not all(rights_at(contact, customer) for customer in reader.get("customers", ())):
        return frozenset()
    return _addresses_of([contact])


def _of_deciders(reader: Mapping[str, Any]) -> frozenset[str]:
    """As long as there is something to decide."""
    order = Order.objects.select_related("customer").filter(pk=reader["order"]).first()
    return _addresses_of(who_may_order(order.customer)) if order and order.is_open(clock.now()) else frozenset()


def _of_the_invited(reader: Mapping[str, Any]) -> frozenset[str]:
    """As long as it can be taken up, and whoever invites may still."""
    rows = Invitation.objects.select_related("customer", "by_contact__customer")
    found = rows.filter(
        pk=reader["invitation"], accepted_at=None, expires_at__gt=clock.now(), customer__is_active=True
    ).first()
    return _kept([found.address] if found and still_granted(found) else [])


def _addresses_of(people: list[Contact]) -> frozenset[str]:
    return _kept(ContactAddress.objects.filter(contact__in=people).values_list("address", flat=True))


def _kept(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(map(as_kept, addresses))


_JUDGES: Mapping[str, Callable[[Mapping[str, Any]], frozenset[str]]] = {
    "user": _of_staff,
    "contact": _of_people,
    "order": _of_deciders,
    "invitation": _of_the_invited,
}
