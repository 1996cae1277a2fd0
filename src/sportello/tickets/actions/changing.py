"""How every write goes: the row is locked, changed, its clocks settled, the event written, the desk told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core import live
from sportello.core.errors import Refused
from sportello.core.statements import insert
from sportello.customers.models import Contact
from sportello.tickets.actions.clocks import settle
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Event, Message, Order, Ticket
from sportello.tickets.queries.public import visible_to

Value = str | int | bool | None


@contextmanager
def changing(ticket: Ticket, *, now: datetime) -> Iterator[Ticket]:
    """Locks the ticket, gives it to the body as it is now in the database, then settles, saves and tells.

    The caller's own object is the one refreshed and changed. Raises Refused("merged") for a ticket that lives on in
    another one.
    """
    with transaction.atomic():
        lock(ticket)
        check_not_merged(ticket)
        yield ticket
        keep(ticket, now=now)


def lock(ticket: Ticket) -> None:
    """Refreshes the ticket from its row and holds the row until the transaction ends.

    The lock leaves the key free, so that rows which point at this one (a link from another ticket) need not wait for it.
    Without joins: a row that was waited for comes in its new version, but with what was joined to the old one. What the
    caller already knows of related rows is kept where the ticket still points at them.
    """
    row = Ticket.objects.select_for_update(no_key=True).defer("search").get(pk=ticket.pk)
    for field in Ticket._meta.concrete_fields:  # noqa: SLF001 - Django's public API
        if field.attname != "search":
            setattr(ticket, field.attname, getattr(row, field.attname))


def hold_for(contact: Contact, ticket: Ticket) -> bool:
    """Holds the ticket until the transaction ends; whether the contact may still read it, which may have changed while one waited."""
    lock(ticket)
    return visible_to(contact).filter(pk=ticket.pk).exists()


def lock_ticket_of(row: Message | Order) -> Ticket:
    """Locks the ticket that this row is in: the one it was joined to, where that happened while one waited.

    The ticket that the row has left is let go first, as the end of a savepoint does: tickets are held in one order, whoever asks.
    """
    while True:
        here = transaction.savepoint()
        lock(row.ticket)
        left = type(row).objects.filter(pk=row.pk).exclude(ticket=row.ticket)
        if not left.exists():
            transaction.savepoint_commit(here)
            return row.ticket
        transaction.savepoint_rollback(here)
        row.refresh_from_db(fields=["ticket"])


def hold(tickets: QuerySet[Ticket]) -> None:
    """Holds these until the transaction ends, in one order whoever asks, so that two who need several never wait for each other."""
    list(tickets.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def check_not_merged(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        raise Refused("merged", _("This ticket was joined to another one; go on there."))


def keep(ticket: Ticket, *, now: datetime) -> None:
    """Settles the clocks of a locked ticket, saves it and tells the desk."""
    settle(ticket)
    ticket.updated_at = max(now, ticket.updated_at)
    ticket.save()
    tell(ticket)


def tell(ticket: Ticket) -> None:
    """Sends the live notice of a ticket; it arrives when the transaction commits."""
    live.publish("ticket", "queue", ticket=str(ticket.public_id), version=ticket.version)


def record(
    ticket: Ticket,
    kind: EventKind,
    *,
    now: datetime,
    by: User | None = None,
    contact: Contact | None = None,
    **data: Value,
) -> Event:
    """Writes what happened. `data` holds ids, figures and names as they were, never the text of a message."""
    event = Event(ticket=ticket, at=now, kind=kind, user=by, contact=contact, data=data)
    insert(event)
    return event
