"""What the other side's mail server or mail program reports of an answer that went out: noted on its ticket, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sportello.tickets.actions.changing import lock, record, tell
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Message
from sportello.tickets.rules import one_line

RECEIPTS = (EventKind.DELIVERED, EventKind.READ, EventKind.CERTIFIED)


def record_receipt(*, message: Message, kind: EventKind, address: str, what: str, now: datetime) -> None:
    """A receipt of delivery or reading, or one of certified mail (`what`: accepted, delivered). It changes no clock and no status."""
    ticket = message.ticket
    with transaction.atomic():
        lock(ticket)
        record(ticket, kind, now=now, message=str(message.public_id), address=address, what=one_line(what, 60))
        tell(ticket)
