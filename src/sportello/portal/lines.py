"""What the customer's pages show many times, with its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat

from sportello.customers.models import Contact
from sportello.portal.templatetags.portal import author, colour, promise, standing_words
from sportello.tickets.queries import Hit, PublicMessage, PublicTicket


@dataclass(frozen=True, slots=True)
class TicketLine:
    ticket: PublicTicket
    colour: str
    standing: str
    promise: str


@dataclass(frozen=True, slots=True)
class HitLine:
    hit: Hit
    colour: str
    standing: str


@dataclass(frozen=True, slots=True)
class FileLine:
    public_id: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class MessageLine:
    message: PublicMessage
    author: str
    files: list[FileLine]


def ticket_lines(tickets: Iterable[PublicTicket], *, now: datetime) -> list[TicketLine]:
    return [
        TicketLine(ticket, colour(ticket.status), standing_words(ticket.status), promise(ticket, now))
        for ticket in tickets
    ]


def hit_lines(hits: Iterable[Hit]) -> list[HitLine]:
    return [HitLine(hit, colour(hit.status), standing_words(hit.status)) for hit in hits]


def message_lines(messages: Iterable[PublicMessage], contact: Contact) -> list[MessageLine]:
    return [
        MessageLine(
            message,
            author(message, contact),
            [FileLine(file.public_id, file.name, filesizeformat(file.size)) for file in message.files],
        )
        for message in messages
    ]
