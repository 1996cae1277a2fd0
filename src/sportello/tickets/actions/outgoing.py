"""A public message becomes mail: one outbox row for the requester, a copy for each follower, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sportello.accounts.models import User
from sportello.customers.queries import primary_address, primary_addresses
from sportello.mail import actions as mail
from sportello.mail.composition import AttachedFile
from sportello.mail.enums import OutboundKind, Purpose
from sportello.mail.models import Mailbox
from sportello.tickets.enums import FollowerRole
from sportello.tickets.models import Message, Ticket
from sportello.triage.rules import PRESALES

MOST_REFERENCES = 20


def send(ticket: Ticket, message: Message, *, by: User | None, not_before: datetime, now: datetime) -> None:
    """Puts the message into the outbox. Without a mailbox or an address it is read in the customer area only."""
    mailbox, requester = ticket.mailbox or default_mailbox(ticket.queue.slug), primary_address(ticket.contact)
    if mailbox is None or not requester:
        return
    letter = _letter(ticket, message, mailbox, by, now, not_before)
    followers = _followers(ticket, requester)
    message.outbound = mail.enqueue(to=requester, to_name=ticket.contact.name, cc=followers, **letter)
    message.save(update_fields=["outbound"])
    for follower in followers:
        others = [requester, *(address for address in followers if address != follower)]
        mail.enqueue(to=follower, cc=others, copy_of=message.outbound, **letter)


class Letter(TypedDict):
    """What is the same for every reader of one message."""

    mailbox: Mailbox
    kind: OutboundKind
    subject: str
    text: str
    language: str
    now: datetime
    reference: str
    in_reply_to: str
    references: list[str]
    attachments: list[AttachedFile]
    not_before: datetime
    signature_name: str


def _letter(
    ticket: Ticket, message: Message, mailbox: Mailbox, by: User | None, now: datetime, not_before: datetime
) -> Letter:
    earlier = message_ids(ticket)
    return Letter(
        mailbox=mailbox,
        kind=OutboundKind.REPLY,
        subject=_subject(ticket, earlier),
        text=message.text,
        language=ticket.language,
        now=now,
        reference=str(ticket.public_id),
        in_reply_to=earlier[-1] if earlier else "",
        references=earlier,
        attachments=_files(message),
        not_before=not_before,
        signature_name=by.name if by else "",
    )


def default_mailbox(queue: str) -> Mailbox | None:
    """Where a ticket that did not come by mail is answered from."""
    purpose = Purpose.PRESALES if queue == PRESALES else Purpose.SUPPORT
    active = Mailbox.objects.filter(is_active=True)
    return active.filter(purpose=purpose).first() or active.first()


def message_ids(ticket: Ticket) -> list[str]:
    """The Message-IDs of the newest mails of a ticket, oldest first, for References."""
    newest = ticket.messages.order_by("-created_at", "-id").values_list("inbound__message_id", "outbound__message_id")
    found = [inbound or outbound for inbound, outbound in newest[:MOST_REFERENCES]]
    return [message_id for message_id in reversed(found) if message_id]


def _followers(ticket: Ticket, requester: str) -> tuple[str, ...]:
    accepted = ticket.followers.filter(contact__isnull=False).exclude(role=FollowerRole.COPY)
    contacts = [follower.contact for follower in accepted.select_related("contact") if follower.contact]
    addresses = primary_addresses(contacts)
    return tuple(sorted(set(addresses.values()) - {requester}))


def _subject(ticket: Ticket, earlier: Sequence[str]) -> str:
    begun = ticket.subject.lower().startswith("re:")
    prefix = "Re: " if earlier and not begun else ""
    return f"{prefix}{ticket.subject} [#{ticket.number}]"


def _files(message: Message) -> list[AttachedFile]:
    return [
        AttachedFile(name=file.name, content_type=file.content_type, sha256=file.sha256, size=file.size)
        for file in message.attachments.order_by("id")
    ]
