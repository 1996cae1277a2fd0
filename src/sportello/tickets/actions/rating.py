"""What customers say of the help they got."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.tickets.actions.changing import lock, record, tell
from sportello.tickets.enums import EventKind, Verdict
from sportello.tickets.models import Rating, Ticket
from sportello.tickets.rules import storable

LONGEST = 2000


def rate(*, ticket: Ticket, contact: Contact, verdict: Verdict, text: str, now: datetime) -> None:
    """Keeps what this contact says, in place of what they said before. It moves no clock and opens nothing again.

    Raises Refused("not-answered") before a person has answered.
    """
    with transaction.atomic():
        lock(ticket)
        if ticket.last_update_at is None:
            raise Refused("not-answered", _("Nobody has answered yet: the answer can be rated once it is there."))
        said = {"verdict": verdict, "text": storable(text.strip())[:LONGEST], "at": now}
        before = Rating.objects.filter(ticket=ticket, contact=contact).first()
        Rating.objects.update_or_create(ticket=ticket, contact=contact, defaults=said)
        if before is None or before.verdict != verdict:
            record(ticket, EventKind.RATED, now=now, contact=contact, verdict=verdict)
        tell(ticket)
