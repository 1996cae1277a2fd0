"""A total outage that nobody could confirm: the customer is asked, once and by a program, what would help to see it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sportello.tickets import notifications
from sportello.tickets.actions.changing import record
from sportello.tickets.actions.writing import Content, carried_by, compose, write
from sportello.tickets.enums import Author, Channel, EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.rules import FINISHED
from sportello.triage.enums import Verdict

ONE_WITHIN = timedelta(hours=1)
UNCONFIRMED = frozenset({Verdict.FINE, Verdict.UNKNOWN, Verdict.UNUSABLE_FOR_REPORTER})


def ask_what_helps(ticket: Ticket, *, now: datetime) -> bool:
    """Asks for the time, the address, a picture and another network. The ticket is locked; the caller saves it."""
    if not _may_be_asked(ticket, now):
        return False
    ticket.claim_asked_at = now
    text, told = notifications.claim_text(ticket), Content(is_automatic=True)
    message = write(compose(ticket, author=Author.ROBOT, channel=Channel.DESK, text=text, now=now, content=told))
    carried_by(message, notifications.claim_unconfirmed(ticket=ticket, now=now))
    record(ticket, EventKind.CLAIM_ASKED, now=now, verdict=ticket.verdict)
    return True


def _may_be_asked(ticket: Ticket, now: datetime) -> bool:
    """Once a ticket, one an hour to a person; never strangers, an address that a mail only claimed, nor whom a person has answered."""
    if ticket.claim_asked_at or ticket.first_answered_at or ticket.in_incident or ticket.status in FINISHED:
        return False
    if ticket.customer_id is None or not ticket.sender_verified or ticket.overrule:
        return False
    lately = Ticket.objects.filter(contact=ticket.contact_id, claim_asked_at__gt=now - ONE_WITHIN)
    return not lately.exists()
