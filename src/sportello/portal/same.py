"""Is it the problem of a ticket that is there already? Asked of whoever writes a new request, and never in the way of it [one.problem]."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from sportello.customers.models import Contact
from sportello.duplicates.actions import add_instead, say_other
from sportello.duplicates.proposals import asked_of
from sportello.duplicates.queries import Candidate
from sportello.portal.apart import Parted
from sportello.portal.asking import chosen_service
from sportello.portal.forms import OTHER
from sportello.portal.held import Picked
from sportello.portal.lines import TicketLine, ticket_lines
from sportello.tickets import queries
from sportello.tickets.actions import save_request_draft
from sportello.tickets.models import Ticket

ANSWER = "problem"
"""The field of the answer: a ticket, or OTHER."""


def answer_in(request: HttpRequest) -> UUID | str:
    """The ticket that it is the same as; OTHER for none of those shown; empty before anybody has said."""
    said = request.POST.get(ANSWER, "")
    if said == OTHER:
        return OTHER
    try:
        return UUID(said)
    except ValueError:
        return ""


def asked_in(request: HttpRequest, contact: Contact, now: datetime) -> list[Candidate]:
    """What may be the same as what is written in this form."""
    service = chosen_service(contact, request.POST.get("service", ""))
    return asked_of(contact, text=request.POST.get("text", ""), service=service, now=now)


def lines_of(contact: Contact, candidates: Iterable[Candidate], now: datetime) -> list[TicketLine]:
    """With their state and what happens next, as this contact reads them."""
    found = (queries.public_ticket(contact, one.public_id) for one in candidates)
    return ticket_lines([ticket for ticket in found if ticket is not None], now=now)


def remember_other(request: HttpRequest, contact: Contact, found: Iterable[Candidate], now: datetime) -> None:
    """It is another problem than these: nobody asks again while this is written."""
    service, claim, text = (request.POST.get(name, "") for name in ("service", "claim", "text"))
    save_request_draft(contact=contact, service=service, claim=claim, text=text, now=now)
    say_other(contact=contact, candidates=found, now=now)


@transaction.atomic
def add_to(ticket: Ticket, request: HttpRequest, contact: Contact, said: Parted, files: Picked, now: datetime) -> None:
    """It is the problem of this ticket: what was written goes there, with its files and secrets. Raises what these refuse."""
    about = next((one for one in asked_in(request, contact, now) if one.ticket_id == ticket.pk), None)
    add_instead(contact=contact, target=ticket, text=said.text, files=files.files, about=about, now=now)
    files.let_go()
    said.hand_over(ticket, contact, now)
