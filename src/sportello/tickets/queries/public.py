"""The only readers that a customer reaches. Notes stand in a table that nothing here names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from sportello.core.arrays import is_any_of
from sportello.core.replica import rows_of
from sportello.core.statements import Reading
from sportello.customers.models import Contact, Membership
from sportello.customers.queries import rights_at
from sportello.tickets.enums import Author, FollowerRole
from sportello.tickets.models import Follower, Message, Rating, Ticket
from sportello.tickets.rules import UNDO_WITHIN
from sportello.tickets.told import said
from sportello.triage.enums import QueueGroup

# What `visible_to` and `readable_messages` say, for the pages that customers open all day; a test holds the two together.
_FOLLOWED = "ARRAY(SELECT ticket_id FROM tickets_follower WHERE contact_id = %(contact)s AND role <> 'copy')"
_MAY_STILL = """
    (ticket.customer_id IS NULL
     OR (SELECT customer_id IS NULL FROM customers_contact WHERE id = %(contact)s)
     OR ticket.customer_id = ANY (ARRAY(
        SELECT customer_id FROM customers_contact WHERE id = %(contact)s UNION ALL
        SELECT customer_id FROM customers_membership WHERE contact_id = %(contact)s)))
"""
_SEEN_WHOLE = """
    SELECT customer_id FROM customers_contact WHERE id = %(contact)s AND sees_all UNION ALL
    SELECT customer_id FROM customers_membership WHERE contact_id = %(contact)s AND sees_all
"""
_VISIBLE = f"""
    ((ticket.contact_id = %(contact)s OR ticket.id = ANY ({_FOLLOWED})) AND {_MAY_STILL}
     OR ticket.customer_id = ANY (ARRAY({_SEEN_WHOLE})))
"""
_READABLE = (
    "NOT (message.author = 'staff' AND message.outbound_id IS NOT NULL AND message.created_at > now() - %(undo)s)"
)
_SHOWN = """
    SELECT ticket.id, ticket.public_id, ticket.number, ticket.subject, ticket.status, ticket.updated_at, ticket.due_at, ticket.due_kind,
           ticket.first_answered_at, ticket.customer_waits_since, ticket.contact_id, service.name, assignee.name, ticket.is_outage,
           ticket.told_due_at, ticket.last_update_at IS NOT NULL
      FROM {tickets} ticket LEFT JOIN services_service service ON service.id = ticket.service_id
           LEFT JOIN accounts_user assignee ON assignee.id = ticket.assignee_id
     WHERE ticket.merged_into_id IS NULL AND
"""
_ONE = f"{_SHOWN.format(tickets='tickets_ticket')} ticket.public_id = %(ticket)s AND {_VISIBLE}"
# Of each way to see a ticket as many as are shown, read off its index: an agency may have ten thousand.
_FIRST = """
    ticket.merged_into_id IS NULL ORDER BY ticket.updated_at DESC, ticket.id DESC LIMIT %(start)s::int + %(rows)s::int
"""
_NEWEST = f"""
    WITH newest AS (
        (SELECT ticket.id FROM tickets_ticket ticket WHERE ticket.contact_id = %(contact)s AND {_MAY_STILL} AND {_FIRST})
         UNION (SELECT ticket.id FROM tickets_ticket ticket WHERE ticket.id = ANY ({_FOLLOWED}) AND {_MAY_STILL} AND {_FIRST})
         UNION (SELECT ticket.id FROM ({_SEEN_WHOLE}) seen CROSS JOIN LATERAL (
            SELECT ticket.id FROM tickets_ticket ticket WHERE ticket.customer_id = seen.customer_id AND {_FIRST}) ticket))
    {_SHOWN.format(tickets="tickets_ticket")} ticket.id = ANY (ARRAY(SELECT id FROM newest))
     ORDER BY ticket.updated_at DESC, ticket.id DESC OFFSET %(start)s LIMIT %(rows)s
"""  # noqa: S608 - put together of our constants; values are parameters
# Found by contact and customer and only then put in order (OFFSET 0): else they are sought among everybody's newest, where few are theirs.
_ON_THE_DESK = f"""
    (SELECT * FROM tickets_ticket ticket WHERE status IN ('new', 'open', 'in_analysis', 'waiting') AND {_VISIBLE} OFFSET 0)
