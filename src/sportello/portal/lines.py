"""What the customer's pages show many times, with its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext

from sportello.customers.models import Contact
from sportello.portal.templatetags.portal import author, colour, is_any_late, promise, standing_words, who_is_on
from sportello.services.enums import ServiceStatus
from sportello.services.models import Service
from sportello.tickets import queries
from sportello.tickets.queries import Hit, PublicMessage, PublicTicket

SERVICE_COLOURS = {ServiceStatus.ACTIVE: "good", ServiceStatus.SUSPENDED: "danger"}


@dataclass(frozen=True, slots=True)
class TicketLine:
    ticket: PublicTicket
    colour: str
    standing: str
    promise: str
    who: str


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


@dataclass(frozen=True, slots=True)
class ServiceLine:
    public_id: str
    name: str
    about: str
    status: str
    colour: str


def ticket_lines(tickets: Iterable[PublicTicket], *, now: datetime) -> list[TicketLine]:
    shown = list(tickets)
    behind = is_any_late(shown, now) and queries.is_outage_ahead()
    return [
        TicketLine(
            ticket,
            colour(ticket.status),
            standing_words(ticket.status),
            promise(ticket, now, behind_outage=behind),
            who_is_on(ticket),
        )
        for ticket in shown
    ]


def service_lines(services: Iterable[Service], contact: Contact) -> list[ServiceLine]:
    return [
        ServiceLine(
            str(service.public_id),
            service.name,
            about_service(service, contact),
            service.get_status_display(),
            SERVICE_COLOURS.get(ServiceStatus(service.status), ""),
        )
        for service in services
    ]


def about_service(service: Service, contact: Contact) -> str:
    """What kind it is, by which plan, and whose where it is not of the contact's own customer."""
    plan = gettext("plan %(name)s") % {"name": service.plan} if service.plan else ""
    whose = "" if service.customer_id == contact.customer_id else service.customer.name
    return " · ".join(filter(None, (service.get_kind_display(), plan, whose)))


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
