"""The mails of a ticket: answers to the requester and accepted followers, word of an analysis, alarms to staff.

All of them are rows of the outbox, in the transaction of what caused them. Only public messages are read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.customers.enums import Notice
from sportello.customers.models import Contact
from sportello.customers.queries import primary_address, primary_addresses
from sportello.mail import actions as mail
from sportello.mail import composition
from sportello.mail.composition import AttachedFile
from sportello.mail.enums import OutboundKind, Purpose
from sportello.mail.headers import KEPT_REFERENCES
from sportello.mail.models import Mailbox, OutboundMail
from sportello.tickets.enums import FollowerRole, OrderKind
from sportello.tickets.models import Message, Order, Ticket
from sportello.triage.enums import AlarmStep
from sportello.triage.rules import PRESALES

SINGLY = 3
"""So many alarms come to a person as mails of their own; of more at once, one mail tells all."""


# -- to the customer ---------------------------------------------------------------------------------------------------------------------
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
    """The requester and the accepted followers, but for those who want no such mail."""
    requester = [] if Notice.NEWS in ticket.contact.muted else [ticket.contact]
    return list({contact.pk: contact for contact in (*requester, *_following(ticket))}.values())


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

    One who came in Cc and was not accepted gets nothing.
    """
    requester = "" if notice in ticket.contact.muted else primary_address(ticket.contact)
    return [*_addressed(ticket, [ticket.contact], {ticket.contact.pk: requester}), *_followers(ticket)]


def _followers(ticket: Ticket) -> list[_Addressee]:
    contacts = _following(ticket)
    return sorted(_addressed(ticket, contacts, primary_addresses(contacts)))


def _addressed(ticket: Ticket, readers: Iterable[Contact], addresses: Mapping[int, str]) -> list[_Addressee]:
    """Those of them who have an address."""
    return [
        _Addressee(address, reader.name, way_in(ticket, reader))
        for reader in readers
        if (address := addresses.get(reader.pk, ""))
    ]


def _following(ticket: Ticket) -> list[Contact]:
    accepted = ticket.followers.filter(contact__isnull=False).exclude(role=FollowerRole.COPY).select_related("contact")
    followers = accepted.exclude(contact=ticket.contact_id)
    return [row.contact for row in followers if row.contact and not _is_muted(row.contact)]


def _is_muted(contact: Contact) -> bool:
    return Notice.FOLLOWED in contact.muted


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
    )


# -- to staff ----------------------------------------------------------------------------------------------------------------------------
class Ringing(NamedTuple):
    """An alarm of a ticket."""

    ticket: Ticket
    step: AlarmStep


def alarms(rung: Iterable[Ringing], *, now: datetime) -> list[OutboundMail]:
    """Mail alarms to whoever has the ticket, else to its team, else to all who may answer; and to the addresses set for alarms.

    Whoever would get more than three at once gets one mail that lists them: a thousand late tickets are no reason for thousands of mails.
    """
    writers, heard = list(everyone_who_answers()), defaultdict[Reader, list[Ringing]](list)
    for one in rung:
        for reader in alarm_readers(_who_answers(one.ticket, writers)):
            heard[reader].append(one)
    return [sent for reader, theirs in heard.items() for sent in _ring(theirs, reader, now)]


def alarm_readers(staff: Iterable[User]) -> list[Reader]:
    """These people and the addresses set for alarms, each once."""
    readers = [Reader(user.email, user.name, user.language) for user in staff]
    others = [Reader(address, "", settings.LANGUAGE_CODE) for address in map(str.strip, settings.ALARM_MAIL.split(","))]
    return list(dict.fromkeys([*readers, *(other for other in others if other.address)]))


def _ring(rung: list[Ringing], reader: Reader, now: datetime) -> Iterator[OutboundMail]:
    for some in [rung] if len(rung) > SINGLY else ([one] for one in rung):
        mailbox = next(filter(None, (mailbox_of(one.ticket) for one in some)), None)
        if mailbox is not None:
            subject, text = _alarm_subject(some, reader.language), _alarm_text(some, reader.language)
            yield to_staff(reader, subject, text, kind=OutboundKind.ALARM, mailbox=mailbox, now=now)


def undelivered(*, message: Message, address: str, reason: str, now: datetime) -> OutboundMail | None:
    """Tell the author that an answer did not reach somebody. None where a program wrote it, or its author is no longer here."""
    ticket, author = message.ticket, message.user
    mailbox = mailbox_of(ticket)
    if mailbox is None or author is None or not author.is_active:
        return None
    reader = Reader(author.email, author.name, author.language)
    with translation.override(reader.language):
        subject = _("Not delivered: #%(number)s %(subject)s") % {"number": ticket.number, "subject": ticket.subject}
    text = composition.write(
        "tickets/undelivered.txt",
        language=reader.language,
        number=ticket.number,
        subject=ticket.subject,
        address=address,
        reason=reason,
        link=_link(ticket),
    )
    return to_staff(reader, subject, text, kind=OutboundKind.NOTICE, mailbox=mailbox, now=now)


class Reader(NamedTuple):
    """Somebody of the staff."""

    address: str
    name: str
    language: str


def to_staff(
    reader: Reader, subject: str, text: str, *, kind: OutboundKind, mailbox: Mailbox, now: datetime
) -> OutboundMail:
    return mail.enqueue(
        mailbox=mailbox,
        kind=kind,
        to=reader.address,
        to_name=reader.name,
        subject=subject,
        text=text,
        language=reader.language,
        now=now,
        automatic=True,
    )


def _alarm_subject(rung: Sequence[Ringing], language: str) -> str:
    with translation.override(language):
        if len(rung) == 1:
            return _alarm_line(*rung[0])
        words = _("%(number)s requests need an answer now, among them #%(first)s")
        return words % {"number": len(rung), "first": rung[0].ticket.number}


def _alarm_line(ticket: Ticket, step: AlarmStep) -> str:
    return f"{_alarm_words(step)}: #{ticket.number} {ticket.subject}"


def _alarm_text(rung: Sequence[Ringing], language: str) -> str:
    with translation.override(language):
        told = [
            {
                "line": _alarm_line(ticket, step),
                "customer": ticket.customer.name if ticket.customer else ticket.contact.name,
                "service": ticket.service.name if ticket.service else "",
                "assignee": ticket.assignee.name if ticket.assignee else "",
                "due": composition.when(ticket.due_at, language=language) if ticket.due_at else "",
                "link": _link(ticket),
            }
            for ticket, step in rung
        ]
    return composition.write("tickets/alarm.txt", language=language, rung=told)


def _link(ticket: Ticket) -> str:
    return f"{settings.PUBLIC_URL}{reverse('desk:ticket', args=[ticket.public_id])}"


def _alarm_words(step: AlarmStep) -> str:
    return {
        AlarmStep.FIVE_MINUTES_LEFT: _("Five minutes left"),
        AlarmStep.TWO_MINUTES_LEFT: _("Two minutes left"),
        AlarmStep.MISSED: _("The answer is late"),
    }[step]


def everyone_who_answers() -> QuerySet[User]:
    return User.objects.filter(is_active=True, role__in=[Role.ADMIN, Role.AGENT]).order_by("pk")


def _who_answers(ticket: Ticket, writers: list[User]) -> list[User]:
    """Of those who may answer."""
    if ticket.assignee_id is not None and (found := [one for one in writers if one.pk == ticket.assignee_id]):
        return found
    if ticket.team_id is not None and (found := [one for one in writers if one.team_id == ticket.team_id]):
        return found
    return writers
