"""A request becomes a ticket, whichever way it came: mail, customer area, telephone, desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.statements import insert, insert_all
from sportello.customers.models import Contact
from sportello.mail.models import Mailbox
from sportello.services.models import Service
from sportello.tickets import notifications
from sportello.tickets.actions.changing import Value, tell
from sportello.tickets.actions.clocks import settle
from sportello.tickets.actions.planned import begin_in_work, begun_in_work
from sportello.tickets.actions.weighing import believe, describe_service
from sportello.tickets.actions.writing import Content, NewFile, attach, carried_by, compose
from sportello.tickets.enums import Author, Channel, EventKind, FollowerRole, LinkKind, Status
from sportello.tickets.models import Event, Follower, Link, Ticket
from sportello.tickets.permissions import check_can_write
from sportello.tickets.reasons import Stored, TicketReason
from sportello.tickets.rules import one_line
from sportello.triage.enums import Claim
from sportello.triage.models import Queue

SUBJECT_LENGTH = 300
NUMBERED = {"number": "nextval('tickets_number')"}
"""From a sequence: unique whoever else opens a ticket at this moment; a rolled back opening leaves a gap."""
HARDLY_EVER = (
    "merged_into_id",
    "overruled_by_id",
    "overruled_at",
    "claim_asked_at",
    "verdict_at",
    "told_due_at",
    "next_update_at",
    "waiting_since",
    "remind_at",
    "solved_at",
    "closed_at",
)
"""What a ticket does not have when it is opened stands in the statement: the driver reads one of more than fifty values anew each time."""


def open_ticket(
    *,
    subject: str,
    text: str,
    contact: Contact,
    queue: Queue,
    channel: Channel,
    now: datetime,
    by: User | None = None,
    author: Author = Author.CUSTOMER,
    attachments: Sequence[NewFile] = (),
    mailbox: Mailbox | None = None,
    service: Service | None = None,
    language: str = "it",
    copies: Sequence[Contact] = (),
    reasons: Sequence[Stored] = (),
    follow_up_of: Ticket | None = None,
    claim: Claim | None = None,
    **content: Unpack[Content],
) -> Ticket:
    """Opens a ticket with its first message and starts the first-answer clock [promise.first].

    `copies` were in copy: they are noted and see nothing until an agent accepts them. `reasons` are [code, figures]. `claim` is what the
    customer says of the harm. What follows another ticket is of the same customer, whichever customers its sender writes for.
    With `author=STAFF` it is the provider who writes first: no answer is owed, and the message is sent by mail. No answer is owed either to
    what a program wrote (`is_automatic`), which stands in the queue without a clock.
    """
    check_can_write(by)
    customer = follow_up_of.customer if follow_up_of else None
    if customer is not None and service is not None and service.customer_id != customer.pk:
        service = None
    ticket = begin(
        subject=subject,
        contact=contact,
        queue=queue,
        mailbox=mailbox,
        channel=channel,
        service=service,
        language=language,
        reasons=[*reasons, *_follow_up_reason(follow_up_of)],
        now=now,
    )
    ticket.customer = customer or ticket.customer
    believe(ticket, claim, now)
    ticket.sender_verified = not content.get("is_unverified", False)
    if author != Author.CUSTOMER:
        _owe_nothing(ticket, by, now)
    elif content.get("is_automatic"):
        ticket.first_answered_at, ticket.customer_waits_since = now, None
    message = compose(
        ticket, author=author, channel=channel, text=text, now=now, by=by, contact=contact, content=content
    )
    begin_in_work(ticket, now)
    settle(ticket)
    with transaction.atomic(savepoint=False):
        insert(ticket, given=NUMBERED | {name: "NULL" for name in HARDLY_EVER if getattr(ticket, name) is None})
        message.ticket = ticket
        told: dict[str, Value] = {"channel": channel, "number": ticket.number}
        opened = Event(ticket=ticket, at=now, kind=EventKind.OPENED, user=by, contact=contact, data=told)
        insert_all(message, opened, *begun_in_work(ticket, now), *_followers(ticket, copies, now))
        attach(ticket, attachments, message=message)
        if follow_up_of is not None:
            Link.objects.create(source=ticket, target=follow_up_of, kind=LinkKind.FOLLOW_UP, created_at=now)
        if author == Author.STAFF:
            sent = notifications.answer(ticket=ticket, message=message, by=by, not_before=now, now=now)
            carried_by(message, sent)
        tell(ticket)
    return ticket


def begin(
    *,
    subject: str,
    contact: Contact,
    queue: Queue,
    mailbox: Mailbox | None,
    channel: str,
    service: Service | None,
    language: str,
    reasons: Sequence[Stored],
    now: datetime,
) -> Ticket:
    """A ticket with a running first-answer clock, not saved and without a message and a number yet.

    Who was withdrawn writes for nobody any more: their ticket is of no customer, as a stranger's.
    """
    theirs = contact.customer if contact.is_active else None
    ticket = Ticket(
        subject=one_line(subject, SUBJECT_LENGTH) or _("(no subject)"),
        queue=queue,
        mailbox=mailbox,
        channel=channel,
        status=Status.NEW,
        customer=service.customer if service else theirs,
        contact=contact,
        service=service,
        language=language,
        reasons=[list(reason) for reason in reasons],
        opened_at=now,
        updated_at=now,
        customer_waits_since=now,
        version=0,
    )
    describe_service(ticket, service)
    return ticket


def _owe_nothing(ticket: Ticket, by: User | None, now: datetime) -> None:
    """The provider writes first: it is theirs who wrote, and no answer is due."""
    ticket.status, ticket.assignee = Status.OPEN, by
    ticket.first_answered_at, ticket.last_update_at, ticket.customer_waits_since = now, now, None


def _follow_up_reason(earlier: Ticket | None) -> list[Stored]:
    return [] if earlier is None else [[str(TicketReason.FOLLOW_UP), {"number": earlier.number}]]


def _followers(ticket: Ticket, copies: Sequence[Contact], now: datetime) -> list[Follower]:
    roles = {contact.pk: FollowerRole.COPY for contact in copies}
    roles[ticket.contact_id] = FollowerRole.REQUESTER
    return [Follower(ticket=ticket, contact_id=contact_id, role=role, since=now) for contact_id, role in roles.items()]
