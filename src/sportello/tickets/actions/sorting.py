"""What it is about and where it belongs: queue, service, customer, subject, tags, links."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers.actions import attach_contact
from sportello.customers.actions import hold as hold_person
from sportello.customers.models import Customer
from sportello.services.models import Service
from sportello.tickets.actions.changing import changing, record
from sportello.tickets.actions.concerns import mark_stale
from sportello.tickets.actions.ordering import withdraw_all
from sportello.tickets.actions.weighing import about
from sportello.tickets.enums import EventKind, LinkKind
from sportello.tickets.models import Link, Tag, Ticket
from sportello.tickets.permissions import check_can_write
from sportello.tickets.reasons import TicketReason
from sportello.tickets.rules import one_line
from sportello.triage.models import Queue

ABOUT_SERVICE = frozenset(
    {TicketReason.SERVICE_MENTIONED, TicketReason.SERVICE_SENDER_DOMAIN, TicketReason.SERVICE_ONLY_ONE}
)
TAG_LENGTH = 40


def set_queue(*, ticket: Ticket, queue: Queue, by: User | None, now: datetime) -> None:
    """Moves it to another queue; what is promised there holds from when it was opened."""
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.queue_id != queue.pk:
            record(ticket, EventKind.QUEUE_CHANGED, now=now, by=by, before=ticket.queue.slug, after=queue.slug)
            ticket.queue = queue


def set_service(*, ticket: Ticket, service: Service | None, by: User | None, now: datetime) -> None:
    """Says which service it is about. Raises Refused("other-customer") for one of another customer."""
    check_can_write(by)
    with changing(ticket, now=now):
        if service is not None and service.customer_id != ticket.customer_id:
            raise Refused("other-customer", _("This service belongs to another customer."))
        if ticket.service_id != (service.pk if service else None):
            about(ticket, service)
            ticket.reasons = [reason for reason in ticket.reasons if reason[0] not in ABOUT_SERVICE]
            record(ticket, EventKind.SERVICE_CHANGED, now=now, by=by, name=service.name if service else "")


def set_customer(*, ticket: Ticket, customer: Customer, by: User | None, now: datetime) -> None:
    """Says whose ticket it is. A contact who was not known becomes one of this customer's.

    What waits for somebody of the old customer is taken back. Raises Refused("other-customer") when the contact writes for another one: two customers
    are never mixed.
    """
    check_can_write(by)
    with transaction.atomic():
        hold_person(ticket.contact)
        with changing(ticket, now=now):
            if ticket.customer_id == customer.pk:
                return
            attach_contact(contact=ticket.contact, customer=customer, by=by, now=now)
            withdraw_all(ticket=ticket, by=by, now=now)
            mark_stale(ticket.customer_id, customer.pk)
            ticket.customer = customer
            if ticket.service is not None and ticket.service.customer_id != customer.pk:
                about(ticket, None)
            record(ticket, EventKind.CUSTOMER_CHANGED, now=now, by=by, customer=customer.pk, name=customer.name)


def rename(*, ticket: Ticket, subject: str, by: User | None, now: datetime) -> None:
    """A subject that says what it is about. Raises Refused("empty")."""
    check_can_write(by)
    wanted = one_line(subject, 300)
    if not wanted:
        raise Refused("empty", _("A ticket needs a subject."))
    with changing(ticket, now=now):
        if ticket.subject != wanted:
            record(ticket, EventKind.RENAMED, now=now, by=by, before=ticket.subject, after=wanted)
            ticket.subject = wanted


def add_tag(*, ticket: Ticket, name: str, by: User | None, now: datetime) -> None:
    """Tags are in lower case; adding one twice changes nothing. Raises Refused("empty")."""
    check_can_write(by)
    wanted = one_line(name, TAG_LENGTH).lower()
    if not wanted:
        raise Refused("empty", _("A tag needs a name."))
    with changing(ticket, now=now):
        tag, _created = Tag.objects.select_for_update(no_key=True).get_or_create(name=wanted)
        if not ticket.tags.filter(pk=tag.pk).exists():
            ticket.tags.add(tag)
            record(ticket, EventKind.TAGGED, now=now, by=by, tag=wanted)


def remove_tag(*, ticket: Ticket, name: str, by: User | None, now: datetime) -> None:
    check_can_write(by)
    with changing(ticket, now=now):
        tag = ticket.tags.filter(name=name.strip().lower()).first()
        if tag is not None:
            ticket.tags.remove(tag)
            record(ticket, EventKind.UNTAGGED, now=now, by=by, tag=tag.name)


def link(*, source: Ticket, target: Ticket, by: User | None, now: datetime, kind: LinkKind = LinkKind.RELATED) -> None:
    """Says that two tickets have to do with each other; linking twice changes nothing. Raises Refused("itself")."""
    check_can_write(by)
    if source.pk == target.pk:
        raise Refused("itself", _("A ticket cannot be linked to itself."))
    with changing(source, now=now):
        _row, created = Link.objects.get_or_create(
            source=source, target=target, kind=kind, defaults={"created_at": now}
        )
        if created:
            record(source, EventKind.LINKED, now=now, by=by, other=str(target.public_id), number=target.number)


def unlink(*, link: Link, by: User | None, now: datetime) -> None:
    """Takes a link away; that one ticket follows or was split from another stays in the events."""
    check_can_write(by)
    with changing(link.source, now=now) as ticket:
        deleted, _rows = Link.objects.filter(pk=link.pk).delete()
        if deleted:
            other = link.target
            record(ticket, EventKind.UNLINKED, now=now, by=by, other=str(other.public_id), number=other.number)
