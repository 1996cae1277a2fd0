"""What was proposed and became certain is joined, and whoever wrote it is told where it went."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sportello.duplicates.actions import reconsider
from sportello.incidents.queries.belonging import same_incident
from sportello.intake.notifications import tell_joined
from sportello.tickets.models import Ticket


def reconsider_proposed(*, now: datetime) -> int:
    """How many were joined. Safe to do twice."""
    return reconsider(now=now, tell=partial(_tell, now=now), same_incident=same_incident)


def _tell(ticket: Ticket, target: Ticket, *, now: datetime) -> None:
    first = ticket.messages.select_related("inbound").order_by("created_at", "pk").first()
    tell_joined(ticket, target, now=now, inbound=first.inbound if first else None)
