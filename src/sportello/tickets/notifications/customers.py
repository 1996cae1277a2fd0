"""Mails to the requester and accepted followers: answers, word of an analysis, what is to be confirmed. Only public messages are read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.customers.enums import Notice
from sportello.customers.models import Contact
from sportello.customers.queries import primary_addresses
from sportello.mail import actions as mail
from sportello.mail import composition
from sportello.mail.composition import AttachedFile
from sportello.mail.enums import OutboundKind, Purpose
from sportello.mail.headers import KEPT_REFERENCES
from sportello.mail.models import Mailbox, OutboundMail
from sportello.tickets.enums import OrderKind
from sportello.tickets.models import Message, Order, Ticket
from sportello.tickets.queries.public import mailed_readers
from sportello.triage.rules import PRESALES


def answer(
    *, ticket: Ticket, message: Message, by: User | None, not_before: datetime, now: datetime
) -> OutboundMail | None:
    """Put a public message in the outbox: the requester's row, which is returned, and a copy for each accepted follower.

    None without a mailbox or an address: the message is then read in the customer area only.
    """
    return _send(
        ticket,
        kind=OutboundKind.REPLY,
        text=message.text,
        attachments=_files(message),
        signature_name=by.name if by else "",
        not_before=not_before,
        now=now,
    )


def analysis_started(*, ticket: Ticket, now: datetime) -> OutboundMail | None:
    """Tell the customer that the request is in analysis and until when they hear more [promise.analysis]."""
    return _send(ticket, kind=OutboundKind.NOTICE, text=analysis_text(ticket), automatic=True, not_before=now, now=now)


def delayed(*, ticket: Ticket, now: datetime) -> OutboundMail | None:
    """Tell the customer that an outage comes first, and of the new time [promise.delay]."""
    return _send(ticket, kind=OutboundKind.NOTICE, text=delay_text(ticket), automatic=True, not_before=now, now=now)


def readers_of_news(ticket: Ticket) -> list[Contact]:
    """The requester and the accepted followers who may still read it, but for those who want no such mail."""
    return _who_want(ticket, Notice.NEWS)


def informed(*, ticket: Ticket, text: str, readers: Sequence[Contact], now: datetime) -> OutboundMail | None:
    """Tell these readers what is known of the outage that their request is about; None where nobody is mailed."""
    mailbox, addresses = mailbox_of(ticket), primary_addresses(readers) if readers else {}
    if mailbox is None or not addresses:
        return None
    letter = _letter(ticket, mailbox, kind=OutboundKind.NOTICE, text=text, automatic=True, not_before=now, now=now)
    return _to_each(letter, _addressed(ticket, readers, addresses))


def claim_unconfirmed(*, ticket: Ticket, now: datetime) -> OutboundMail | None:
    """Ask the customer what would help to see the outage that they speak of [promise.outage]."""
    return _send(ticket, kind=OutboundKind.NOTICE, text=claim_text(ticket), automatic=True, not_before=now, now=now)


def claim_text(ticket: Ticket) -> str:
    """What the customer is asked, in the ticket's language."""
    return composition.write(
        "tickets/claim.txt", language=ticket.language, number=ticket.number, verdict=ticket.verdict
    )


def delay_text(ticket: Ticket) -> str:
    """What the customer is told of a ticket with a later time, in its language."""
    due, until = (
        composition.when(at, language=ticket.language) if at else "" for at in (ticket.due_at, ticket.told_due_at)
    )
    return composition.write("tickets/delay.txt", language=ticket.language, number=ticket.number, due=due, until=until)


def analysis_text(ticket: Ticket) -> str:
    """What the customer is told when an analysis starts, or its next update was moved, in the ticket's language."""
    due = composition.when(ticket.next_update_at, language=ticket.language) if ticket.next_update_at else ""
    return composition.write("tickets/analysis.txt", language=ticket.language, number=ticket.number, due=due)


class _Letter(TypedDict):
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
    automatic: bool
    not_before: datetime
    signature_name: str


def _send(
    ticket: Ticket,
    *,
    kind: OutboundKind,
    text: str,
    not_before: datetime,
    now: datetime,
    attachments: list[AttachedFile] | None = None,
    signature_name: str = "",
    automatic: bool = False,
) -> OutboundMail | None:
    mailbox, readers = mailbox_of(ticket), _readers(ticket, Notice.NEWS if automatic else Notice.ANSWER)
    if mailbox is None or not readers:
        return None
    letter = _letter(
        ticket,
        mailbox,
        kind=kind,
        text=text,
        not_before=not_before,
        now=now,
        attachments=attachments,
        signature_name=signature_name,
        automatic=automatic,
    )
    return _to_each(letter, readers)


def _letter(
    ticket: Ticket,
    mailbox: Mailbox,
    *,
    kind: OutboundKind,
    text: str,
    not_before: datetime,
    now: datetime,
    attachments: list[AttachedFile] | None = None,
    signature_name: str = "",
    automatic: bool = False,
) -> _Letter:
    thread = _thread(ticket)
    return _Letter(
        mailbox=mailbox,
        kind=kind,
        subject=_subject(ticket, is_first=not thread.references),
        text=text,
        language=ticket.language,
        now=now,
        reference=str(ticket.public_id),
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        attachments=attachments or [],
        automatic=automatic,
        not_before=not_before,
        signature_name=signature_name,
    )


