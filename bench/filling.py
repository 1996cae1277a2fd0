"""Fills a database with many tickets in bulk: the rows that the pages read, as the desk's own actions leave them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from bench.cast import AGENT, CUSTOMERS, PASSWORD, SUPPORT
from bench.words import Writer
from sportello.accounts.actions import create_user
from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.customers.models import Contact, ContactAddress, Customer
from sportello.mail.models import Mailbox
from sportello.services.enums import ServiceKind
from sportello.services.models import Server, Service
from sportello.tickets.enums import Author, Channel, EventKind, Status
from sportello.tickets.models import Event, Message, Ticket
from sportello.triage.enums import QueueGroup
from sportello.triage.models import Queue

MESSAGES = 5
LONG = 20  # messages of the one ticket in five hundred that the ticket page is measured on
LONG_EVERY = 500
OPEN_EVERY = 20
BATCH = 2000
SPAN = timedelta(days=3 * 365)


def fill(tickets: int, now: datetime) -> None:
    """`tickets` tickets of five messages each, one in twenty on the desk, of two thousand customers."""
    writer = Writer()
    agent = create_user(email=AGENT, name="Ada Bench", role=Role.AGENT, password=PASSWORD, by=None, now=now)
    mailbox = Mailbox.objects.create(address=SUPPORT, display_name="Bench")
    contacts, services = _customers(min(CUSTOMERS, tickets))
    queue = Queue.objects.get(slug="support")
    for start in range(0, tickets, BATCH):
        chunk = range(start, min(start + BATCH, tickets))
        rows = [
            _ticket(index, tickets, writer, queue, mailbox, contacts[index % len(contacts)], services, agent, now)
            for index in chunk
        ]
        Ticket.objects.bulk_create(rows)
        Message.objects.bulk_create(_messages(rows, writer, agent), batch_size=BATCH)
        Event.objects.bulk_create(
            Event(ticket=row, at=row.opened_at, kind=EventKind.OPENED, data={"channel": "mail", "number": row.number})
            for row in rows
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('tickets_number', %s)", [10_001 + tickets])
        cursor.execute("VACUUM ANALYZE")


def _customers(count: int) -> tuple[list[Contact], dict[int | None, Service]]:
    server = Server.objects.create(name="web-01", hostname="web-01.bench.example")
    customers = Customer.objects.bulk_create(Customer(name=f"Cliente {i}", code=f"B{i}") for i in range(count))
    contacts = Contact.objects.bulk_create(
        Contact(customer=row, name=f"Persona {i}") for i, row in enumerate(customers)
    )
    ContactAddress.objects.bulk_create(
        ContactAddress(contact=row, address=f"persona{i}@cliente{i}.example") for i, row in enumerate(contacts)
    )
    services = Service.objects.bulk_create(
        Service(customer=row, server=server, kind=ServiceKind.HOSTING, name=f"cliente{i}.example", plan="Base")
        for i, row in enumerate(customers)
    )
    return contacts, {service.customer_id: service for service in services}


def _ticket(
    index: int,
    total: int,
    writer: Writer,
    queue: Queue,
    mailbox: Mailbox,
    contact: Contact,
    services: dict[int | None, Service],
    agent: User,
    now: datetime,
) -> Ticket:
    opened = now - SPAN * ((total - index) / total)
    on_the_desk = index % OPEN_EVERY == 0
    due = now + timedelta(minutes=writer.below(240) - 20)
    return Ticket(
        number=10_001 + index,
        subject=writer.subject(),
        queue=queue,
        mailbox=mailbox,
        channel=Channel.MAIL,
        status=Status.OPEN if on_the_desk else Status.CLOSED,
        customer_id=contact.customer_id,
        contact=contact,
        service=services[contact.customer_id],
        assignee=agent if index % 3 else None,
        opened_at=opened,
        updated_at=opened + timedelta(hours=3),
        first_due_at=opened + timedelta(minutes=10),
        first_answered_at=opened + timedelta(minutes=6),
        closed_at=None if on_the_desk else opened + timedelta(days=8),
        group=QueueGroup.WAITING_FOR_US,
        due_at=due if on_the_desk else None,
        due_kind="next_response" if on_the_desk else "",
        snippet=writer.words(18)[:200],
        public_count=_length(index),
        version=_length(index),
    )


def _length(index: int) -> int:
    return LONG if index % LONG_EVERY == 0 else MESSAGES


def _messages(rows: list[Ticket], writer: Writer, agent: User) -> list[Message]:
    return [
        Message(
            ticket=row,
            author=Author.STAFF if turn % 2 else Author.CUSTOMER,
            user=agent if turn % 2 else None,
            contact=None if turn % 2 else row.contact,
            author_name=agent.name if turn % 2 else row.contact.name,
            channel=Channel.DESK if turn % 2 else Channel.MAIL,
            text=writer.text(),
            created_at=row.opened_at + timedelta(minutes=9 * turn),
        )
        for row in rows
        for turn in range(row.public_count)
    ]
