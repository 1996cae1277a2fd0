"""Tickets of somebody or something, newest first, for pages about it; and the tickets that mails belong to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from sportello.accounts.models import User
from sportello.core.arrays import is_any_of
from sportello.core.paging import Page, Place, instant, page_of
from sportello.customers.models import Contact, Customer
from sportello.customers.queries import customers_beside
from sportello.mail.models import InboundMail, OutboundMail
from sportello.mail.tokens import reference_of_message_id
from sportello.services.models import Service
from sportello.tickets.models import ON_THE_DESK, Message, Ticket
from sportello.tickets.permissions import check_can_read

SIZE = 20


def tickets_of_customer(user: User, customer: Customer, *, place: Place) -> Page[Ticket]:
    return _page(user, Ticket.objects.filter(customer=customer), place)


def tickets_of_contact(user: User, contact: Contact, *, place: Place) -> Page[Ticket]:
    """Those that this person asked for."""
    return _page(user, Ticket.objects.filter(contact=contact), place)


def tickets_of_service(user: User, service: Service, *, place: Place) -> Page[Ticket]:
    return _page(user, Ticket.objects.filter(service=service), place)


def open_tickets_of(user: User, contact: Contact) -> list[Ticket]:
    """Those on the desk of the customers that the person writes for, or of the person alone when there are none: the latest few, with what
    they are about.
    """
    check_can_read(user)
    beside = is_any_of("customer", customers_beside(contact))
    whose = Q(contact=contact) if contact.customer_id is None else Q(customer=contact.customer_id) | Q(beside)
    rows = Ticket.objects.filter(whose, status__in=ON_THE_DESK, merged_into=None)
    return list(
        rows.select_related("service", "contact", "assignee").defer("search").order_by("-updated_at", "-pk")[:SIZE]
    )


def open_counts(user: User, customers: Sequence[Customer]) -> dict[int, int]:
    """How many tickets of each of these customers are on the desk, by customer id; none are left out."""
    check_can_read(user)
    rows = Ticket.objects.filter(customer__in=customers, status__in=ON_THE_DESK)
    return dict(rows.order_by().values_list("customer").annotate(n=Count("pk")))


def tickets_of_inbound(user: User, mails: Collection[InboundMail]) -> dict[int, Ticket]:
    """The ticket that holds each mail, or else the one its verdict names; by the mail's id, in two queries."""
    check_can_read(user)
    messages = Message.objects.filter(inbound__in=mails).select_related("ticket").only("inbound", *_LABEL)
    held_by = {message.inbound_id or 0: message.ticket for message in messages}
    named = {mail.pk: mail.reason_params.get("number") for mail in mails if mail.pk not in held_by}
    by_number = _by_number({number for number in named.values() if isinstance(number, int)})
    return held_by | {pk: by_number[number] for pk, number in named.items() if number in by_number}


def tickets_of_outbound(user: User, mails: Collection[OutboundMail]) -> dict[int, Ticket]:
    """The ticket that each mail is about, as its Message-ID says; by the mail's id, in one query."""
    check_can_read(user)
    about = {mail.pk: reference_of_message_id(mail.message_id) for mail in mails}
    ids = {UUID(reference) for reference in about.values() if reference}
    rows = Ticket.objects.filter(public_id__in=ids).only("public_id", "number", "subject") if ids else ()
    by_id = {str(ticket.public_id): ticket for ticket in rows}
    return {pk: by_id[reference] for pk, reference in about.items() if reference in by_id}


_LABEL = ("ticket__public_id", "ticket__number", "ticket__subject")


def _by_number(numbers: set[int]) -> dict[int, Ticket]:
    rows = Ticket.objects.filter(number__in=numbers).only("public_id", "number", "subject") if numbers else ()
    return {ticket.number: ticket for ticket in rows}


def _page(user: User, rows: QuerySet[Ticket], place: Place) -> Page[Ticket]:
    check_can_read(user)
    named = rows.select_related("service", "contact", "assignee", "queue").defer("search")
    return page_of(named, key="updated_at", read=instant, place=place, size=SIZE)
