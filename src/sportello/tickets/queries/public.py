"""The only readers that a customer reaches. Notes stand in a table that nothing here names."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Now

from sportello.customers.models import Contact
from sportello.tickets.enums import Author, FollowerRole
from sportello.tickets.models import Attachment, Follower, Message, Ticket
from sportello.tickets.queries.arrays import is_any_of
from sportello.tickets.rules import UNDO_WITHIN


def visible_to(contact: Contact) -> QuerySet[Ticket]:
    """The tickets a contact may read: their own, and those they follow; being in copy gives nothing."""
    follows = Follower.objects.filter(contact=contact).exclude(role=FollowerRole.COPY)
    own = Q(contact=contact) | Q(is_any_of("pk", follows.values("ticket")))
    return Ticket.objects.filter(own).defer("search").select_related("service", "queue")


def ticket_of_contact(contact: Contact, public_id: UUID) -> Ticket | None:
    """One of the contact's tickets; the one it was joined to, when it was and they may read that; else None."""
    ticket = visible_to(contact).filter(public_id=public_id).first()
    while ticket is not None and ticket.merged_into_id is not None:
        ticket = visible_to(contact).filter(pk=ticket.merged_into_id).first()
    return ticket


def public_messages(contact: Contact, ticket: Ticket) -> list[Message]:
    """The messages of a ticket as its customer reads them, oldest first, with files, in two queries.

    Empty when the ticket is not theirs. An answer shows once the seconds for an undo are over.
    """
    files = Prefetch("attachments", Attachment.objects.order_by("id"), to_attr="files")
    readable = readable_messages(contact).filter(ticket=ticket)
    return list(readable.select_related("user", "contact").prefetch_related(files).order_by("created_at", "id"))


def readable_messages(contact: Contact) -> QuerySet[Message]:
    """Every public message that this contact may read."""
    undoable = Q(author=Author.STAFF, outbound__isnull=False, created_at__gt=Now() - UNDO_WITHIN)
    return Message.objects.filter(ticket__in=visible_to(contact).values("pk")).exclude(undoable).defer("search")
