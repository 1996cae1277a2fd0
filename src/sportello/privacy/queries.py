"""What the pages show of secrets handed over, of data handed out and of erasures."""

from __future__ import annotations

from uuid import UUID

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.privacy.models import Drop
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_read

SHOWN = 20


def drop_for(user: User, public_id: UUID) -> Drop | None:
    """Without what is sealed in it."""
    check_can_read(user)
    rows = Drop.objects.select_related("ticket", "contact", "seen_by").defer("sealed")
    return rows.filter(public_id=public_id).first()


def drops_in(ticket: Ticket) -> list[Drop]:
    """The newest that were handed over in a ticket which its reader may see, without what is sealed in them."""
    rows = Drop.objects.filter(ticket=ticket).select_related("contact", "seen_by").defer("sealed")
    return list(rows.order_by("-dropped_at", "-pk")[:SHOWN])


def drop_of(contact: Contact, ticket: Ticket, public_id: UUID) -> Drop | None:
    """A contact's own, in this ticket: only who handed it over takes it back."""
    return Drop.objects.filter(ticket=ticket, contact=contact, public_id=public_id).defer("sealed").first()
