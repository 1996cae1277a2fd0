"""The receipt: what was understood of a request, and until when the answer is due. A program writes it, and says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.customers.enums import Notice
from sportello.customers.queries import primary_address
from sportello.intake.shares import may_send_receipt
from sportello.mail import actions as mail
from sportello.mail import composition, headers
from sportello.mail.enums import OutboundKind
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.mail.queries.mailboxes import mailbox_for_notices, presales_address
from sportello.mail.reasons import words
from sportello.tickets.enums import Channel
from sportello.tickets.models import Ticket
from sportello.tickets.notifications import Reader, alarm_readers, everyone_who_answers, to_staff, way_in
from sportello.triage.enums import ReasonCode
from sportello.triage.rules import PRESALES

ONE_WITHIN = timedelta(hours=1)
SUBJECT_LENGTH = 80
_ADDRESS_LIKE = re.compile(r"\S*(?:://|www\.|@|\.[a-z]{2,}/)\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Understood:
    """What the receipt says of a request.

    `subject` is empty when the sender is not known: a stranger's words are never sent on. `for_customers` is support, as against questions
    before buying [cover.customers]. `presales` is where such a question goes, told to strangers who wrote to support. `work_until` is when planned
    work on its service ends, for which the answer waits.
    """

    number: int
    subject: str
    service: str
    precedence: str
    due: str
    outside_hours: bool
    work_until: str
    is_customer: bool
    for_customers: bool
    presales: str = ""


_TEMPLATES = {OutboundKind.RECEIPT: "intake/receipt.txt", OutboundKind.NOTICE: "intake/joined.txt"}


def acknowledge(
    *, ticket: Ticket, now: datetime, mailbox: Mailbox | None = None, inbound: InboundMail | None = None
) -> OutboundMail | None:
    """Put the receipt for a new request in the outbox. None when there is to be none.

    None to the sender of a mail who was not verified (the address may be a victim's), to whoever wants none, to mail taken in as "receive
    only", where no mailbox answers, to an address that had one within the hour (RFC 3834, 2), or once the hour's receipts are used up.
    """
    mailbox = mailbox or ticket.mailbox
    address = inbound.sender if inbound else primary_address(ticket.contact)
    if mailbox is None or not address or not may_be_answered(ticket, inbound):
        return None
    with transaction.atomic(savepoint=False):
        if not mail.first_receipt(address=address, within=ONE_WITHIN, now=now):
            return None
        if not may_send_receipt(
            kind=OutboundKind.RECEIPT, address=address, is_customer=ticket.customer_id is not None, now=now
        ):
            return None
        return _put_in_outbox(OutboundKind.RECEIPT, ticket, ticket, mailbox, inbound, address, now)


def tell_joined(
    ticket: Ticket, target: Ticket, *, now: datetime, inbound: InboundMail | None = None
) -> OutboundMail | None:
    """Tells the sender of `ticket` that it was added to `target`, and how to say that it is another problem.

    Told where a receipt might be, once an hour for an address: somebody who writes twice within the hour had a receipt already, which named
    the other ticket alone.
    """
    mailbox, address = target.mailbox or ticket.mailbox, inbound.sender if inbound else primary_address(ticket.contact)
    if mailbox is None or not address or not may_be_answered(ticket, inbound):
        return None
    with transaction.atomic(savepoint=False):
        if not mail.first_since(kind=OutboundKind.NOTICE, address=address, since=now - ONE_WITHIN):
            return None
        if not may_send_receipt(
            kind=OutboundKind.NOTICE, address=address, is_customer=ticket.customer_id is not None, now=now
        ):
            return None
        return _put_in_outbox(OutboundKind.NOTICE, ticket, target, mailbox, inbound, address, now)


def may_be_answered(ticket: Ticket, inbound: InboundMail | None) -> bool:
    """A call is told of at the address on file, whoever it was that used the contact's name."""
    if Notice.RECEIPT in ticket.contact.muted:
        return False
    if inbound is None and ticket.channel == Channel.PHONE:
        return True
    return ticket.sender_verified and (inbound is None or inbound.answers_allowed)


def _put_in_outbox(
    kind: OutboundKind,
    ticket: Ticket,
    about: Ticket,
    mailbox: Mailbox,
    inbound: InboundMail | None,
    address: str,
    now: datetime,
) -> OutboundMail:
    """To the sender of `ticket`, of what became of it: `about` is the ticket that it is in."""
    message_id = inbound.message_id if inbound else ""
    seen = understood(about)
    return mail.enqueue(
        mailbox=mailbox,
        kind=kind,
        to=address,
        to_name=ticket.contact.name if seen.is_customer else "",
        subject=_subject(seen, ticket.language),
        text=composition.write(_TEMPLATES[kind], language=ticket.language, request=seen),
        language=ticket.language,
        now=now,
        reference=str(about.public_id),
        in_reply_to=message_id,
        references=[message_id],
        automatic=True,
        foot=way_in(about, ticket.contact),
    )


def understood(ticket: Ticket) -> Understood:
    """What is told of a ticket, in its language."""
    is_customer, for_customers = ticket.customer_id is not None, ticket.queue.slug != PRESALES
    with translation.override(ticket.language):
        precedence = _precedence(ticket)
    return Understood(
        number=ticket.number,
        subject=quotable(ticket.subject) if is_customer else "",
        service=ticket.service.name if ticket.service else "",
        precedence=precedence,
        due=composition.when(ticket.due_at, language=ticket.language) if ticket.due_at else "",
        outside_hours=any(code == ReasonCode.CLOCK_OUTSIDE_HOURS for code, _params in ticket.reasons),
        work_until=_work_until(ticket),
        is_customer=is_customer,
        for_customers=for_customers,
        presales=_way_to_presales() if for_customers and not is_customer else "",
    )


def _work_until(ticket: Ticket) -> str:
    """Empty where the due time has nothing to do with planned work [one.patience]."""
    ends = [params["until"] for code, params in ticket.reasons if code == ReasonCode.CLOCK_PLANNED_WORK]
    return composition.when(datetime.fromisoformat(ends[-1]), language=ticket.language) if ends else ""


def _way_to_presales() -> str:
    """The mail address for questions before buying, else the public form."""
    return presales_address() or f"{settings.PUBLIC_URL}{reverse('presales')}"


def quotable(subject: str) -> str:
    """A subject that may be sent back: one short line, without anything that a mail program would make a link of."""
    line = headers.clean(_ADDRESS_LIKE.sub("…", headers.clean(subject, 300)), 300)
    return line if len(line) <= SUBJECT_LENGTH else f"{line[: SUBJECT_LENGTH - 1].rstrip()}…"


def _subject(seen: Understood, language: str) -> str:
    tag = f"[#{seen.number}]"
    if not seen.subject:
        with translation.override(language):
            words = _("We have received your request")
        return f"{words} {tag}"
    begun = seen.subject.lower().startswith("re:")
    return f"{'' if begun else 'Re: '}{seen.subject.replace(tag, '').rstrip()} {tag}"


def _precedence(ticket: Ticket) -> str:
    """[promise.outage] [reach.presales]"""
    if ticket.is_outage:
        return _("before all others, because a service cannot be used at all")
    if ticket.queue.slug == PRESALES:
        return _("among the questions before buying, apart from customer support")
    return _(
        "in the order in which answers are due; only requests about a service that cannot be used at all come before"
    )


# -- to staff ------------------------------------------------------------------------------------------------------------
def tell_undecided(*, mails: Sequence[InboundMail], now: datetime) -> list[OutboundMail]:
    """One mail about all of them to everybody who may decide, and to the addresses set for alarms; none where no mailbox is active."""
    mailbox = mailbox_for_notices()
    if mailbox is None:
        return []
    return [_undecided(mails, reader, mailbox, now) for reader in alarm_readers(everyone_who_answers())]


def _undecided(mails: Sequence[InboundMail], reader: Reader, mailbox: Mailbox, now: datetime) -> OutboundMail:
    with translation.override(reader.language):
        subject = ngettext(
            "A held mail waits for a decision", "%(count)d held mails wait for a decision", len(mails)
        ) % {"count": len(mails)}
        lines = [
            (mail.sender, headers.clean(mail.subject, 200), words(mail.reason, mail.reason_params), _page_of(mail))
            for mail in mails
        ]
    text = composition.write("intake/undecided.txt", language=reader.language, words=subject, mails=lines)
    return to_staff(reader, subject, text, kind=OutboundKind.ALARM, mailbox=mailbox, now=now)


def _page_of(mail: InboundMail) -> str:
    return f"{settings.PUBLIC_URL}{reverse('desk:mail', args=[mail.public_id])}"
