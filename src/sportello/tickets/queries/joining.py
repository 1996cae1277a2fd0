"""Which ticket a mail belongs to, and whether its sender takes part in it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sportello.customers.queries import contact_by_address
from sportello.mail.models import OutboundMail
from sportello.mail.tokens import reference_of_message_id
from sportello.tickets.models import Ticket
from sportello.tickets.queries.public import visible_to

MOST_MERGES = 50


def thread_for(*, reference: str | None, message_ids: Sequence[str]) -> Ticket | None:
    """The ticket that a mail answers, or the one it was joined to.

    `reference` comes from a reply token whose signature was checked. Message-IDs count only when they are ours: of a
    mail in our outbox, or signed by us.
    """
    ticket = _by_reference(reference) if reference else None
    return _living(ticket or _by_message_ids(message_ids))


def is_rightful_sender(ticket: Ticket, address: str) -> bool:
    """Whether the address is of somebody who may read the ticket: being in copy is not enough, nor is having been one of theirs."""
    contact = contact_by_address(address)
    return contact is not None and contact.is_active and visible_to(contact).filter(pk=ticket.pk).exists()


def _by_reference(reference: str) -> Ticket | None:
    try:
        public_id = UUID(reference)
    except ValueError:
        return None
    return Ticket.objects.filter(public_id=public_id).first()


def _by_message_ids(message_ids: Sequence[str]) -> Ticket | None:
    """The newest reference wins: the mail that was answered comes last."""
    for message_id in reversed(message_ids):
        signed = reference_of_message_id(message_id)
        ticket = _by_reference(signed) if signed else _by_outbound(message_id)
        if ticket is not None:
            return ticket
    return None


def _by_outbound(message_id: str) -> Ticket | None:
    mail = OutboundMail.objects.filter(message_id=message_id).first()
    if mail is None:
        return None
    return Ticket.objects.filter(messages__outbound__in=[mail.pk, mail.copy_of_id]).first()


def _living(ticket: Ticket | None) -> Ticket | None:
    for _ in range(MOST_MERGES):
        if ticket is None or ticket.merged_into_id is None:
            return ticket
        ticket = ticket.merged_into
    return ticket
