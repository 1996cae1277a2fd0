"""A request from the customer area, through the same door as a mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.customers.queries import may_open_at
from sportello.duplicates.actions import Came, carry_over, consider
from sportello.intake.actions.greeting import greet
from sportello.intake.actions.requests import Request, open_request
from sportello.services.models import Service
from sportello.tickets.actions import NewFile, discard_request_draft
from sportello.tickets.enums import Channel, Claim
from sportello.tickets.models import Ticket
from sportello.tickets.notifications import mailbox_of
from sportello.tickets.reasons import TicketReason
from sportello.tickets.rules import subject_from
from sportello.triage.enums import Claim as TriageClaim


def ask_in_portal(
    *,
    contact: Contact,
    service: Service | None,
    claim: Claim,
    text: str,
    files: tuple[NewFile, ...],
    now: datetime,
    keeps_draft: bool = False,
) -> Ticket:
    """Opens the ticket, uses the draft up and sends the receipt. What the customer claims is weighed with what is seen of the service.

    Whoever was asked has said that it is none of the tickets they can see: it is joined to none, and what else it may be is proposed to staff.

    Raises Refused("may-not-open").
    """
    if not may_open_at(contact, service.customer_id if service else contact.customer_id):
        raise Refused("may-not-open", gettext("New requests are opened by other people of this customer."))
    reasons = [[f"claim.{claim}", {}], *([[str(TicketReason.SERVICE_CHOSEN), {}]] if service else [])]
    request = Request(
        subject=subject_from(text),
        text=text,
        contact=contact,
        channel=Channel.PORTAL,
        service=service,
        looks_for_service=False,
        files=files,
        claim=TriageClaim(claim),
        reasons=tuple(reasons),
    )
    with transaction.atomic():
        ticket = open_request(request=request, now=now)
        said_other = frozenset() if keeps_draft else carry_over(contact=contact, ticket=ticket)
        if not keeps_draft:
            discard_request_draft(contact=contact)
        consider(came=Came(ticket=ticket, text=text, is_proven=False, said_other=said_other), now=now)
        greet(ticket=ticket, now=now, mailbox=mailbox_of(ticket))
    return ticket
