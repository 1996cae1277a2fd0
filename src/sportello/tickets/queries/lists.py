"""Tickets of somebody or something, newest first, for pages about it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from sportello.accounts.models import User
from sportello.core.paging import Page, Place, instant, page_of
from sportello.customers.models import Contact, Customer
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


def open_counts(user: User, customers: Sequence[Customer]) -> dict[int, int]:
    """How many tickets of each of these customers are on the desk, by customer id."""
    check_can_read(user)
    rows = Ticket.objects.filter(customer__in=customers, status__in=ON_THE_DESK)
    return dict(rows.order_by().values_list("customer").annotate(n=Count("pk")))


def tickets_of_mails(user: User, inbound: Sequence[int], outbound: Sequence[int] = ()) -> dict[str, dict[int, Ticket]]:
    """The ticket that holds each of these mails, by the mail's id, apart for "inbound" and "outbound"; in two queries."""
    check_can_read(user)
    return {"inbound": _holding("inbound", inbound), "outbound": _holding("outbound", outbound)}


def _holding(column: str, mails: Sequence[int]) -> dict[int, Ticket]:
    if not mails:
        return {}
    messages = Message.objects.filter(**{f"{column}__in": mails}).select_related("ticket")
    only = messages.only(column, "ticket__public_id", "ticket__number", "ticket__subject")
    return {getattr(message, f"{column}_id"): message.ticket for message in only}


def _page(user: User, rows: QuerySet[Ticket], place: Place) -> Page[Ticket]:
    check_can_read(user)
    named = rows.select_related("service", "contact", "assignee", "queue").defer("search")
    return page_of(named, key="updated_at", read=instant, place=place, size=SIZE)