"""  # noqa: S608 - put together of our constants; values are parameters
_OPEN = f"{_SHOWN.format(tickets=_ON_THE_DESK)} true ORDER BY ticket.updated_at DESC, ticket.id DESC LIMIT %(rows)s"
_FOR_ITS_CUSTOMER = (
    Q(ticket__customer=None)
    | Q(contact__customer=None)
    | Q(contact__customer=F("ticket__customer"))
    | Exists(Membership.objects.filter(contact=OuterRef("contact"), customer=OuterRef("ticket__customer")))
)
_READERS = Reading(
    lambda ticket: (
        Follower.objects.filter(_FOR_ITS_CUSTOMER, ticket=ticket, contact__is_active=True)
        .exclude(role=FollowerRole.COPY)
        .select_related("contact")
        .order_by("pk")
    )
)
_OUTAGE_AHEAD = """
    SELECT EXISTS (SELECT FROM tickets_ticket WHERE "group" = %(group)s AND status IN ('new', 'open', 'in_analysis', 'waiting'))
"""
_MESSAGES = f"""
    SELECT message.public_id, message.author, message.contact_id, message.author_name, message.is_automatic, message.created_at,
           CASE WHEN message.fresh_text = '' THEN message.text ELSE message.fresh_text END, message.extra ->> 'told',
           ARRAY(SELECT json_build_array(file.public_id, file.name, file.size) FROM tickets_attachment file
                  WHERE file.message_id = message.id ORDER BY file.id)
      FROM tickets_ticket ticket JOIN tickets_message message ON message.ticket_id = ticket.id
     WHERE ticket.id = %(ticket)s AND {_VISIBLE} AND {_READABLE}
     ORDER BY message.created_at, message.id
"""  # noqa: S608 - put together of our constants; values are parameters


@dataclass(frozen=True, slots=True)
class PublicTicket:
    """What a customer sees of a ticket around its messages."""

    pk: int
    public_id: UUID
    number: int
    subject: str
    status: str
    updated_at: datetime
    due_at: datetime | None
    due_kind: str
    first_answered_at: datetime | None
    customer_waits_since: datetime | None
    contact_id: int
    service_name: str | None
    assignee: str | None
    is_outage: bool
    told_due_at: datetime | None
    is_answered: bool
    """Somebody of the staff has written to the customer."""


@dataclass(frozen=True, slots=True)
class PublicFile:
    """`size` in bytes."""

    public_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class PublicMessage:
    """`text` is the new part, where quotes or a signature were found, in the reader's language where a program wrote it."""

    public_id: UUID
    author: str
    contact_id: int | None
    author_name: str
    is_automatic: bool
    created_at: datetime
    text: str
    files: list[PublicFile]


def visible_to(contact: Contact) -> QuerySet[Ticket]:
    """The tickets a contact may read: their own, those they follow, and all of a customer where they have that right.

    Being in copy gives nothing. Whoever no longer writes for a customer sees none of its tickets, not even their own.
    """
    follows = Follower.objects.filter(contact=contact).exclude(role=FollowerRole.COPY)
    takes_part = Q(contact=contact) | Q(is_any_of("pk", follows.values("ticket")))
    is_stranger = Exists(Contact.objects.filter(pk=contact.pk, customer=None))
    may_still = Q(customer=None) | Q(is_stranger) | Q(is_any_of("customer", _customers(contact)))
    readable = (takes_part & may_still) | Q(is_any_of("customer", _customers(contact, sees_all=True)))
    return Ticket.objects.filter(readable).defer("search").select_related("service", "queue")


def _customers(contact: Contact, **having: bool) -> QuerySet[Any, Any]:
    """The customers that a contact writes for, as the one column of a subquery."""
    own = Contact.objects.filter(pk=contact.pk, **having).order_by().values("customer")
    return own.union(Membership.objects.filter(contact=contact, **having).order_by().values("customer"), all=True)


def newest_of(contact: Contact, *, start: int, limit: int) -> list[PublicTicket]:
    """The contact's tickets, the newest first, without those that were joined to others; in one query."""
    rows = rows_of(_NEWEST, {"contact": contact.pk, "start": start, "rows": limit})
    return [PublicTicket(*row) for row in rows]