class _Addressee(NamedTuple):
    """A person that a message goes to; `foot` is theirs alone."""

    address: str
    name: str
    foot: str


def _to_each(letter: _Letter, readers: Sequence[_Addressee]) -> OutboundMail | None:
    """One row a reader; each sees in Cc who else gets it."""
    first: OutboundMail | None = None
    for address, name, foot in readers:
        others = [other.address for other in readers if other.address != address]
        sent = mail.enqueue(to=address, to_name=name, cc=others, copy_of=first, foot=foot, **letter)
        first = first or sent
    return first


def way_in(ticket: Ticket, reader: Contact) -> str:
    """Where in the customer area they follow the ticket, as one line in their language; empty for whoever is no customer's person.

    It is the ordinary address, which asks for sign-in: whoever else reads the mail gets no further by it.
    """
    if reader.customer_id is None or not reader.is_active:
        return ""
    with translation.override(reader.language):
        words = _("Follow this request, hand over a password safely and rate our help in the customer area:")
    return f"{words} {settings.PUBLIC_URL}{reverse('portal:ticket', args=[ticket.public_id])}"


def mailbox_of(ticket: Ticket) -> Mailbox | None:
    """The mailbox a ticket is answered from: its own, else the one for its queue."""
    if ticket.mailbox is not None:
        return ticket.mailbox
    purpose = Purpose.PRESALES if ticket.queue.slug == PRESALES else Purpose.SUPPORT
    active = Mailbox.objects.filter(is_active=True)
    return active.filter(purpose=purpose).first() or active.first()


@dataclass(frozen=True, slots=True)
class _Thread:
    """`in_reply_to` is the customer's last mail, else our own; `references` are the first mail and the newest, oldest first."""

    in_reply_to: str
    references: list[str]


def _thread(ticket: Ticket) -> _Thread:
    rows = ticket.messages.order_by("-created_at", "-id").values_list("inbound__message_id", "outbound__message_id")
    first, newest = list(rows.reverse()[:1]), list(rows[:KEPT_REFERENCES])
    references = [mail_id for pair in (*first, *reversed(newest)) for mail_id in pair if mail_id]
    from_customer = [inbound for inbound, _outbound in newest if inbound]
    return _Thread(
        in_reply_to=(from_customer or references[-1:] or [""])[0], references=list(dict.fromkeys(references))
    )


def _readers(ticket: Ticket, notice: Notice) -> list[_Addressee]:
    """The requester and each accepted follower, but for those who want no such mail.

    One who came in Cc and was not accepted gets nothing, nor does who may not read the ticket any more.
    """
    readers = _who_want(ticket, notice)
    return _addressed(ticket, readers, primary_addresses(readers))


def _addressed(ticket: Ticket, readers: Iterable[Contact], addresses: Mapping[int, str]) -> list[_Addressee]:
    """Those of them who have an address."""
    return [
        _Addressee(address, reader.name, way_in(ticket, reader))
        for reader in readers
        if (address := addresses.get(reader.pk, ""))
    ]


def _who_want(ticket: Ticket, notice: Notice) -> list[Contact]:
    """Of those whom it may be mailed to; a follower's wish is one for all that is mailed to them."""
    return [
        each
        for each in mailed_readers(ticket)
        if (notice if each.pk == ticket.contact_id else Notice.FOLLOWED) not in each.muted
    ]


def _subject(ticket: Ticket, *, is_first: bool) -> str:
    tag = f"[#{ticket.number}]"
    subject = ticket.subject.replace(tag, "").strip()
    begun = is_first or subject.lower().startswith("re:")
    return f"{'' if begun else 'Re: '}{subject} {tag}"


def _files(message: Message) -> list[AttachedFile]:
    return [
        AttachedFile(name=file.name, content_type=file.content_type, sha256=file.sha256, size=file.size)
        for file in message.attachments.order_by("id")
    ]


def order_asked(*, order: Order, deciders: Iterable[Contact], now: datetime) -> list[OutboundMail]:
    """Tell those who may confirm what cannot be undone. What exactly it is stands in the customer area alone."""
    mailbox, people = mailbox_of(order.ticket), list(deciders)
    if mailbox is None:
        return []
    addresses = primary_addresses(people)
    return [_ask(order, each, addresses[each.pk], mailbox, now) for each in people if each.pk in addresses]


def _ask(order: Order, reader: Contact, address: str, mailbox: Mailbox, now: datetime) -> OutboundMail:
    with translation.override(reader.language):
        subject = _("To be confirmed: request #%(number)s") % {"number": order.ticket.number}
        kind = OrderKind(order.kind).label
    text = composition.write(
        "tickets/order_asked.txt",
        language=reader.language,
        number=order.ticket.number,
        customer=order.customer.name,
        kind=kind,
        until=composition.when(order.expires_at, language=reader.language),
        link=f"{settings.PUBLIC_URL}{reverse('portal:order', args=[order.public_id])}",
    )
    return mail.enqueue(
        mailbox=mailbox,
        kind=OutboundKind.NOTICE,
        to=address,
        to_name=reader.name,
        subject=subject,
        text=text,
        language=reader.language,
        now=now,
        automatic=True,
        reader={"order": order.pk},
    )
