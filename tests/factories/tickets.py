"""Tickets as the desk itself opens them, so that their clocks and events are true."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from sportello.customers.models import Contact
from sportello.mail.models import Mailbox
from sportello.services.models import Service
from sportello.tickets import actions
from sportello.tickets.enums import Channel
from sportello.tickets.models import Message, Ticket
from sportello.triage.models import Calendar, Queue, SlaPolicy
from sportello.triage.queries import queue_by_slug
from tests.factories.people import make_contact

NOW = datetime(2026, 3, 4, 9, 52, tzinfo=UTC)  # a Wednesday, 10:52 in Rome
_far_numbers = count(1_000_000)


def make_queue(slug: str = "support") -> Queue:
    """One of the two queues that a new desk has: `support` (day and night) or `presales` (office hours).

    Made again when a test with real transactions has emptied the tables.
    """
    found = Queue.objects.filter(slug=slug).exists()
    return queue_by_slug(slug) if found else _queue(slug)


def _queue(slug: str) -> Queue:
    if slug == "presales":
        office = {str(day): [["09:00", "18:00"]] for day in range(5)}
        calendar, _ = Calendar.objects.get_or_create(name="Mon-Fri 9-18", defaults={"weekly": office})
        minutes = {"first_response": 60, "next_response": 240}
        policy, _ = SlaPolicy.objects.get_or_create(name="Pre-sales", defaults=minutes)
        names = {"name_it": "Prevendita", "name_en": "Pre-sales", "position": 2}
    else:
        always = {"always_open": True, "holidays_country": ""}
        calendar, _ = Calendar.objects.get_or_create(name="24/7", defaults=always)
        policy, _ = SlaPolicy.objects.get_or_create(name="Support")
        names = {"name_it": "Assistenza", "name_en": "Support", "position": 1}
    return Queue.objects.get_or_create(slug=slug, defaults={"calendar": calendar, "policy": policy, **names})[0]


def make_ticket(
    subject: str = "Il negozio non si apre, errore 500",
    *,
    text: str = "Buongiorno, da stamattina il sito dà errore e stiamo perdendo ordini.",
    contact: Contact | None = None,
    queue: Queue | None = None,
    channel: Channel = Channel.MAIL,
    now: datetime = NOW,
    service: Service | None = None,
    mailbox: Mailbox | None = None,
    language: str = "it",
) -> Ticket:
    """A new ticket with the customer's first message."""
    return actions.open_ticket(
        subject=subject,
        text=text,
        contact=contact or make_contact(),
        queue=queue or make_queue(),
        channel=channel,
        now=now,
        service=service,
        mailbox=mailbox,
        language=language,
    )


def make_message(
    ticket: Ticket, text: str = "Avete novità?", *, now: datetime = NOW, contact: Contact | None = None
) -> Message:
    """One more message of the customer."""
    return actions.add_message(
        ticket=ticket, text=text, contact=contact or ticket.contact, channel=Channel.MAIL, now=now
    )


def copies_of(ticket: Ticket, number: int) -> Iterator[Ticket]:
    """The bare row once more, not saved yet, for tables in which much stands: without messages or events, each an hour older."""
    ticket = Ticket.objects.get(pk=ticket.pk)
    for _ in range(number):
        ticket.pk, ticket.public_id, ticket.number = None, uuid4(), next(_far_numbers)
        ticket.updated_at -= timedelta(hours=1)
        yield copy(ticket)