def open_of(contact: Contact, *, limit: int) -> list[PublicTicket]:
    """Those of the contact's tickets that are not finished, the newest first; in one query."""
    return [PublicTicket(*row) for row in rows_of(_OPEN, {"contact": contact.pk, "rows": limit})]


def is_outage_ahead() -> bool:
    """Whether somebody's service that cannot be used at all is being seen to, before all others [promise.outage]."""
    return bool(rows_of(_OUTAGE_AHEAD, {"group": QueueGroup.OUTAGE})[0][0])


def public_ticket(contact: Contact, public_id: UUID) -> PublicTicket | None:
    """One of them; None when it is not theirs, not there, or joined to another."""
    found = rows_of(_ONE, {"contact": contact.pk, "ticket": public_id})
    return PublicTicket(*found[0]) if found else None


def ticket_of_contact(contact: Contact, public_id: UUID) -> Ticket | None:
    """One of the contact's tickets; the one it was joined to, when it was and they may read that; else None."""
    ticket = visible_to(contact).filter(public_id=public_id).first()
    while ticket is not None and ticket.merged_into_id is not None:
        ticket = visible_to(contact).filter(pk=ticket.merged_into_id).first()
    return ticket


def may_close(contact: Contact, ticket: Ticket | PublicTicket) -> bool:
    """Whoever asked, and whoever sees all of their customer: who only reads along ends nothing that another waits for."""
    if ticket.contact_id == contact.pk:
        return True
    of_theirs = is_any_of("customer", _customers(contact, sees_all=True))
    return Ticket.objects.filter(of_theirs, pk=ticket.pk).exists()


def public_messages(contact: Contact, ticket_id: int) -> list[PublicMessage]:
    """The messages of a ticket as its customer reads them, oldest first, with files, in one query.

    Empty when the ticket is not theirs. An answer shows once the seconds for an undo are over.
    """
    wanted: Mapping[str, Any] = {"contact": contact.pk, "ticket": ticket_id, "undo": UNDO_WITHIN}
    return [_message(row) for row in rows_of(_MESSAGES, wanted)]


def rating_of(contact: Contact, ticket_id: int) -> Rating | None:
    """What this contact said of the help they got there."""
    return Rating.objects.filter(contact=contact, ticket=ticket_id).first()


def readers_of(ticket: PublicTicket | Ticket) -> list[Contact]:
    """Whoever may read this ticket on the customer's side, the one who asked first.

    Those only in copy are not among them, nor who was withdrawn, or no longer writes for the ticket's customer.
    """
    found = [row.contact for row in _READERS(ticket.pk) if row.contact]
    return sorted(found, key=lambda contact: contact.pk != ticket.contact_id)


def is_shut_out(ticket: Ticket) -> bool:
    """Whether who asked may not read the ticket any more: withdrawn, or no longer of its customer. Strangers read what is of no customer."""
    contact, customer = ticket.contact, ticket.customer_id
    if customer is None or (contact.is_active and contact.customer_id in (None, customer)):
        return False
    return not contact.is_active or rights_at(contact, customer) is None


def mailed_readers(ticket: Ticket) -> list[Contact]:
    """To whom what is said in it may be mailed: who asked, unless they are shut out, and whoever else may read it."""
    requester = [] if is_shut_out(ticket) else [ticket.contact]
    return [*requester, *(each for each in readers_of(ticket) if each.pk != ticket.contact_id)]


def readable_messages(contact: Contact) -> QuerySet[Message]:
    """Every public message that this contact may read."""
    undoable = Q(author=Author.STAFF, outbound__isnull=False, created_at__gt=Now() - UNDO_WITHIN)
    return Message.objects.filter(ticket__in=visible_to(contact).values("pk")).exclude(undoable).defer("search")


def _message(row: Sequence[Any]) -> PublicMessage:
    public_id, author, contact_id, author_name, is_automatic, created_at, text, code, files = row
    return PublicMessage(
        public_id=public_id,
        author=author,
        contact_id=contact_id,
        author_name=author_name,
        is_automatic=is_automatic,
        created_at=created_at,
        text=said(code, text),
        files=[PublicFile(*file) for file in files],
    )
